/// Where graphemes begin and end in scalars, without a walk over all of a text.
enum Graphemes {
    /// Calls `body` with the range of each grapheme, ascending.
    ///
    /// - Parameter range: begins and ends at a boundary.
    /// - Complexity: O(scalars); no more than an array read each for most scripts.
    static func forEach(
        in scalars: [Unicode.Scalar], _ range: Range<Int>, _ body: (Range<Int>) -> Void
    ) {
        var start = range.lowerBound
        while start < range.upperBound {
            var end = start + 1
            while end < range.upperBound, !isSurelyBoundary(end, in: scalars) { end += 1 }
            if end == start + 1 {
                body(start..<end)
            } else {
                var lower = start
                for character in string(scalars[start..<end]) {
                    let upper = lower + character.unicodeScalars.count
                    body(lower..<upper)
                    lower = upper
                }
            }
            start = end
        }
    }

    /// The same range, grown so that it cuts no grapheme.
    static func snap(_ range: Range<Int>, in scalars: [Unicode.Scalar]) -> Range<Int> {
        let lower = bounds(around: range.lowerBound, in: scalars).lowerBound
        let upper = bounds(around: range.upperBound, in: scalars).upperBound
        return lower..<max(lower, upper)
    }

    /// Whether no grapheme reaches over `offset`.
    static func isBoundary(_ offset: Int, in scalars: [Unicode.Scalar]) -> Bool {
        bounds(around: offset, in: scalars).isEmpty
    }

    /// The grapheme that `offset` cuts, or an empty range at `offset` if it cuts none.
    private static func bounds(around offset: Int, in scalars: [Unicode.Scalar]) -> Range<Int> {
        if offset <= 0 || offset >= scalars.count || isSurelyBoundary(offset, in: scalars) {
            return offset..<offset
        }
        var start = offset - 1
        while start > 0, !isSurelyBoundary(start, in: scalars) { start -= 1 }
        var end = offset + 1
        while end < scalars.count, !isSurelyBoundary(end, in: scalars) { end += 1 }
        var found = offset..<offset
        forEach(in: scalars, start..<end) { cluster in
            if cluster.lowerBound < offset, offset < cluster.upperBound { found = cluster }
        }
        return found
    }

    /// Some scalars as a string.
    static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// Whether two neighbours tell by themselves that a boundary lies between them; `false` means
    /// that the standard library has to look.
    private static func isSurelyBoundary(_ offset: Int, in scalars: [Unicode.Scalar]) -> Bool {
        isSimple(scalars[offset]) && !joinsNext(scalars[offset - 1])
    }

    /// Scalars that extend no grapheme before them.
    static func isSimple(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x2FF, 0x370...0x482, 0x48A...0x52F, 0x1E00...0x1FFF, 0x2010...0x2027,
            0x2030...0x205E, 0x20A0...0x20CF, 0x2100...0x2BFF, 0x3000...0x3029, 0x3041...0x3096,
            0x309B...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xFF01...0xFF9D:
            true
        default: false
        }
    }

    /// Scalars that may join a simple one behind them.
    private static func joinsNext(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0D, 0x600...0x605, 0x6DD, 0x70F, 0x890...0x8E2, 0xD4E, 0x200D, 0x11000...0x11FFF:
            true
        default: false
        }
    }
}
