import GlossCore
import GlossStorage
import TestSupport

@testable import GlossClient
@testable import GlossServer

/// Two editors, mira and jo, with one article on a server.
struct SimulatedDesk {
    static let text = "Walls teach the water to climb. Rivers go on."

    let clock = TestClock()
    var server: SimulatedServer
    let mira: Library
    let jo: Library
    let article: DocumentID

    init(
        store: any Store = MemoryStore(lineage: 1, packing: HistoryPacking()), signs: Bool = false
    ) async throws {
        let clock = clock
        server = try await SimulatedServer(store: store, signs: signs, clock: { clock.now })
        mira = try Library.inMemory(clock, seed: 1)
        jo = try Library.inMemory(clock, seed: 2)
        try await server.join(mira, as: "mira", .editor)
        article = try mira.addArticle(name: "river", title: "", text: Self.text).id
        try await server.sync(mira)
        try await server.join(jo, as: "jo", .editor)
    }

    /// Bo, a third editor, joins.
    func bo() async throws -> Library {
        let bo = try Library.inMemory(clock, seed: 3)
        try await server.join(bo, as: "bo", .editor)
        return bo
    }

    /// What somebody sees of the article.
    func sight(_ library: Library) throws -> Sight {
        try Sight(library.view(article), of: library.profile().user)
    }

    /// Why a sync of somebody's fails; `nil` if it does not.
    func failure(_ library: Library) async -> ClientError? {
        do {
            try await server.sync(library)
            return nil
        } catch { return error as? ClientError }
    }

    /// Puts words in the place of others.
    func edit(_ words: String, _ replacement: String, by library: Library) throws {
        let view = try library.view(article)
        let range = try place(words, in: view)
        _ = try library.edit(
            article, [TextEdit(range, replacement)], at: view.version, message: nil,
            command: "edit \(words)")
    }

    /// Annotates words.
    @discardableResult
    func note(
        _ words: String, _ body: String, proposal: String? = nil, isPrivate: Bool = false,
        by library: Library
    ) throws -> NoteReference {
        let range = try place(words, in: try library.view(article))
        let id = try library.annotate(
            article, at: range, body: body, proposal: proposal, isPrivate: isPrivate,
            command: "note \(words)")
        return try library.note(library.shortID(of: id))
    }

    func place(_ words: String, in view: ArticleView) throws -> Range<Int> {
        guard case .one(let range) = QuoteFinder(in: view.articleText).find(words) else {
            throw ClientError(.noMatch, words)
        }
        return range
    }
}
