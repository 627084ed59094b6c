import GlossCore
import TestSupport

@testable import GlossClient

/// What people decide: on suggestions, and on what they disagree about.
extension Person {
    mutating func accept(inOwnWords: Bool) throws -> String? {
        guard let note = try someNote({ $0.decision != nil && $0.decision != .accepted }) else {
            return nil
        }
        let (wording, why) = (inOwnWords ? newWords() : nil, newReason())
        let result = try library.accept(
            [reference(to: note)], wording: wording, isCertain: random.chance(0.7), message: why,
            command: "accept")
        // The words may be there already, by what was accepted under another name.
        if !result.reading.isEmpty { return "\(note.id), as it reads already" }
        guard !result.accepted.isEmpty else { return nil }
        written.add(why, as: .reason)
        written.add(wording ?? note.proposal, as: .text)
        return "\(note.id)"
    }

    mutating func reject() throws -> String? {
        guard let note = try someNote({ $0.decision != nil && $0.decision != .rejected }) else {
            return nil
        }
        let why = newReason()
        let result = try library.reject([reference(to: note)], why: why, command: "reject")
        guard !result.rejected.isEmpty else { return nil }
        written.add(why, as: .reason)
        return "\(note.id)"
    }

    /// Answers a question of a kind that was answered least, in the way that was used least for it.
    mutating func resolve() throws -> String? {
        let open = try view().conflicts
        if random.chance(0.5) { remembered = open.randomElement(using: &random) }
        let answers = answers
        let questions = open.rarest { answers.count($0.conflict.kind) }
        guard let question = questions.randomElement(using: &random) else { return nil }
        return try answer(question)
    }

    /// Answers a question as it was when this person looked at it.
    mutating func resolveAsRemembered() throws -> String? {
        guard let question = remembered else { return nil }
        remembered = nil
        return try answer(question)
    }

    /// Sends all that was refused once more, or some of it.
    mutating func retryRefused() throws -> String? {
        let all = random.chance(0.5)
        let chosen = all ? refused : refused.filter { _ in random.chance(0.5) }
        guard !chosen.isEmpty else { return nil }
        try library.retry(chosen, command: "outbox --retry")
        return chosen.map(\.shortID).joined(separator: " ")
    }

    private mutating func answer(_ question: ConflictView) throws -> String? {
        let kind = question.conflict.kind
        let answers = answers
        let ways = question.choices.rarest { answers.count(kind, $0) }
        guard let name = ways.randomElement(using: &random) else { return nil }
        // A name has no spaces.
        let words = newWord()
        let why = newReason()
        let choice = ConflictChoice(named: name, words: words)
        try library.resolve(question, choice, why: why, command: "resolve")
        self.answers.add(kind, name)
        written.add(why, as: .reason)
        if case .words = choice { written.add(words, as: question.use) }
        return "\(kind) \(question.conflict.id) \(name)"
    }
}

extension ConflictChoice {
    /// The choice of a name, as it stands in a resolution.
    fileprivate init(named name: String, words: String) {
        self =
            name == "edit" ? .words(words) : ConflictChoice(named: name) ?? .letter(name)
    }
}

extension ConflictView {
    /// As what an answer in one's own words is written.
    fileprivate var use: Written.Use {
        switch conflict.subject {
        case .text: .text
        case .entityField(_, .proposal): .proposal
        case .field: .name
        case .entityField, .entity, .suggestions: .body
        }
    }
}

extension Array {
    /// Those that came up least often.
    fileprivate func rarest(_ count: (Element) -> Int) -> [Element] {
        let least = map(count).min()
        return filter { count($0) == least }
    }
}
