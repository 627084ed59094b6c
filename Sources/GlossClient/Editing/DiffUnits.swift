/// Two texts cut into units, with the same number for units of the same scalars.
struct DiffUnits {
    /// The units of the old text, ascending and without gaps.
    private(set) var oldRanges: [Range<Int>] = []
    /// The units of the new text.
    private(set) var newRanges: [Range<Int>] = []
    private(set) var oldNumbers: [Int] = []
    private(set) var newNumbers: [Int] = []
    private var known: [ArraySlice<Unicode.Scalar>: Int] = [:]

    /// Into what a text is cut. No cut divides a grapheme.
    enum Size {
        case lines
        case words
        case graphemes
    }

    /// - Complexity: O(scalars).
    init(
        _ size: Size, old: [Unicode.Scalar], _ oldPart: Range<Int>, new: [Unicode.Scalar],
        _ newPart: Range<Int>
    ) {
        oldRanges = DiffUnits.ranges(size, in: old, oldPart)
        newRanges = DiffUnits.ranges(size, in: new, newPart)
        oldNumbers = oldRanges.map { number(of: old[$0]) }
        newNumbers = newRanges.map { number(of: new[$0]) }
        known = [:]
    }

    /// The hunks between the two, in scalars.
    func hunks(old: Range<Int>, new: Range<Int>) -> [Hunk] {
        SequenceDiff.hunks(from: oldNumbers, to: newNumbers).map { hunk in
            Hunk(
                old: DiffUnits.scalars(hunk.old, oldRanges, within: old),
                new: DiffUnits.scalars(hunk.new, newRanges, within: new))
        }
    }

    private static func scalars(
        _ units: Range<Int>, _ ranges: [Range<Int>], within whole: Range<Int>
    ) -> Range<Int> {
        let lower =
            units.lowerBound < ranges.count
            ? ranges[units.lowerBound].lowerBound : whole.upperBound
        return lower..<(units.isEmpty ? lower : ranges[units.upperBound - 1].upperBound)
    }

    private mutating func number(of unit: ArraySlice<Unicode.Scalar>) -> Int {
        if let number = known[unit] { return number }
        let number = known.count
        known[unit] = number
        return number
    }

    private static func ranges(
        _ size: Size, in scalars: [Unicode.Scalar], _ part: Range<Int>
    ) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        switch size {
        case .lines:
            var start = part.lowerBound
            for index in part where scalars[index] == "\n" {
                ranges.append(start..<index + 1)
                start = index + 1
            }
            if start < part.upperBound { ranges.append(start..<part.upperBound) }
        case .words:
            WordKind.forEach(in: scalars, part) { range, _ in ranges.append(range) }
        case .graphemes:
            Graphemes.forEach(in: scalars, part) { ranges.append($0) }
        }
        return ranges
    }
}
