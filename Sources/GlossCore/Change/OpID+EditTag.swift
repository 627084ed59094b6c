/// Equal edits made apart count as one: what they insert has a tag in common, in the place where the
/// tag of an accepted suggestion stands.
extension Insertion {
    /// The suggestion that it accepts, if what it ``accepts`` is one and no edit's tag.
    public var suggestion: OpID? { accepts.flatMap { $0.isEditTag ? nil : $0 } }
}

extension Deletion {
    /// The suggestion that it accepts, if what it ``accepts`` is one and no edit's tag.
    public var suggestion: OpID? { accepts.flatMap { $0.isEditTag ? nil : $0 } }
}

extension OpID {
    /// Whether it tags an edit, and names no suggestion.
    public var isEditTag: Bool { seq == OpID.limit - 1 }

    /// The tag of text that is put between two characters: a hash of all that makes it this edit.
    /// The exact bytes are in Protocol/text.md.
    ///
    /// - Parameters:
    ///   - left: the character in front of all that the edit puts in there; `nil` at the start.
    ///   - right: the character behind it; `nil` at the end.
    ///   - part: how many insertions of the edit come before it there.
    ///   - replaces: the characters that it stands for.
    ///   - from: the characters that were moved here.
    static func editTag(
        between left: OpID?, and right: OpID?, part: Int, text: some Collection<Unicode.Scalar>,
        replaces: [OpSpan], from: [OpSpan]
    ) -> OpID {
        var hash = Hash64()
        for neighbour in [left, right] {
            hash.combine(byte: neighbour == nil ? 0 : 1)
            if let neighbour { hash.combine(neighbour) }
        }
        hash.combine(part)
        hash.combine(text.count)
        for scalar in text { hash.combine(UInt64(scalar.value)) }
        for spans in [replaces, from] {
            hash.combine(spans.reduce(0) { $0 + $1.count })
            for span in spans {
                for seq in span.start.seq..<span.endSeq {
                    hash.combine(OpID(agent: span.start.agent, seq: seq))
                }
            }
        }
        return OpID(agent: AgentID(rawValue: hash.finalize()), seq: OpID.limit - 1)
    }
}
