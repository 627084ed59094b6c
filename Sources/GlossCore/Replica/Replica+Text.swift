extension Replica {
    /// The text as it is. O(n).
    public var text: String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: textState.scalars)
        return String(text)
    }

    /// The text as it is, in scalars: the unit of all positions. O(n).
    public var scalars: [Unicode.Scalar] { textState.scalars }

    /// How many scalars the text has. O(1).
    public var textCount: Int { textState.list.visibleCount }

    /// The places of all characters in the text as it is.
    public var textIndex: TextIndex { textState.index }

    /// The text at an earlier version.
    ///
    /// - Parameter version: a frontier of known operations; unknown ones are passed over.
    /// - Complexity: O(operations).
    public func text(at version: [OpID]) -> String {
        string(of: index(at: history(of: version)))
    }

    /// The operations that a frontier names or follows from; unknown ones are passed over.
    func history(of version: [OpID]) -> VersionSet {
        log.graph.history(of: version.compactMap { log.version(of: $0) })
    }

    /// The places of all characters in the text made by the operations of `known`.
    func index(at known: VersionSet) -> TextIndex {
        textState.index(at: known, precedes: { log.precedes($0, $1) }) { id in
            log.version(of: id).map { known.contains($0) } ?? false
        }
    }

    func string(of index: TextIndex) -> String {
        string(of: index.versions(at: 0..<index.visibleCount))
    }

    func string(of parts: some Sequence<Range<LocalVersion>>) -> String {
        var text = String.UnicodeScalarView()
        for version in parts.joined() { text.append(textState.scalar(at: version)) }
        return String(text)
    }

    /// The visible characters of a range of the text as it is, as spans of ids.
    public func spans(at range: Range<Int>) -> [OpSpan] {
        textState.index.versions(at: range).flatMap { log.spans(of: $0) }
    }
}
