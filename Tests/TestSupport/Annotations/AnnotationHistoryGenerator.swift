public import GlossCore

/// Makes random histories of an article and its annotation set, the same for the same seed.
///
/// Two to five people write on copies of their own, all through the engine's own editing, and hear
/// of each other now and then, of one document or of both, in part or in full.
public struct AnnotationHistoryGenerator {
    /// One person's copies, and what that person did.
    struct Person {
        var desk: AnnotatedArticle
        var articleAgent: AgentID
        var setAgent: AgentID
        var clock = 1_760_000_000_000
        var articleChanges: [Change] = []
        var setChanges: [Change] = []
    }

    var random: SeededRandom
    var people: [Person] = []
    private var wordCount = 0

    private init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// The history of a seed.
    ///
    /// - Throws: ``ChangeError`` if a copy refuses what another one took, which it must not.
    public static func history(seed: UInt64) throws(ChangeError) -> AnnotationHistory {
        var generator = AnnotationHistoryGenerator(seed: seed)
        let id = DocumentID.article(using: &generator.random)
        try generator.run(id)
        return AnnotationHistory(id: id, people: generator.people.map(\.desk))
    }

    private mutating func run(_ id: DocumentID) throws(ChangeError) {
        for _ in 0..<2 + random.below(4) {
            people.append(
                Person(
                    desk: AnnotatedArticle(
                        article: Replica(id: id), annotations: Replica(id: id.annotations)),
                    articleAgent: AgentID(rawValue: random.next()),
                    setAgent: AgentID(rawValue: random.next())))
        }
        try edit([TextEdit(0..<0, "Walls teach the water to climb. Rivers do not ask.\nA 🌊.")], 0)
        for index in people.indices.dropFirst() {
            try people[index].desk.takeAll(of: people[0].desk)
        }
        let meeting = Double.random(in: 0.05..<0.5, using: &random)
        for _ in 0..<20 + random.below(50) {
            if random.chance(meeting) { try meet() } else { try act(random.below(people.count)) }
        }
    }

    /// One person does something.
    private mutating func act(_ person: Int) throws(ChangeError) {
        switch random.below(100) {
        case ..<20: try editText(person)
        case ..<29: try annotate(person, .note)
        case ..<36: try annotate(person, .suggestion)
        case ..<46: try reply(person)
        case ..<62: try writeField(person)
        case ..<70: try tag(person)
        case ..<80: try decide(person)
        case ..<85: try writeTitle(person)
        case ..<90: try undo(person)
        default: try settle(person)
        }
    }

    /// One person hears some of what another one has.
    private mutating func meet() throws(ChangeError) {
        let teller = random.below(people.count)
        let hearer = random.below(people.count)
        let isInPart = random.chance(0.3)
        let documents = random.below(3)
        if documents != 1 {
            for change in news(
                from: people[teller].desk.article, to: people[hearer].desk.article, isInPart)
            {
                try people[hearer].desk.article.integrate(change)
            }
        }
        if documents != 2 {
            for change in news(
                from: people[teller].desk.annotations, to: people[hearer].desk.annotations,
                isInPart)
            {
                try people[hearer].desk.annotations.integrate(change)
            }
        }
    }

    private mutating func news(
        from teller: Replica, to hearer: Replica, _ isInPart: Bool
    ) -> [Change] {
        let known = hearer.versionVector
        let news = teller.log.entries.map(\.change).filter { !known.contains($0.id) }
        return isInPart ? Array(news.prefix(random.below(news.count + 1))) : news
    }

    // MARK: What people share

    /// A text that nobody used before, or now and then one that everybody uses.
    mutating func words() -> String {
        wordCount += 1
        return random.chance(0.2) ? "same" : "words \(wordCount)"
    }

    /// A range of one person's text, or `nil` if that is empty.
    mutating func range(_ person: Int, upTo length: Int) -> Range<Int>? {
        let count = people[person].desk.article.textCount
        guard count > 0 else { return nil }
        let lower = random.below(count)
        return lower..<min(count, lower + 1 + random.below(length))
    }

    mutating func author(_ agent: AgentID, _ person: Int) -> Author {
        people[person].clock += 1_000
        return Author(agent: agent, time: people[person].clock)
    }

    /// Commits operations to the annotation set.
    mutating func commit(_ ops: [Op], _ person: Int) throws(ChangeError) {
        guard !ops.isEmpty else { return }
        let author = author(people[person].setAgent, person)
        people[person].setChanges.append(
            try people[person].desk.annotations.commit(ops, by: author))
    }

    /// Commits operations to the article.
    mutating func commitToArticle(_ ops: [Op], _ person: Int) throws(ChangeError) {
        guard !ops.isEmpty else { return }
        let author = author(people[person].articleAgent, person)
        people[person].articleChanges.append(
            try people[person].desk.article.commit(ops, by: author))
    }

    mutating func edit(
        _ edits: [TextEdit], _ person: Int, at version: [OpID]? = nil, accepts: OpID? = nil
    ) throws(ChangeError) {
        let author = author(people[person].articleAgent, person)
        if let change = try people[person].desk.article.edit(
            edits, at: version, by: author, accepts: accepts)
        {
            people[person].articleChanges.append(change)
        }
    }
}
