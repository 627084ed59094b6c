/// Other people's text made safe to show: nothing in it can command a terminal, and what would
/// reorder or hide text is shown by its number.
public enum SafeText {
    /// Text of several lines. Line ends become line feeds and tabs four spaces; other control
    /// characters go; bidirectional controls become visible, as `‹U+202E›`.
    public static func lines(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        var safe = String.UnicodeScalarView()
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A: if previous != "\r" { safe.append("\n") }
            case 0x0D, 0x85, 0x2028, 0x2029: safe.append("\n")
            case 0x09: safe.append(contentsOf: "    ".unicodeScalars)
            case 0..<0x20, 0x7F..<0xA0: break
            default:
                if isHiding(scalar) {
                    safe.append(contentsOf: name(of: scalar).unicodeScalars)
                } else {
                    safe.append(scalar)
                }
            }
            previous = scalar
        }
        return String(safe)
    }

    /// Text for one line: as ``lines(_:)``, runs of white space being one space.
    public static func line(_ text: String) -> String {
        let safe = lines(text)
        guard safe.utf8.contains(where: { $0 == 0x0A || $0 == 0x20 }) else { return safe }
        return safe.split { $0 == "\n" || $0 == " " }.joined(separator: " ")
    }

    /// Whether a scalar shows nothing itself and changes how others look or where they stand.
    static func isHiding(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x206F, 0xFFF9...0xFFFB: true
        default: false
        }
    }

    private static func name(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "‹U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "›"
    }
}
