/// How many columns text takes in a terminal.
public enum DisplayWidth {
    /// The columns of one grapheme: 0 if there is nothing to see of it, 2 for East Asian wide ones
    /// and emoji, otherwise 1, ambiguous ones too.
    public static func columns(of character: Character) -> Int {
        if character.isASCII { return character.isNewline || character < " " ? 0 : 1 }
        var base: Unicode.Scalar?
        for scalar in character.unicodeScalars {
            if scalar == "\u{FE0F}", base?.properties.isEmoji == true { return 2 }
            if base == nil, !isInvisible(scalar) { base = scalar }
        }
        guard let base else { return 0 }
        return WideScalars.contains(base) || base.properties.isEmojiPresentation ? 2 : 1
    }

    /// The columns of a line of text.
    public static func columns(of text: some StringProtocol) -> Int {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
        return text.reduce(0) { $0 + columns(of: $1) }
    }

    /// A line of text cut to a width, with `…` at the end if anything is missing.
    public static func truncated(_ text: String, to width: Int) -> String {
        if columns(of: text) <= width { return text }
        var cut = ""
        var used = 0
        for character in text {
            let next = columns(of: character)
            guard used + next < width else { break }
            cut.append(character)
            used += next
        }
        return width > 0 ? cut + "…" : ""
    }

    /// Whether text has letters written from right to left.
    public static func hasRightToLeft(_ text: some Sequence<Unicode.Scalar>) -> Bool {
        text.contains { scalar in
            switch scalar.value {
            case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFE, 0x10800...0x10FFF,
                0x1E800...0x1EFFF:
                true
            default: false
            }
        }
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: true
        default: scalar.properties.isDefaultIgnorableCodePoint
        }
    }
}
