import GlossCore
import GlossStorage
import Testing

@Suite("The contract of a store: purging")
struct PurgeContract {
    private let article = Fixture.article
    private static let other = DocumentID(high: 3, low: 0)

    @Test(
        "A purged article is gone with its set, and nothing brings its ids back",
        arguments: Engine.allCases)
    func purge(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            _ = try await store.createArticle(Self.other, in: Fixture.library, now: 2)
            let append = [article, article.annotations, Self.other].map {
                Append(document: $0, expectedHead: 0, rows: BlockContract.rows)
            }
            _ = try await store.commit(append)
            try await store.compact(
                article, to: 7, from: 0,
                changes: MirroredPacking.pack(BlockContract.rows.prefix(7).map(\.bytes)))
            let before = try await store.documents(in: Fixture.library, after: nil, limit: .max)
            #expect(try await store.purgedDocument(article) == nil)

            let purged = try await store.purge(article, now: 9)
            #expect(purged == before.filter { $0.id.article == article })
            for id in [article, article.annotations] {
                #expect(
                    try await store.purgedDocument(id)
                        == PurgedRecord(id: id, library: Fixture.library, article: article))
                #expect(try await store.document(id) == nil)
                #expect(try await store.header(of: id, at: 0) == nil)
                #expect(try await store.block(of: id) == nil)
                #expect(try await store.size(of: id) == nil)
                #expect(try await store.agents(of: id).isEmpty)
                #expect(
                    try await store.rows(of: id, after: 0, maxBytes: .max, maxRows: .max).isEmpty)
                await expect(.gone) {
                    _ = try await store.commit([
                        Append(document: id, expectedHead: 0, rows: [Fixture.row(0)])
                    ])
                }
            }
            await expect(.gone) {
                _ = try await store.createArticle(article, in: Fixture.library, now: 9)
            }
            try await store.reclaim()
            #expect(try await store.purge(article, now: 10).isEmpty)
            #expect(
                try await store.documents(in: Fixture.library, after: nil, limit: .max)
                    == before.filter { $0.id.article != article })
            let rest = try await store.rows(
                of: Self.other, after: 0, maxBytes: .max, maxRows: .max)
            #expect(rest.map(\.bytes) == BlockContract.rows.map(\.bytes))
        }
    }

    @Test("What is no article, or not there, is not purged", arguments: Engine.allCases)
    func refusals(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            await expect(.invalid) { _ = try await store.purge(article.annotations, now: 1) }
            await expect(.notFound) { _ = try await store.purge(Self.other, now: 1) }
            #expect(try await store.purgedDocument(Self.other) == nil)
            #expect(try await store.document(article) != nil)
        }
    }
}
