extension Replica {
    /// The text as it is. O(n).
    public var text: String { document.text }

    /// The text as it is, in scalars: the unit of all positions. O(n).
    public var scalars: [Unicode.Scalar] { document.scalars }

    /// How many scalars the text has. O(1).
    public var textCount: Int { document.textCount }

    /// The places of all characters in the text as it is.
    public var textIndex: TextIndex { document.textIndex }

    /// How many scalars stand before a character in the text as it is, or stood where it was deleted;
    /// `nil` for anything that is no character here.
    ///
    /// - Parameter index: ``textIndex`` of this replica.
    /// - Complexity: O(log n).
    public func offset(of character: OpID, in index: TextIndex) -> Int? {
        guard let version = document.version(of: character), index.contains(version) else {
            return nil
        }
        return index.offset(before: version)
    }

    /// The text at an earlier version.
    ///
    /// - Parameter version: a frontier of known operations; unknown ones are passed over.
    /// - Complexity: O(operations), one pass over the runs.
    public func text(at version: [OpID]) -> String { document.settledText(at: version) }

    /// The visible characters of a range of the text as it is, as spans of ids.
    public func spans(at range: Range<Int>) -> [OpSpan] {
        document.textIndex.versions(at: range).flatMap { document.spans(of: $0) }
    }
}
