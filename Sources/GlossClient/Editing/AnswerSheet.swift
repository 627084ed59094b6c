/// A conflict as a text to edit: its versions one below the other behind labels, of which the words
/// that are to stand are left.
///
/// Labels are lines of colons, as many as no version starts a line with.
public struct AnswerSheet: Sendable {
    /// What is left of a sheet.
    public enum Answer: Hashable, Sendable {
        /// The words that are to stand.
        case words(String)
        /// Nothing: no answer was wanted.
        case empty
        /// So many labels still stand, so that it is not known what is to.
        case unfinished(Int)
    }

    /// The whole sheet.
    public let text: String
    /// What labels start with.
    public let fence: String
    /// The white space around what shows, which is no matter of the answer.
    private let margins: (before: String, after: String)

    /// The sheet of a conflict.
    ///
    /// - Parameter shown: what shows until it is answered.
    public init(_ card: ConflictCard, shown: String, _ options: RenderOptions) {
        let sections = (card.base.map { [$0] } ?? []) + card.versions
        let contents = sections.map(\.content) + (card.merged.map { [$0] } ?? [])
        let fence = String(repeating: ":", count: AnswerSheet.fence(for: contents))
        var lines = [
            "\(fence) conflict \(card.shortID)   \(SafeText.line(card.subject)) — leave the text you want, delete the \(fence) lines"
        ]
        for section in sections {
            var label = "\(fence) \(section.label)  \(SafeText.line(section.author))"
            if let device = section.device { label += " (\(SafeText.line(device)))" }
            if let time = section.time { label += ", \(options.time(time))" }
            if let why = section.why { label += " — why: “\(SafeText.line(why))”" }
            lines += [label, section.content]
        }
        if let merged = card.merged {
            lines += ["\(fence) \(card.isMerged ? "as merged" : "both, merged")", merged]
        }
        lines.append(fence)
        text = lines.joined(separator: "\n") + "\n"
        self.fence = fence
        margins = (
            String(shown.prefix { $0.isWhitespace }),
            String(shown.reversed().prefix { $0.isWhitespace }.reversed())
        )
    }

    /// What somebody left of the sheet.
    public func answer(in edited: String) -> Answer {
        let lines = AnswerSheet.lines(of: edited).filter { !isReason($0) }
        let left = lines.count { $0.hasPrefix(fence) }
        let words = lines.joined(separator: "\n").trimmingWhiteSpace
        if words.isEmpty { return .empty }
        if left > 0 { return .unfinished(left) }
        return .words(margins.before + words + margins.after)
    }

    /// An unfinished sheet with the reason on top.
    public func returned(_ edited: String, labels count: Int) -> String {
        let rest = AnswerSheet.lines(of: edited).filter { !isReason($0) }
        let what = count == 1 ? "1 line starts" : "\(count) lines start"
        return "\(fence) not finished: \(what) with \(fence); leave only the text you want\n"
            + rest.joined(separator: "\n")
    }

    private func isReason(_ line: Substring) -> Bool { line.hasPrefix("\(fence) not finished:") }

    private static func lines(of text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    }

    /// How many colons none of some texts has at the start of a line; at least three.
    private static func fence(for texts: [String]) -> Int {
        let all = texts.map { lines(of: $0) }.joined()
        let longest = all.map { line in line.prefix { $0 == ":" }.count }.max()
        return max(3, (longest ?? 0) + 1)
    }
}

extension String {
    fileprivate var trimmingWhiteSpace: String {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
