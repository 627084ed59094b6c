extension Replica {
    /// Who typed what: the visible text in order, as stretches that one change inserted. O(runs).
    public func blame() -> [Document.Blame] { document.settledBlame() }

    /// Text that stood in the place of other text.
    public struct FormerText: Hashable, Sendable {
        /// The text; empty if nothing stood there.
        public let text: String
        /// Its characters, in order.
        public let characters: [OpSpan]
    }

    /// What stood in the place of some of the text before a change typed there.
    ///
    /// - Parameters:
    ///   - ranges: scalars of the text as it is, each with characters that the change typed.
    ///   - change: an operation of the change.
    /// - Returns: the former text for each range: what its author had before them between the
    ///   characters of the range, and what the change replaced with them. `nil` if the change is
    ///   not known.
    /// - Complexity: O(n) in operations once, and O(runs) for each range.
    public func formerText(of ranges: [Range<Int>], before change: OpID) -> [FormerText]? {
        guard let version = document.version(of: change) else { return nil }
        let own = document.changes.versions(of: document.changes.index(of: version))
        let known = document.graph.history(of: Array(document.graph.parents(of: own.lowerBound)))
        let before = document.index(at: known)
        let now = document.textIndex
        let replacements = now.replacements.filter { own.contains($0.inserted.lowerBound) }
        return ranges.map { range in
            var orders: Range<Int>?
            func cover(_ versions: Range<LocalVersion>) {
                for version in versions {
                    let order = now.order(of: version)
                    let lower = min(orders?.lowerBound ?? order, order)
                    orders = lower..<max(orders?.upperBound ?? 0, order + 1)
                }
            }
            let visible = now.versions(at: range)
            for part in visible { cover(part) }
            for replacement in replacements
            where visible.contains(where: { $0.overlaps(replacement.inserted) }) {
                for part in replacement.replaced { cover(part) }
            }
            let parts = before.versions(inOrder: orders ?? 0..<0)
                .filter(\.isVisible).map(\.versions)
            return FormerText(
                text: document.string(of: parts),
                characters: parts.flatMap { document.spans(of: $0) })
        }
    }
}
