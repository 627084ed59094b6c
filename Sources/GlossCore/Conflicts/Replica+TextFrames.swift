/// What people are shown of edits that touch: the sentences around them, then and now.
extension Replica {
    /// The questions that some groups of edits make.
    ///
    /// - Parameter present: the ``textIndex``.
    func textConflicts(of groups: [[TextNode]], now present: TextIndex) -> [Conflict] {
        var frames = TextFrames()
        return groups.map { nodes in
            let ids = nodes.map(\.first).sorted()
            let frame = textFrame(of: nodes, now: present, &frames)
            let sides = sides(of: Set(nodes.map(\.entry)).sorted())
            let seen = sides.map { side in
                document.graph.history(
                    of: side.map { document.changes.versions(of: $0).upperBound - 1 })
            }
            let versions = zip(sides, seen).map { side, known in
                Conflict.Version(
                    content: string(in: frame.sentences.orders, of: present, at: known),
                    operations: nodes.filter { side.contains($0.entry) }.map(\.first)
                        .sorted { document.precedes($0, $1) },
                    why: side.lazy.compactMap { document.changes.message(of: $0) }.first, value: nil
                )
            }
            return Conflict(
                id: ConflictID(kind: .text, document: id, about: [], field: nil, versions: ids),
                kind: .text, document: id, subject: .text(frame.sentences.range),
                base: frame.sentences.base, versions: versions, shown: frame.sentences.shown,
                settles: ids, words: words(of: frame, now: present, at: seen))
        }
    }

    /// The words that some edits touch, as they are at some versions.
    func words(
        of frame: TextFrame, now present: TextIndex, at versions: [VersionSet]
    ) -> Conflict.Words {
        Conflict.Words(
            range: frame.words.range, base: frame.words.base, shown: frame.words.shown,
            versions: versions.map { string(in: frame.words.orders, of: present, at: $0) })
    }

    /// The latest text that frames were found in: most questions have one base in common.
    struct TextFrames {
        fileprivate var base: (known: VersionSet, index: TextIndex)?
    }

    /// Some of the text.
    struct TextPart {
        /// Its place in the full order.
        var orders: Range<Int>
        /// What it was before anybody made one of the edits.
        var base: String
        /// What it is.
        var shown: String
        /// Where that stands: scalars of the text as it is.
        var range: Range<Int>
    }

    /// Where some edits are.
    struct TextFrame {
        /// The words that they touch.
        var words: TextPart
        /// The sentences around these.
        var sentences: TextPart
    }

    /// What people are shown of some edits.
    ///
    /// - Parameters:
    ///   - present: the ``textIndex``.
    ///   - frames: what is kept from one to the next.
    func textFrame(
        of nodes: [TextNode], now present: TextIndex, _ frames: inout TextFrames
    ) -> TextFrame {
        let ids = Set(nodes.map(\.first))
        let entries = Set(nodes.map(\.entry)).sorted()
        let base =
            entries.map { document.graph.history(of: parents(ofChange: $0)) }
            .reduce(nil as VersionSet?) { $0?.intersection($1) ?? $1 } ?? VersionSet()
        if frames.base?.known != base { frames.base = (base, document.index(at: base)) }
        let baseIndex = frames.base?.index ?? present
        let all = entries.flatMap { placedEdits(of: $0, in: baseIndex, known: base) }
        let named = all.filter { ids.contains($0.first) }
        let edits = named.isEmpty ? all : named
        let lower = edits.map(\.range.lowerBound).min() ?? 0
        let upper = edits.map(\.range.upperBound).max() ?? 0
        let sentences = sentence(around: lower..<upper, in: baseIndex)
        return TextFrame(
            words: part(lower..<upper, of: baseIndex, now: present),
            sentences: part(sentences, of: baseIndex, now: present))
    }

    private func part(
        _ range: Range<Int>, of base: TextIndex, now present: TextIndex
    ) -> TextPart {
        let orders = orders(of: range, in: base)
        let parts = present.versions(inOrder: orders)
        let shown = parts.filter(\.isVisible).map(\.versions)
        let start = parts.first.map { present.offset(before: $0.versions.lowerBound) } ?? 0
        let count = shown.reduce(0) { $0 + $1.count }
        return TextPart(
            orders: orders, base: string(in: orders, of: base),
            shown: document.string(of: shown), range: start..<start + count)
    }

    private func firstID(ofChange index: Int) -> OpID {
        document.identity(of: document.changes.versions(of: index).lowerBound)
    }

    /// The changes of one conflict by agent, in the order of each agent's first one.
    private func sides(of entries: [Int]) -> [[Int]] {
        var sides: [AgentID: [Int]] = [:]
        for entry in entries { sides[firstID(ofChange: entry).agent, default: []].append(entry) }
        return sides.values.sorted {
            document.precedes(firstID(ofChange: $0[0]), firstID(ofChange: $1[0]))
        }
    }

    /// A range grown to the ends of its sentences: to a full stop, question or exclamation mark
    /// followed by white space, or to a line's end, but no more than 200 scalars each way.
    private func sentence(around range: Range<Int>, in index: TextIndex) -> Range<Int> {
        let window =
            max(0, range.lowerBound - 200)..<min(index.visibleCount, range.upperBound + 200)
        let scalars = document.scalars(of: index.versions(at: window))
        func isEnd(_ offset: Int) -> Bool {
            let scalar = scalars[offset - window.lowerBound]
            if scalar == "\n" { return true }
            guard ".?!".unicodeScalars.contains(scalar) else { return false }
            let next = offset + 1 - window.lowerBound
            return next >= scalars.count || scalars[next].properties.isWhitespace
        }
        var lower = range.lowerBound
        while lower > window.lowerBound, !isEnd(lower - 1) { lower -= 1 }
        while lower < range.lowerBound, scalars[lower - window.lowerBound].properties.isWhitespace {
            lower += 1
        }
        var upper = range.upperBound
        while upper < window.upperBound, !isEnd(upper) { upper += 1 }
        if upper < window.upperBound, scalars[upper - window.lowerBound] != "\n" { upper += 1 }
        return lower..<upper
    }

    /// The places of the full order that a range of a base text spans, with what stands at its ends.
    private func orders(of range: Range<Int>, in base: TextIndex) -> Range<Int> {
        let lower =
            range.lowerBound > 0
            ? base.order(of: base.version(atOffset: range.lowerBound - 1)) + 1 : 0
        let upper =
            range.upperBound < base.visibleCount
            ? base.order(of: base.version(atOffset: range.upperBound)) : Int.max
        return lower..<max(lower, upper)
    }

    /// What shows between two places of the full order.
    func string(in orders: Range<Int>, of index: TextIndex) -> String {
        document.string(of: index.versions(inOrder: orders).filter(\.isVisible).map(\.versions))
    }

    /// What shows there when only some operations have happened.
    ///
    /// - Parameters:
    ///   - index: of any version.
    ///   - known: a set that holds the history of each of its members.
    func string(in orders: Range<Int>, of index: TextIndex, at known: VersionSet) -> String {
        let shown = document.shownCharacters(at: known)
        var parts: [Range<LocalVersion>] = []
        for (versions, _) in index.versions(inOrder: orders) {
            for version in versions where shown.contains(version) {
                parts.append(version..<version + 1)
            }
        }
        return document.string(of: parts)
    }
}
