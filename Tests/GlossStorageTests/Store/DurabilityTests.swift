import GlossCore
import Testing

@testable import GlossStorage

/// What was on disk when a call returned, as seen between SQLite and the operating system.
@Suite("What has returned is on disk")
struct DurabilityTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        DiskWatch.start()
        directory = try TemporaryDirectory()
        path = directory.file("store")
    }

    /// Commits a few times and says after how many of those all bytes written were also synced.
    private func durableCommits(of count: Int, synchronous: Int) async throws -> Int {
        let store = try SQLiteStore(
            path: path, lineage: 1, packing: NoPacking(),
            tuning: .init(synchronous: synchronous))
        try await Fixture.fill(store)
        var durable = 0
        for seq in 0..<count {
            let before = DiskWatch.activity(at: path + "-wal")
            _ = try await store.commit([
                Append(document: Fixture.article, expectedHead: seq, rows: [Fixture.row(seq)])
            ])
            let after = DiskWatch.activity(at: path + "-wal")
            #expect(after.writes > before.writes, "the watch sees the commit")
            if after.unsyncedWrites == 0, after.syncs > before.syncs { durable += 1 }
        }
        try await store.close()
        return durable
    }

    @Test("A commit waits for the disk before it returns")
    func commits() async throws {
        #expect(try await durableCommits(of: 10, synchronous: 2) == 10)
    }

    @Test("The check notices a store that does not wait", arguments: [0, 1])
    func detects(_ synchronous: Int) async throws {
        #expect(try await durableCommits(of: 10, synchronous: synchronous) == 0)
    }

    @Test("After the disk failed to confirm a write nothing more is promised")
    func syncFails() async throws {
        let store = try SQLiteStore(path: path, lineage: 1, packing: NoPacking())
        try await Fixture.fill(store)
        let append = Append(
            document: Fixture.article, expectedHead: 0, rows: [Fixture.row(0)])
        DiskWatch.fail(.sync, at: path + "-wal")
        await expect(.fsyncFailed) { _ = try await store.commit([append]) }
        DiskWatch.fail(nil, at: path + "-wal")
        await expect(.fsyncFailed) { _ = try await store.commit([append]) }
        await expect(.fsyncFailed) { _ = try await store.document(Fixture.article) }
        try await store.close()
    }

    @Test("A disk without room refuses a commit, and takes it once there is room")
    func diskFills() async throws {
        let store = try SQLiteStore(path: path, lineage: 1, packing: NoPacking())
        try await Fixture.fill(store)
        let append = Append(
            document: Fixture.article, expectedHead: 0, rows: [Fixture.row(0)])
        DiskWatch.fail(.full, at: path + "-wal")
        await expect(.diskFull) { _ = try await store.commit([append]) }
        #expect(try await store.document(Fixture.article)?.head == 0)
        DiskWatch.fail(nil, at: path + "-wal")
        #expect(try await store.commit([append]).first?.firstPosition == 1)
        try await store.close()
    }

    @Test("A write to a client's library waits for the disk before it returns")
    func library() throws {
        let library = try LibraryStore(path: path)
        for number in 0..<5 {
            let before = DiskWatch.activity(at: path)
            try library.write { try $0.setMeta(.role, to: "\(number)") }
            let after = DiskWatch.activity(at: path)
            #expect(after.writes > before.writes)
            #expect(after.syncs > before.syncs)
            #expect(after.unsyncedWrites == 0)
        }
        DiskWatch.fail(.sync, at: path)
        expectSync(.fsyncFailed) { try library.write { try $0.setMeta(.role, to: "x") } }
        DiskWatch.fail(nil, at: path)
        try library.close()
    }
}
