import GlossCore
import TestSupport

/// An article of words by chance, corrected and annotated, as the changes that make it: each
/// correction and each note is one of its own, and every tenth note a suggestion.
struct AnnotatedSample {
    private static let agent = AgentID(rawValue: 0xa1)

    /// What makes the article: its name, its text, the corrections.
    private(set) var article: [Change] = []
    /// What makes its annotation set.
    private(set) var notes: [Change] = []

    /// An article of 20 kB.
    ///
    /// - Parameters:
    ///   - name: what it is called.
    ///   - corrections: how many words are corrected.
    ///   - notes: how many notes it has.
    init(name: String, corrections: Int, notes count: Int) throws {
        var random = SeededRandom(seed: 1)
        var article = Replica(id: .bench)
        self.article.append(
            try article.commit(
                [article.write(.text(name), to: .name)], by: Self.author(0)))
        let text = SampleArticle.text(ofBytes: 20_000, &random)
        try edit(&article, TextEdit(0..<0, text), 1)
        for time in 2..<2 + corrections {
            let places = SampleArticle.words(of: article)
            let place = places[random.below(places.count)]
            try edit(&article, TextEdit(place, SampleArticle.word(&random)), time)
        }
        try annotate(article, count, &random)
    }

    private mutating func edit(_ article: inout Replica, _ edit: TextEdit, _ time: Int) throws {
        if let change = try article.edit([edit], by: Self.author(time)) {
            self.article.append(change)
        }
    }

    private mutating func annotate(
        _ article: Replica, _ count: Int, _ random: inout SeededRandom
    ) throws {
        var annotations = Replica(id: article.id.annotations)
        let targets = SampleArticle.words(of: article).map { article.target(at: $0) }
        for number in 0..<count {
            let isSuggestion = number.isMultiple(of: 10)
            let note = NewAnnotation(
                kind: isSuggestion ? .suggestion : .note,
                target: targets[random.below(targets.count)], body: "What of \(number)?",
                proposal: isSuggestion ? SampleArticle.word(&random) : nil)
            notes.append(
                try annotations.commit([.annotate(note)], by: Self.author(1_000 + number)))
        }
    }

    private static func author(_ time: Int) -> Author {
        Author(agent: agent, time: 1_790_000_000_000 + time)
    }
}
