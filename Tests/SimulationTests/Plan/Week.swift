import GlossCore
import GlossProtocol
import GlossStorage
import TestSupport

@testable import GlossClient

/// Three people on one article for a week: everything follows from one seed.
actor Week {
    private static let text = """
        The night the water came, nobody on the island was asleep. The dike had held for three \
        hundred years, and the men who walked it said that it would hold for three hundred more.

        By two in the morning the wind had turned. What stood in the way of the sea was clay, \
        grass and the word of an engineer who lived a hundred miles inland.

        They rang the bell. Some say it was the bell that broke the dike. It was not.
        """
    private static let members: [(name: String, role: Role)] = [
        ("mira", .editor), ("jo", .editor), ("ana", .reviewer),
    ]

    private let seed: UInt64
    private var random: SeededRandom
    private let clock = TestClock()
    private let server: SimulatedServer
    private var people: [Person] = []
    private let article: DocumentID
    private(set) var tally = Tally()
    /// What happened, a line each.
    private(set) var transcript: [String] = []

    /// The people have joined, and the article is there.
    init(seed: UInt64) async throws {
        self.seed = seed
        random = SeededRandom(seed: seed)
        let clock = clock
        server = try await SimulatedServer(clock: { clock.now })
        var libraries: [Library] = []
        for (index, member) in Week.members.enumerated() {
            let library = try Library.inMemory(clock, seed: seed &* 8 &+ UInt64(index))
            try await server.join(library, as: member.name, member.role)
            libraries.append(library)
        }
        article = try libraries[0].addArticle(name: "river", title: "", text: Week.text).id
        for library in libraries { try await server.sync(library) }
        for (index, member) in Week.members.enumerated() {
            people.append(
                Person(
                    member.name, member.role, libraries[index], article: article,
                    seed: random.next()))
        }
    }

    /// Lives through the week, or its first days; everybody is in line at its end.
    func run(days: Int = 7) async throws {
        let plan = WeekPlan(people: people.count, days: days, using: &random)
        var minute = 0
        for event in plan.events {
            clock.pass(minutes: event.minute - minute)
            minute = event.minute
            do {
                switch event.what {
                case .act: try act(event.person)
                case .sync: try await sync(event.person)
                case .role(let role):
                    try await server.setRole(role, of: people[event.person].name)
                    try note(event.person, "is \(role)")
                }
            } catch {
                throw failure("\(error)")
            }
        }
        // Twice, so that what the last one brings reaches the first one.
        for person in [0, 1, 2, 0, 1] { try await sync(person) }
        try await end()
    }

    private func failure(_ what: String) -> Inequality {
        Inequality("seed \(seed): \(what)\n" + transcript.suffix(8).joined(separator: "\n"))
    }

    private func note(_ person: Int, _ what: String) throws {
        let checksum = try people[person].view().checksum
        transcript.append("\(clock.now) \(people[person].name) \(what) → \(checksum)")
    }

    // MARK: What happens

    private func act(_ index: Int) throws {
        let act = people[index].nextAct()
        people[index].answers = tally.answers
        let outcome = try people[index].perform(act)
        tally.answers = people[index].answers
        tally.count(act, outcome)
        if outcome == .nothing { return }
        try note(index, "\(act) \(outcome)")
        try compare(index)
    }

    private func sync(_ index: Int) async throws {
        let library = people[index].library
        let waiting = try library.outbox().count { $0.refusal == nil }
        let report = try await server.sync(library)
        try people[index].lookAgain()
        guard report.failures.isEmpty, report.postponed.isEmpty, report.returned == 0,
            report.sent + report.refused == waiting
        else { throw Inequality("\(people[index].name): \(report) of \(waiting) changes") }
        guard try library.outbox().count == people[index].refused.count,
            people[index].refused.allSatisfy({ $0.refusal?.message.isEmpty == false })
        else { throw Inequality("the outbox holds what is not refused") }
        if report.sent + report.received + report.refused == 0 { return }
        tally.refusals += report.refused
        let counts = "sent \(report.sent), received \(report.received), refused \(report.refused)"
        try note(index, counts)
        try compare(index)
    }

    /// Whoever knows what somebody knows sees what they see.
    private func compare(_ index: Int) throws {
        let (view, sight) = (try people[index].view(), try people[index].sight())
        tally.count(sight)
        for other in people.indices where other != index {
            guard try people[other].view().knows(what: view) else { continue }
            let isWhole = people[index].refused.isEmpty && people[other].refused.isEmpty
            let others = try people[other].sight()
            if let difference = sight.difference(from: others, named: isWhole) {
                throw Inequality("\(people[index].name) and \(people[other].name): \(difference)")
            }
        }
    }
}

extension Week {
    /// Everybody, the server and a newcomer have the same, and nothing that anybody wrote is gone.
    private func end() async throws {
        let rows = try await server.log(of: article) + server.log(of: article.annotations)
        let ledger = try Ledger(rows)
        let newcomer = try Library.inMemory(clock, seed: ~seed)
        try await server.join(newcomer, as: "bo", .reader)
        let sight = Sight(try newcomer.view(article), of: "bo")
        for index in people.indices {
            let person = people[index]
            let own = try people[index].sight()
            if let difference = own.difference(from: sight, named: person.refused.isEmpty) {
                throw failure("\(person.name) and the server: \(difference)")
            }
            // What was taken back before the server could have it stays where it was made.
            let recalled = try person.library.store.read { try $0.recalled() }
                .map { try ChangeCodec.decode($0.bytes) }
            let missing = ledger.adding(person.refused.map(\.change) + recalled)
                .missing(person.written)
            guard missing.isEmpty else { throw failure("\(person.name) has lost \(missing)") }
        }
        guard try people[0].view().content.changeCount == ledger.ids.count else {
            throw failure("the logs have \(ledger.ids.count) changes")
        }
        try note(0, "at the end of \(rows.count) changes")
    }
}

extension ArticleView {
    /// Whether this one holds the changes that another one holds, and no more.
    func knows(what other: ArticleView) -> Bool {
        content.article.versionVector == other.content.article.versionVector
            && content.annotations.versionVector == other.content.annotations.versionVector
    }
}

extension AnnotatedArticle {
    fileprivate var changeCount: Int {
        article.log.entries.count + annotations.log.entries.count
    }
}
