import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage
import Testing

@testable import GlossServer

/// Logs from before there were receipts: nobody has hashed them yet.
@Suite("Logs from before there were receipts", .timeLimit(.minutes(1)))
struct OldLogTests {
    private static let articles = (1...3).map { DocumentID(high: UInt64($0), low: 2) }

    /// A desk whose articles have three changes each, and no chain.
    private static func desk() async throws -> Desk {
        let writer = try await Desk()
        for seq in 0..<3 {
            _ = try await writer.push([
                (Sample.article, [Sample.typing("x", agent: Sample.agent(1), seq: seq)])
            ])
        }
        let rows = try await writer.rows().map { row in
            NewRow(
                agent: row.agent, seq: row.seq, count: row.count, bytes: row.bytes, hash: row.hash,
                user: row.user, device: row.device, deviceLabel: row.deviceLabel,
                receivedAt: row.receivedAt)
        }
        let base = MemoryStore(lineage: 1, packing: HistoryPacking())
        try await base.addLibrary(LibraryRecord(id: Sample.library, name: "desk", createdAt: 1))
        for article in articles {
            _ = try await base.createArticle(article, in: Sample.library, now: 1)
            _ = try await base.commit([Append(document: article, expectedHead: 0, rows: rows)])
        }
        let store = FaultyStore(base)
        return try await Desk(on: store, signer: ReceiptSigner(store))
    }

    @Test("Many newcomers have a log hashed once, and each gets the receipt")
    func herd() async throws {
        let desk = try await Self.desk()
        let (store, rooms, article) = (desk.store, desk.rooms, Self.articles[0])
        store.holdRows()
        let newcomers = (0..<50).map { _ in
            Task { try await rooms.status(of: article, at: 0, for: "ana") }
        }
        while store.headerReads < newcomers.count { await Task.yield() }
        // Each of them has found the log unhashed, and asks the rooms now.
        for _ in 0..<200 { _ = await rooms.count }
        store.releaseRows()
        var receipts: Set<LogReceipt> = []
        for newcomer in newcomers {
            receipts.insert(try #require(try await newcomer.value?.receipt))
        }
        #expect(receipts.count == 1 && receipts.first?.chain.position == 3)
        #expect(store.rowReads[article] == 1)
    }

    @Test("However many old logs are asked for, one is hashed at a time")
    func oneByOne() async throws {
        let desk = try await Self.desk()
        let (store, rooms) = (desk.store, desk.rooms)
        store.holdRows()
        let newcomers = Self.articles.map { article in
            Task { try await rooms.status(of: article, at: 0, for: "ana") }
        }
        while store.rowReads.isEmpty || store.headerReads < newcomers.count { await Task.yield() }
        for _ in 0..<200 { _ = await rooms.count }
        #expect(store.rowReads.count == 1)
        store.releaseRows()
        for newcomer in newcomers {
            #expect(try await newcomer.value?.receipt?.chain.position == 3)
        }
        #expect(store.rowReads == Dictionary(uniqueKeysWithValues: Self.articles.map { ($0, 1) }))
    }

    @Test("On a full disk they can be read all the same, and are hashed again the next time")
    func fullDisk() async throws {
        let desk = try await Self.desk()
        let article = Self.articles[0]
        desk.store.failNextChain(StoreError(.diskFull, "the disk is full"))
        let status = try #require(
            try await desk.rooms.status(of: article, at: 0, for: "ana"))
        #expect(status.head == 3 && status.receipt?.chain.position == 3)
        #expect(try await desk.store.document(article)?.chain == nil)
        let slice = try await desk.rooms.slice(of: article, after: 0)
        #expect(slice.rows.count == 3 && slice.receipt == status.receipt)
        // Another server, with room on its disk.
        let other = try await Desk(on: desk.store, signer: ReceiptSigner(desk.store))
        #expect(
            try await other.rooms.status(of: article, at: 0, for: "ana")?.receipt
                == status.receipt)
        #expect(try await desk.store.document(article)?.chain == status.receipt?.chain.digest.bytes)
    }

    @Test("A disk that does not keep what it was told to stops the reading")
    func failedSync() async throws {
        let desk = try await Self.desk()
        desk.store.failNextChain(StoreError(.fsyncFailed, "fsync failed"))
        let error = await #expect(throws: StoreError.self) {
            try await desk.rooms.status(of: Self.articles[0], at: 0, for: "ana")
        }
        #expect(error?.code == .fsyncFailed)
    }
}
