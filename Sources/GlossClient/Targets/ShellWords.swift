/// Words of a command line as a POSIX shell reads and writes them.
public enum ShellWords {
    /// A word so that a shell reads it as it is, with as few quotes as will do.
    ///
    /// Control characters come out as `$'\x1b'`, so that the line can be shown and pasted.
    public static func quoted(_ word: String) -> String {
        let scalars = word.unicodeScalars
        if !scalars.isEmpty, scalars.allSatisfy(isPlain) { return word }
        if scalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return "$'" + scalars.map(escaped).joined() + "'"
        }
        if !scalars.contains(where: { "\"$`\\!".unicodeScalars.contains($0) }) {
            return "\"" + word + "\""
        }
        return "'" + scalars.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
    }

    /// A command line of the given words.
    public static func joined(_ words: [String]) -> String {
        words.map(quoted).joined(separator: " ")
    }

    /// The words of a command line: white space separates, quotes and `\` keep together. Nothing
    /// is expanded.
    ///
    /// - Returns: `nil` if a quote is not closed.
    public static func split(_ line: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in line {
            if isEscaped {
                if quote == "\"", !"\"\\$`".contains(character) { word = (word ?? "") + "\\" }
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open {
                    quote = nil
                } else {
                    word = (word ?? "") + String(character)
                }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil, !isEscaped else { return nil }
        if let done = word { words.append(done) }
        return words
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/", ":", ",", "+", "@", "%", "=": true
        default: false
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "'", "\\": return "\\" + String(scalar)
        case "\n": return "\\n"
        case "\t": return "\\t"
        default:
            guard scalar.value < 0x20 || scalar.value == 0x7F else { return String(scalar) }
            let digits = String(scalar.value, radix: 16)
            return "\\x" + (digits.count < 2 ? "0" : "") + digits
        }
    }
}

extension String {
    /// The text as one word of a shell command; see ``ShellWords/quoted(_:)``.
    public var shellQuoted: String { ShellWords.quoted(self) }
}
