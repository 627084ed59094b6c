public import GlossCore

/// A question that was answered, as people look at it.
public struct SettledConflictView: Sendable {
    /// An answer.
    public struct Answer: Sendable {
        /// The resolution, or the write that settled it without one.
        public let operation: OpID
        /// Who gave it.
        public let author: Attribution
        /// The choice: a letter, `merged`, `edit` and the like.
        public let take: String
        /// What it wrote into a field; `nil` if it is about none.
        public let words: String?
        /// Why, where its author said so.
        public let why: String?
    }

    /// The question as it was answered.
    public internal(set) var question: ConflictView
    /// The answers, the first one first: several if people agreed.
    public let answers: [Answer]

    /// When the last of them was given, in milliseconds since 1970.
    public var time: Int { answers.map(\.author.time).max() ?? 0 }
}

extension SettledConflictView {
    /// The question in a list: with who answered it, and how.
    public var row: ConflictRow {
        var row = question.row
        row.sides = answers.map { answer in
            let why = answer.why.map { " (“\($0)”)" } ?? ""
            let verb = answer.take == "edit" ? "wrote" : "took"
            return "\(ConflictView.names([answer.author])) \(verb) \(meaning(of: answer))\(why)"
        }
        row.time = time
        row.needsDecision = false
        return row
    }

    /// The question with everything said, and how it was settled.
    public func card() -> ConflictCard {
        var card = question.card()
        card.answers = answers.map { answer in
            ConflictCard.Version(
                label: "settled", author: ConflictView.names([answer.author]),
                time: answer.author.time, device: answer.author.device,
                content: meaning(of: answer), why: answer.why)
        }
        // Of a note that was withdrawn or kept the answer says all.
        card.merged = question.conflict.kind == .deleteEdit ? nil : question.conflict.shown
        return card
    }

    /// What a choice came to: `B “Or hold back?”`.
    private func meaning(of answer: Answer) -> String {
        if let version = question.versions.first(where: { $0.letter == answer.take }) {
            return "\(answer.take) “\(version.content.clipped(to: 40))”"
        }
        let words = answer.words.map { "“\($0.clipped(to: 40))”" }
        switch answer.take {
        case "edit": return words ?? "own words"
        case "both": return words.map { "both \($0)" } ?? "both"
        case "merged": return "it as merged"
        default: return answer.take
        }
    }
}
