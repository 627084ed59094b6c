import GlossCore
import TestSupport
import Testing

@testable import GlossClient

/// Two to five people with a library each, who share an article.
struct Panel {
    static let text = "Walls teach the water to climb. Rivers do not ask.\n\nThe dike is old.\n"

    let people: [Library]
    let article: DocumentID
    private let server: PretendServer
    private(set) var random: SeededRandom

    init(_ count: Int, seed: UInt64) throws {
        server = PretendServer()
        random = SeededRandom(seed: seed)
        people = try (0..<count).map {
            try makeLibrary("person\($0)", seed: seed).rehearsal()
        }
        article = try people[0].addArticle(name: "river", title: "", text: Self.text).id
        try meet()
    }

    private init(_ other: Panel) throws {
        people = try other.people.map { try $0.rehearsal() }
        article = other.article
        server = PretendServer(copying: other.server)
        random = other.random
    }

    /// The same people at the same point, to go another way with.
    func copy() throws -> Panel { try Panel(self) }

    /// Everybody, or some, hear of everything, in a random order; all of them must see the same.
    mutating func meet(
        _ some: Range<Int>? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let some = some ?? people.indices
        for _ in 0..<2 {
            for person in some.shuffled(using: &random) { try server.sync(people[person]) }
        }
        let first = try people[some.lowerBound].view(article)
        for person in some.dropFirst() {
            let view = try people[person].view(article)
            #expect(view.checksum == first.checksum, sourceLocation: sourceLocation)
            // Ids, letters, versions, bases, what shows and what an answer settles.
            #expect(
                view.conflicts.map(\.conflict) == first.conflicts.map(\.conflict),
                sourceLocation: sourceLocation)
            #expect(
                view.conflicts.map(\.choices) == first.conflicts.map(\.choices),
                sourceLocation: sourceLocation)
            #expect(
                view.notes.map(\.placement) == first.notes.map(\.placement),
                sourceLocation: sourceLocation)
        }
    }

    /// The questions that are open to somebody.
    func questions(of person: Int = 0) throws -> [ConflictView] {
        try people[person].view(article).conflicts
    }

    /// The one question that is open to somebody.
    func question(
        of person: Int = 0, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> ConflictView {
        let all = try questions(of: person)
        #expect(all.count == 1, "\(all.map(\.subject))", sourceLocation: sourceLocation)
        return try #require(all.first, sourceLocation: sourceLocation)
    }

    /// Answers a question; gives what shows from then on.
    @discardableResult
    func answer(_ question: ConflictView, _ choice: String, by person: Int) throws -> String {
        try people[person].resolve(
            question, ConflictChoice(named: choice, words: "words-of-person\(person)"),
            why: "says person\(person)", command: "resolve")
    }
}

extension ConflictChoice {
    /// The choice that a command line names.
    fileprivate init(named name: String, words: String) {
        self =
            name == "edit" ? .words(words) : ConflictChoice(named: name) ?? .letter(name)
    }
}
