/// How text falls into words, white space and the rest.
enum WordKind {
    /// Part of a word that goes on while such parts follow.
    case word
    /// A word by itself, as in scripts that put no spaces between words.
    case ideograph
    /// White space.
    case space
    /// A mark by itself.
    case mark

    /// The kind of a grapheme that begins with `scalar`.
    static func kind(of scalar: Unicode.Scalar) -> WordKind {
        if TextFold.isSpace(scalar) { return .space }
        if isIdeograph(scalar) { return .ideograph }
        return isWordScalar(scalar) ? .word : .mark
    }

    /// Whether one word goes on from a scalar to the next.
    static func goesOn(from before: Unicode.Scalar?, to after: Unicode.Scalar?) -> Bool {
        guard let before, let after else { return false }
        return kind(of: before) == .word && kind(of: after) == .word
    }

    /// Whether an offset of a text is inside a word.
    static func isInsideWord(_ offset: Int, of text: [Unicode.Scalar]) -> Bool {
        offset > 0 && offset < text.count && goesOn(from: text[offset - 1], to: text[offset])
    }

    /// Whether a scalar is a letter or a digit.
    static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0..<0xAA: false
        default:
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }

    private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3041...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0xE00...0xEFF,
            0x1780...0x17FF, 0x20000...0x3FFFF:
            true
        default: false
        }
    }

    /// Calls `body` with each word, white space or mark, ascending; none cuts a grapheme.
    ///
    /// A run of white space is one, without regard to its length; an apostrophe between letters
    /// belongs to the word.
    static func forEach(
        in scalars: [Unicode.Scalar], _ range: Range<Int>, _ body: (Range<Int>, WordKind) -> Void
    ) {
        var open: (range: Range<Int>, kind: WordKind)?
        Graphemes.forEach(in: scalars, range) { cluster in
            var kind = kind(of: scalars[cluster.lowerBound])
            if kind == .mark, open?.kind == .word, isApostrophe(scalars[cluster.lowerBound]),
                cluster.upperBound < range.upperBound,
                isWordScalar(scalars[cluster.upperBound])
            {
                kind = .word
            }
            if let last = open {
                if kind == last.kind, kind == .word || kind == .space {
                    open = (last.range.lowerBound..<cluster.upperBound, kind)
                    return
                }
                body(last.range, last.kind)
            }
            open = (cluster, kind)
        }
        if let last = open { body(last.range, last.kind) }
    }

    private static func isApostrophe(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "'" || scalar == "\u{2019}"
    }
}
