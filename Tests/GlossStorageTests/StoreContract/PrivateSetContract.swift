import GlossCore
import GlossStorage
import Testing

@Suite("The contract of a store: private annotation sets")
struct PrivateSetContract {
    private let article = Fixture.article
    private static let other = DocumentID(high: 3, low: 0)
    private static let anns = DocumentID.privateSet(high: 5, low: 8)
    private static let bobs = DocumentID.privateSet(high: 4, low: 8)

    private func withSets(
        _ engine: Engine, _ body: (any Store) async throws -> Void
    ) async throws {
        try await engine.withStore { (store) async throws in
            _ = try await store.createArticle(Self.other, in: Fixture.library, now: 2)
            for (user, set) in [("ann", Self.anns), ("bob", Self.bobs)] {
                try await store.addUser(UserRecord(name: user, createdAt: 1))
                try await store.setRole(.reader, of: user, in: Fixture.library)
                let made = try await store.createPrivateSet(set, of: article, for: user, now: 7)
                #expect(
                    made
                        == DocumentRecord(
                            id: set, library: Fixture.library, head: 0, sum: 0, createdAt: 7,
                            article: article, owner: user))
            }
            try await body(store)
        }
    }

    @Test("A user's set is made once, and is a document like others", arguments: Engine.allCases)
    func made(_ engine: Engine) async throws {
        try await withSets(engine) { (store) async throws in
            let again = try await store.createPrivateSet(
                Self.anns, of: article, for: "ann", now: 9)
            #expect(again.createdAt == 7)
            #expect(try await store.document(Self.anns) == again)
            #expect(try await store.privateSets(of: article).map(\.id) == [Self.bobs, Self.anns])
            #expect(try await store.privateSets(of: Self.other).isEmpty)
            _ = try await store.commit([
                Append(document: Self.anns, expectedHead: 0, rows: BlockContract.rows)
            ])
            try await store.compact(
                Self.anns, to: 7, from: 0,
                changes: MirroredPacking.pack(BlockContract.rows.prefix(7).map(\.bytes)))
            let rows = try await store.rows(
                of: Self.anns, after: 0, maxBytes: .max, maxRows: .max)
            #expect(rows.map(\.bytes) == BlockContract.rows.map(\.bytes))
            #expect(try await store.document(Self.bobs)?.head == 0)
            #expect(try await store.document(article)?.owner == nil)
        }
    }

    @Test("What cannot be somebody's set is refused", arguments: Engine.allCases)
    func refusals(_ engine: Engine) async throws {
        try await withSets(engine) { (store) async throws in
            let free = DocumentID.privateSet(high: 9, low: 9)
            func make(
                _ id: DocumentID, _ article: DocumentID, _ user: String
            ) async throws {
                _ = try await store.createPrivateSet(id, of: article, for: user, now: 8)
            }
            await expect(.invalid) { try await make(Self.other.annotations, article, "ann") }
            await expect(.invalid) { try await make(free, article.annotations, "ann") }
            await expect(.notFound) { try await make(free, DocumentID(high: 77, low: 0), "ann") }
            await expect(.notFound) { try await make(free, article, "cyd") }
            await expect(.exists) { try await make(Self.anns, article, "bob") }
            await expect(.exists) { try await make(Self.anns, Self.other, "ann") }
            await expect(.invalid) {
                _ = try await store.createArticle(free, in: Fixture.library, now: 1)
            }
            #expect(try await store.document(free) == nil)
        }
    }

    @Test("Lists have one's own sets behind all else, and no others", arguments: Engine.allCases)
    func lists(_ engine: Engine) async throws {
        try await withSets(engine) { (store) async throws in
            let all = try await store.documents(in: Fixture.library, after: nil, limit: .max)
            #expect(all.count == 6 && all.suffix(2).map(\.id) == [Self.bobs, Self.anns])
            for limit in 1...6 {
                var found: [DocumentID] = []
                while true {
                    let page = try await store.documents(
                        in: Fixture.library, readableBy: "ann", after: found.last, limit: limit)
                    found += page.map(\.id)
                    if page.count < limit { break }
                }
                #expect(found == all.map(\.id).filter { $0 != Self.bobs })
            }
            try await store.setDocumentRole(
                DocumentRole(article: article, user: "ann", role: nil))
            let rest = try await store.documents(
                in: Fixture.library, readableBy: "ann", after: nil, limit: .max)
            #expect(rest.map(\.id) == [Self.other, Self.other.annotations])
        }
    }

    @Test(
        "They are purged with their article, and it is known whose they were",
        arguments: Engine.allCases)
    func purged(_ engine: Engine) async throws {
        try await withSets(engine) { (store) async throws in
            _ = try await store.commit([
                Append(document: Self.anns, expectedHead: 0, rows: BlockContract.rows)
            ])
            await expect(.invalid) { _ = try await store.purge(Self.anns, now: 1) }
            let purged = try await store.purge(article, now: 9)
            #expect(purged.map(\.id) == [article, article.annotations, Self.bobs, Self.anns])
            #expect(
                try await store.purgedDocument(Self.anns)
                    == PurgedRecord(
                        id: Self.anns, library: Fixture.library, article: article, owner: "ann"))
            #expect(try await store.document(Self.anns) == nil)
            await expect(.gone) {
                _ = try await store.commit([
                    Append(document: Self.anns, expectedHead: 0, rows: [Fixture.row(0)])
                ])
            }
            await expect(.gone) {
                _ = try await store.createPrivateSet(Self.anns, of: article, for: "ann", now: 8)
            }
        }
    }
}
