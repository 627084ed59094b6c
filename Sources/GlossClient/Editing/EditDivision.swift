import GlossCore

extension [TextEdit] {
    /// What an edit takes of a change besides its text, as a number of scalars.
    private static let overhead = 16

    /// Divides edits that are too long for one change: into those of the first one, and what is left to
    /// do on the text that this leaves.
    ///
    /// Text that was moved goes first, with what takes it out: only one change can move it. What does not
    /// fit of it is put in like new text.
    ///
    /// - Parameter limit: how many scalars the first change has, and a little more if it must take out
    ///   text in a great many places for what it moves.
    /// - Complexity: O(edits · moves + scalars).
    func divided(at limit: Int) -> (now: [TextEdit], later: [TextEdit]) {
        let parts = parts(within: limit)
        var (now, later): ([TextEdit], [TextEdit]) = ([], [])
        // By how much the text in front of an edit grows with the first change.
        var shift = 0
        for (edit, parts) in zip(self, parts) {
            var place = edit.range.lowerBound + shift
            guard let parts else {
                var waiting = edit
                waiting.range = place..<(edit.range.upperBound + shift)
                later.append(waiting)
                continue
            }
            var first = TextEdit(edit.range, "")
            var end = 0
            for part in parts + [edit.replacement.count..<edit.replacement.count] {
                later.insert(edit.replacement[end..<part.lowerBound], at: place)
                if let move = edit.moves.first(where: { $0.part == part }) {
                    let start = first.replacement.count
                    first.moves.append(
                        TextEdit.Move(part: start..<(start + part.count), source: move.source))
                }
                first.replacement += edit.replacement[part]
                place += part.count
                end = part.upperBound
            }
            shift += first.replacement.count - edit.range.count
            if !first.range.isEmpty || !first.replacement.isEmpty { now.append(first) }
        }
        return (now, later)
    }

    /// What of each replacement goes into the first change, ascending; `nil` for an edit that waits
    /// whole.
    private func parts(within limit: Int) -> [[Range<Int>]?] {
        let sources = flatMap(\.moves).map(\.source)
        var room = limit
        var parts: [[Range<Int>]?] = map { edit in
            let isMove = !edit.moves.isEmpty || sources.contains { $0.overlaps(edit.range) }
            if isMove { room -= Self.overhead }
            return isMove ? [] : nil
        }
        for (index, edit) in enumerated() {
            for move in edit.moves where move.part.count <= room {
                parts[index]?.append(move.part)
                room -= move.part.count
            }
        }
        for (index, edit) in enumerated() {
            if parts[index] == nil {
                guard room > Self.overhead else { continue }
                room -= Self.overhead
                parts[index] = []
            }
            var start = 0
            let ends = edit.moves.map(\.part) + [edit.replacement.count..<edit.replacement.count]
            for next in ends {
                let count = Swift.max(0, Swift.min(room, next.lowerBound - start))
                if count > 0 { parts[index]?.append(start..<(start + count)) }
                room -= count
                start = next.upperBound
            }
            parts[index]?.sort { $0.lowerBound < $1.lowerBound }
        }
        return parts
    }

    /// Adds an insertion behind all others, or to the last one if that is at the same place.
    private mutating func insert(_ scalars: ArraySlice<Unicode.Scalar>, at place: Int) {
        if scalars.isEmpty { return }
        if let last, last.range == place..<place {
            self[count - 1].replacement += scalars
        } else {
            var insertion = TextEdit(place..<place, "")
            insertion.replacement.append(contentsOf: scalars)
            append(insertion)
        }
    }
}
