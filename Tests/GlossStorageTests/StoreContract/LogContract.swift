import GlossCore
import GlossStorage
import Testing

@Suite("The contract of a store: documents and their logs")
struct LogContract {
    private let article = Fixture.article
    private let agent = Fixture.agent

    @Test(
        "An article and its annotation set are made together, and again without harm",
        arguments: Engine.allCases)
    func createArticle(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            let made = try await store.createArticle(article, in: Fixture.library, now: 50)
            #expect(
                made.article
                    == DocumentRecord(
                        id: article, library: Fixture.library, head: 0, sum: 0, createdAt: 2))
            #expect(made.annotations.id == article.annotations)
            #expect(made.annotations.kind == .annotations)
            #expect(try await store.document(article.annotations) == made.annotations)
            #expect(try await store.document(DocumentID(high: 0, low: 0)) == nil)

            await expect(.invalid) {
                _ = try await store.createArticle(
                    article.annotations, in: Fixture.library, now: 1)
            }
            let unknown = DocumentID(high: 1, low: 2)
            await expect(.notFound) {
                _ = try await store.createArticle(unknown, in: Fixture.other, now: 1)
            }
            try await store.addLibrary(LibraryRecord(id: Fixture.other, name: "x", createdAt: 1))
            await expect(.exists) {
                _ = try await store.createArticle(article, in: Fixture.other, now: 1)
            }
            #expect(try await store.document(unknown) == nil)
        }
    }

    @Test(
        "Documents are listed by library and page in the order of their ids",
        arguments: Engine.allCases)
    func documents(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            try await store.addLibrary(LibraryRecord(id: Fixture.other, name: "x", createdAt: 1))
            let low = DocumentID(high: 1, low: 0x8000_0000_0000_0000)
            let elsewhere = DocumentID(high: 2, low: 0)
            _ = try await store.createArticle(low, in: Fixture.library, now: 1)
            _ = try await store.createArticle(elsewhere, in: Fixture.other, now: 1)
            let all = try await store.documents(in: Fixture.library, after: nil, limit: .max)
            let ids = [low, low.annotations, article, article.annotations]
            #expect(all.map(\.id) == ids)
            let page = try await store.documents(
                in: Fixture.library, after: low.annotations, limit: 1)
            #expect(page.map(\.id) == [article])
            #expect(
                try await store.documents(
                    in: Fixture.library, after: article.annotations, limit: 5) == [])
            #expect(try await store.documents(in: Fixture.library, after: nil, limit: 0) == [])
        }
    }

    @Test(
        "Rows come back as they were appended, with positions and running checksums",
        arguments: Engine.allCases)
    func append(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            let rows = [
                Fixture.row(0, count: 3, hash: .max), Fixture.row(3, hash: 5),
                Fixture.row(0, by: AgentID(rawValue: 1), bytes: 0, hash: 1 << 63),
            ]
            let results = try await store.commit([
                Append(document: article, expectedHead: 0, rows: rows)
            ])
            let sums: [UInt64] = [.max, 4, 4 + 1 << 63]
            #expect(results == [Appended(document: article, firstPosition: 1, sums: sums)])
            let stored = try await store.rows(
                of: article, after: 0, maxBytes: .max, maxRows: .max)
            #expect(stored.map(\.position) == [1, 2, 3])
            for (new, row) in zip(rows, stored) {
                #expect(row.bytes == new.bytes && row.hash == new.hash && row.user == new.user)
                #expect(row.agent == new.agent && row.seq == new.seq && row.count == new.count)
                #expect(row.device == new.device && row.deviceLabel == new.deviceLabel)
                #expect(row.receivedAt == new.receivedAt)
            }
            #expect(stored.map(\.sum) == sums)
            #expect(try await store.document(article)?.head == 3)
            #expect(try await store.document(article)?.sum == sums[2])
            #expect(
                try await store.documents(in: Fixture.library, after: nil, limit: 1).first?.head
                    == 3)
            #expect(try await store.document(article.annotations)?.head == 0)
            #expect(try await store.sum(of: article, at: 0) == 0)
            #expect(try await store.sum(of: article, at: 2) == 4)
            #expect(try await store.sum(of: article, at: 4) == nil)
            #expect(try await store.sum(of: article, at: -1) == nil)
            #expect(try await store.sum(of: DocumentID(high: 0, low: 0), at: 0) == nil)
        }
    }

    @Test(
        "Pages are cut by rows and by bytes, and hold at least one row", arguments: Engine.allCases)
    func pages(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            let rows = (0..<6).map { Fixture.row($0, bytes: $0 == 2 ? 500 : 10) }
            _ = try await store.commit([Append(document: article, expectedHead: 0, rows: rows)])
            func page(_ after: Int, _ bytes: Int, _ count: Int) async throws -> [Int] {
                try await store.rows(of: article, after: after, maxBytes: bytes, maxRows: count)
                    .map(\.position)
            }
            #expect(try await page(0, .max, 2) == [1, 2])
            #expect(try await page(0, 20, .max) == [1, 2])
            #expect(try await page(0, 19, .max) == [1])
            #expect(try await page(2, 1, .max) == [3])
            #expect(try await page(3, 1000, .max) == [4, 5, 6])
            #expect(try await page(6, 1000, .max) == [])
            #expect(try await page(99, 1000, .max) == [])
            #expect(try await page(0, 1000, 0) == [])
            let none = try await store.rows(
                of: DocumentID(high: 0, low: 0), after: 0, maxBytes: 9, maxRows: 9)
            #expect(none == [])
        }
    }

    @Test("A row is found by any operation it holds", arguments: Engine.allCases)
    func holding(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            _ = try await store.commit([
                Append(
                    document: article, expectedHead: 0,
                    rows: [Fixture.row(0, count: 3), Fixture.row(3, count: 2)])
            ])
            func position(_ seq: Int, _ agent: AgentID = Fixture.agent) async throws -> Int? {
                try await store.row(of: article, holding: OpID(agent: agent, seq: seq))?.position
            }
            #expect(try await position(0) == 1)
            #expect(try await position(2) == 1)
            #expect(try await position(3) == 2)
            #expect(try await position(5) == nil)
            #expect(try await position(0, AgentID(rawValue: 4)) == nil)
            #expect(
                try await store.row(
                    of: article.annotations, holding: OpID(agent: agent, seq: 0)) == nil)
        }
    }

    @Test(
        "A header has head, checksum, size and agents of one moment, and the checksum at a position",
        arguments: Engine.allCases)
    func header(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            let small = AgentID(rawValue: 1)
            let empty = try #require(try await store.header(of: article, at: 0))
            #expect(empty.record == (try await store.document(article)))
            #expect(empty.agents.isEmpty && empty.sum == 0)
            _ = try await store.commit([
                Append(
                    document: article, expectedHead: 0,
                    rows: [
                        Fixture.row(0, count: 3, bytes: 20, hash: 5),
                        Fixture.row(0, by: small, hash: 6), Fixture.row(3, bytes: 7, hash: 8),
                    ])
            ])
            let header = try #require(try await store.header(of: article, at: 2))
            #expect(header.record.head == 3 && header.record.sum == 19)
            #expect(header.record.byteCount == 37)
            #expect(header.agents == (try await store.agents(of: article)))
            #expect(header.agents.map(\.nextSeq) == [1, 4])
            #expect(header.sum == 11)
            #expect(try await store.header(of: article, at: 3)?.sum == 19)
            #expect(try await store.header(of: article, at: 4)?.sum == nil)
            #expect(try await store.header(of: DocumentID(high: 0, low: 0), at: 0) == nil)
        }
    }

    @Test("Marks are those of the rows at the positions asked for", arguments: Engine.allCases)
    func marks(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            _ = try await store.commit([
                Append(
                    document: article, expectedHead: 0,
                    rows: [Fixture.row(0, hash: 5), Fixture.row(1, hash: .max)])
            ])
            let marks = try await store.marks(of: article, at: [2, 0, 1, 3, -1])
            #expect(
                marks == [
                    LogMark(position: 2, hash: Fixture.hash(.max), sum: 4, receivedAt: 1001),
                    LogMark(position: 1, hash: Fixture.hash(5), sum: 5, receivedAt: 1000),
                ])
            #expect(try await store.marks(of: article.annotations, at: [1]).isEmpty)
            #expect(try await store.marks(of: DocumentID(high: 0, low: 0), at: [1]).isEmpty)
        }
    }

    @Test("An agent belongs to the user and device of its first row", arguments: Engine.allCases)
    func agents(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            let small = AgentID(rawValue: 1)
            _ = try await store.commit([
                Append(
                    document: article, expectedHead: 0,
                    rows: [Fixture.row(0, count: 3), Fixture.row(0, by: small, user: "bob")])
            ])
            let expected = [
                AgentRecord(
                    document: article, agent: small, user: "bob", device: Fixture.device,
                    nextSeq: 1),
                AgentRecord(
                    document: article, agent: agent, user: "ann", device: Fixture.device,
                    nextSeq: 3),
            ]
            #expect(try await store.agents(of: article) == expected)
            for thief in [
                Fixture.row(3, user: "bob"), Fixture.row(3, device: DeviceID(rawValue: 4)),
            ] {
                await expect(.agentTaken) {
                    _ = try await store.commit([
                        Append(document: article, expectedHead: 2, rows: [thief])
                    ])
                }
            }
            #expect(try await store.agents(of: article) == expected)
            #expect(try await store.agents(of: article.annotations) == [])
            // The same agent in another document is another matter.
            _ = try await store.commit([
                Append(
                    document: article.annotations, expectedHead: 0,
                    rows: [Fixture.row(0, user: "bob")])
            ])
        }
    }

    @Test("A wrong head, number or hash is refused", arguments: Engine.allCases)
    func refusals(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            func commit(_ head: Int, _ rows: NewRow...) async throws {
                _ = try await store.commit([
                    Append(document: article, expectedHead: head, rows: rows)
                ])
            }
            try await commit(0, Fixture.row(0, count: 3))
            await expect(.stale) { try await commit(0, Fixture.row(3)) }
            await expect(.stale) { try await commit(2, Fixture.row(3)) }
            await expect(.exists) { try await commit(1, Fixture.row(0, count: 3)) }
            await expect(.exists) { try await commit(1, Fixture.row(2, count: 3)) }
            await expect(.gap) { try await commit(1, Fixture.row(4)) }
            await expect(.gap) { try await commit(1, Fixture.row(1, by: AgentID(rawValue: 1))) }
            await expect(.exists) { try await commit(1, Fixture.row(3), Fixture.row(3)) }
            await expect(.invalid) { try await commit(1, Fixture.row(3, count: 0)) }
            await expect(.invalid) { try await commit(1, Fixture.row(-1)) }
            await expect(.invalid) { try await commit(1, Fixture.row(3, count: .max)) }
            var short = Fixture.row(3)
            short.hash.removeLast()
            await expect(.invalid) { [short] in try await commit(1, short) }
            await expect(.notFound) {
                _ = try await store.commit([
                    Append(
                        document: DocumentID(high: 0, low: 0), expectedHead: 0,
                        rows: [Fixture.row(0)])
                ])
            }
            #expect(try await store.document(article)?.head == 1)
        }
    }

    @Test("A commit takes effect in all its documents or in none", arguments: Engine.allCases)
    func atomic(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            let good = Append(document: article, expectedHead: 0, rows: [Fixture.row(0)])
            let bad = Append(
                document: article.annotations, expectedHead: 7, rows: [Fixture.row(0)])
            await expect(.stale) { _ = try await store.commit([good, bad]) }
            #expect(try await store.document(article)?.head == 0)
            #expect(try await store.agents(of: article) == [])
            let next = Append(document: article, expectedHead: 1, rows: [Fixture.row(1)])
            let set = Append(
                document: article.annotations, expectedHead: 0, rows: [Fixture.row(0)])
            let done = try await store.commit([good, set, next])
            #expect(done.map(\.firstPosition) == [1, 1, 2])
            #expect(try await store.document(article)?.head == 2)
            #expect(try await store.document(article.annotations)?.head == 1)
            #expect(try await store.commit([]) == [])
            let nothing = try await store.commit([
                Append(document: article, expectedHead: 2, rows: [])
            ])
            #expect(nothing == [Appended(document: article, firstPosition: 3, sums: [])])
        }
    }
}
