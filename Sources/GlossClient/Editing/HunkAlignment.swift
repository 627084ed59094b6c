/// Gives every insertion and deletion the one place that follows from the words around it.
///
/// Where a text repeats itself, a comparison may find what was put in at several places: “and ” before
/// a word, or “ and” behind the one in front. Which of them it finds depends on what else differs, and
/// two people who put words into one gap must be found to have done so.
struct HunkAlignment {
    private let old: [Unicode.Scalar]
    private let new: [Unicode.Scalar]

    /// How far a piece is moved, in scalars.
    private static let reach = 4096

    /// A hunk in which one of the texts has nothing.
    private struct Piece {
        /// Whether the new text has it.
        var isAdded: Bool
        /// Where the text stands that has it.
        var range: Range<Int>
        /// Where it would stand in the other one.
        var gap: Int

        func moved(by distance: Int) -> Piece {
            Piece(
                isAdded: isAdded,
                range: range.lowerBound + distance..<range.upperBound + distance,
                gap: gap + distance)
        }

        var hunk: Hunk {
            isAdded ? Hunk(old: gap..<gap, new: range) : Hunk(old: range, new: gap..<gap)
        }
    }

    /// The same difference with each piece in its place, and those as one that can be one.
    ///
    /// - Parameter hunks: ascending, with something between two of them.
    /// - Complexity: O(hunks + how far they are moved).
    static func aligned(
        _ hunks: [Hunk], from old: [Unicode.Scalar], to new: [Unicode.Scalar]
    ) -> [Hunk] {
        let alignment = HunkAlignment(old: old, new: new)
        var aligned: [Hunk] = []
        for hunk in hunks {
            var next = hunk
            while let last = aligned.last, let joined = alignment.joined(last, next) {
                next = joined
                aligned.removeLast()
            }
            aligned.append(next)
        }
        for index in aligned.indices {
            aligned[index] = alignment.placed(
                aligned[index], behind: index > 0 ? aligned[index - 1] : nil,
                before: index + 1 < aligned.count ? aligned[index + 1] : nil)
        }
        return aligned
    }

    private func piece(_ hunk: Hunk) -> Piece? {
        if hunk.old.isEmpty {
            return Piece(isAdded: true, range: hunk.new, gap: hunk.old.lowerBound)
        }
        return hunk.new.isEmpty
            ? Piece(isAdded: false, range: hunk.old, gap: hunk.new.lowerBound) : nil
    }

    /// Two hunks as one, if the text between them can be had in front of both and behind both: the first
    /// moved over some of it, the second over the rest.
    private func joined(_ first: Hunk, _ second: Hunk) -> Hunk? {
        guard let one = piece(first), let other = piece(second), one.isAdded == other.isAdded
        else { return nil }
        let between = other.gap - one.gap
        guard between <= HunkAlignment.reach else { return nil }
        let onwards = steps(of: one, by: 1, limit: between)
        let back = steps(of: other, by: -1, limit: between)
        guard onwards + back >= between else { return nil }
        for distance in between - back...onwards {
            let joined = Piece(
                isAdded: one.isAdded,
                range: one.range.lowerBound + distance..<other.range.upperBound - between
                    + distance,
                gap: one.gap + distance)
            if !cuts(joined).contains(joined.gap) { return joined.hunk }
        }
        return nil
    }

    /// How many steps a piece can be moved so that the difference stays the same.
    private func steps(of piece: Piece, by direction: Int, limit: Int) -> Int {
        let text = piece.isAdded ? new : old
        var steps = 0
        while steps < limit {
            let (leaving, entering) =
                direction < 0
                ? (piece.range.upperBound - 1 - steps, piece.range.lowerBound - 1 - steps)
                : (piece.range.lowerBound + steps, piece.range.upperBound + steps)
            guard text.indices.contains(entering), text[leaving] == text[entering] else { break }
            steps += 1
        }
        return steps
    }

    private func placed(_ hunk: Hunk, behind last: Hunk?, before next: Hunk?) -> Hunk {
        guard let piece = piece(hunk) else { return hunk }
        let front = hunk.old.lowerBound - (last.map { $0.old.upperBound + 1 } ?? 0)
        let back = (next.map { $0.old.lowerBound - 1 } ?? old.count) - hunk.old.upperBound
        let left = steps(of: piece, by: -1, limit: min(front, HunkAlignment.reach))
        let right = steps(of: piece, by: 1, limit: min(back, HunkAlignment.reach))
        guard left + right > 0 else { return hunk }
        let cuts = cuts(piece, left, right)
        var best = (piece: piece, rank: -1)
        for distance in -left...right where !cuts.contains(piece.gap + distance) {
            let moved = piece.moved(by: distance)
            let rank = rank(of: moved)
            if rank > best.rank { best = (moved, rank) }
        }
        return best.piece.hunk
    }

    /// The gaps, of those around a piece's own, where it would cut a word or a grapheme in two, or be
    /// one in part.
    private func cuts(_ piece: Piece, _ left: Int = 0, _ right: Int = 0) -> Set<Int> {
        let (with, without) = piece.isAdded ? (new, old) : (old, new)
        let ends = [
            (without, piece.gap), (with, piece.range.lowerBound), (with, piece.range.upperBound),
        ]
        var cuts: Set<Int> = []
        for (text, place) in ends {
            let inside = HunkAlignment.insides(of: text, place - left..<place + right + 1)
            cuts.formUnion(inside.map { $0 - place + piece.gap })
        }
        return cuts
    }

    /// The offsets in a range that are inside a word or a grapheme.
    private static func insides(of text: [Unicode.Scalar], _ offsets: Range<Int>) -> [Int] {
        var lower = max(0, offsets.lowerBound - 1)
        while lower > 0, !TextFold.isSpace(text[lower - 1]) { lower -= 1 }
        var upper = min(text.count, offsets.upperBound)
        while upper < text.count, !TextFold.isSpace(text[upper]) { upper += 1 }
        let window = Graphemes.snap(lower..<upper, in: text)
        var found: [Int] = []
        WordKind.forEach(in: text, window) { unit, kind in
            if kind == .space {
                // White space may be cut, but for what is one grapheme.
                Graphemes.forEach(in: text, unit) { found += $0.dropFirst() }
            } else {
                found += unit.dropFirst()
            }
        }
        return found.filter(offsets.contains)
    }

    /// How well a gap suits a piece: between lines best, then behind a sentence, then behind a word.
    private func rank(of piece: Piece) -> Int {
        let text = piece.isAdded ? old : new
        let before = piece.gap > 0 ? text[piece.gap - 1] : "\n"
        let after = piece.gap < text.count ? text[piece.gap] : nil
        if before == "\n", after.map({ !TextFold.isSpace($0) }) ?? true { return 3 }
        guard let after, !TextFold.isSpace(before), TextFold.isSpace(after) else { return 0 }
        return ".?!".unicodeScalars.contains(before) ? 2 : 1
    }
}
