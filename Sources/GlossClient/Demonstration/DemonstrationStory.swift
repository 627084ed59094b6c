import GlossCore

/// What the people of a ``Demonstration`` do.
enum DemonstrationStory {
    private static let text = """
        The last ferry to the island leaves at nine, and everybody on the quay knows it.

        The boat carries forty people and, in summer, twice as many bicycles. It has crossed the \
        sound since 1926, in all weathers but two.

        When the bridge opens the ferry will stop. The captain says that he will miss the gulls more \
        than the passengers.

        """
    private static let time = "at nine"
    private static let number = "forty people"
    private static let weathers = "all weathers but two"

    /// One adds an article and asks two things about it.
    static func begin(_ first: Library) throws -> DocumentID {
        let article = try first.addArticle(name: "ferry", title: "The Last Ferry", text: text).id
        try annotate(time, in: article, of: first, "Is that right?")
        try annotate(weathers, in: article, of: first, "Which two?")
        return article
    }

    /// Another one suggests something.
    static func suggest(_ second: Library, in article: DocumentID) throws {
        try annotate(
            number, in: article, of: second, "that is what the licence says",
            proposal: "forty-two people")
    }

    /// Offline, all three change the same things.
    static func work(
        _ own: Library, _ first: Library, _ second: Library, in article: DocumentID,
        _ clock: StoryClock
    ) throws {
        let question = try note(on: time, in: article, of: own)
        let suggestion = try note(on: number, in: article, of: own)
        let remark = try note(on: weathers, in: article, of: own)
        try own.set(
            .body, to: .text("Is that right? It is ten in summer."), of: [question],
            command: "edit")
        _ = try own.reject([suggestion], why: "round numbers read better", command: "reject")
        try own.set(.life, to: .withdrawn, of: [remark], command: "rm")
        clock.set(hoursAgo: 2)
        try first.set(
            .body, to: .text("Is that still right?"), of: [question], command: "edit")
        _ = try first.accept([suggestion], message: "the licence is a source", command: "accept")
        _ = try second.reply(
            to: remark, body: "1953 and 1987. I found it in the log.", command: "reply")
    }

    private static func annotate(
        _ words: String, in article: DocumentID, of library: Library, _ body: String,
        proposal: String? = nil
    ) throws {
        let view = try library.view(article)
        guard case .one(let range) = QuoteFinder(in: view.articleText).find(words) else {
            preconditionFailure("the article has these words once")
        }
        _ = try library.annotate(
            article, at: range, body: body, proposal: proposal, command: "note")
    }

    private static func note(
        on words: String, in article: DocumentID, of library: Library
    ) throws -> NoteReference {
        guard let note = try library.view(article).notes.first(where: { $0.quote.exact == words })
        else { preconditionFailure("somebody annotated these words") }
        return NoteReference(article: article, id: note.id, isReply: false)
    }
}
