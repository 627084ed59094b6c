/// What somebody wrote, with commands that succeeded.
struct Written {
    /// What a text was written as.
    enum Use: String, CaseIterable {
        case text
        case body
        case tag
        case proposal
        case reason
        case name
    }

    /// A text, and what it was written as.
    struct Entry: Hashable {
        var use: Use
        var text: String
    }

    private(set) var entries: [Entry] = []

    /// Notes a text. Of one for the article only the first word, which is new to it, is sure to be
    /// typed: the others may stand there already.
    mutating func add(_ text: String?, as use: Use) {
        guard let text, !text.isEmpty else { return }
        let words = use == .text ? text.split(whereSeparator: \.isWhitespace).first : text[...]
        if let words { entries.append(Entry(use: use, text: String(words))) }
    }
}
