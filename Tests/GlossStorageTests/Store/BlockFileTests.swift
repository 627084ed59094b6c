import GRDB
import GlossCore
import Synchronization
import Testing

@testable import GlossStorage

@Suite("Blocks in the file of a server's store")
struct BlockFileTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        DiskWatch.start()
        directory = try TemporaryDirectory()
        path = directory.file("store")
    }

    private func open(_ path: String? = nil) throws -> SQLiteStore {
        try SQLiteStore(path: path ?? self.path, lineage: 1, packing: MirroredPacking())
    }

    private func filled() async throws -> SQLiteStore {
        let store = try open()
        try await Fixture.fill(store)
        _ = try await store.commit([
            Append(document: Fixture.article, expectedHead: 0, rows: BlockContract.rows)
        ])
        return store
    }

    private func compact(_ store: SQLiteStore) async throws {
        let packed = MirroredPacking.pack(BlockContract.rows.prefix(7).map(\.bytes))
        try await store.compact(Fixture.article, to: 7, from: 0, changes: packed)
    }

    private func rows(_ store: SQLiteStore) async throws -> [LogRow] {
        try await store.rows(of: Fixture.article, after: 0, maxBytes: .max, maxRows: .max)
    }

    @Test("What is compacted is on disk, and what a kill leaves behind holds every row")
    func killed() async throws {
        let store = try await filled()
        let before = try await rows(store)
        try copyLive(path, to: directory.file("early"))
        try await compact(store)
        #expect(DiskWatch.activity(at: path + "-wal").unsyncedWrites == 0)
        try copyLive(path, to: directory.file("late"))
        try await store.close()
        for (name, head) in [("early", 0), ("late", 7)] {
            let copy = try open(directory.file(name))
            #expect(try await rows(copy) == before)
            #expect(try await copy.size(of: Fixture.article)?.blockHead == head)
            try await copy.close()
        }
    }

    @Test("A compaction that finds the disk full changes nothing, and can be done again")
    func diskFull() async throws {
        let store = try await filled()
        let before = try await rows(store)
        DiskWatch.fail(.full, at: path + "-wal")
        await expect(.diskFull) { try await compact(store) }
        #expect(try await rows(store) == before)
        DiskWatch.fail(nil, at: path + "-wal")
        try await compact(store)
        #expect(try await rows(store) == before)
        try await store.close()
    }

    @Test("A backup holds blocks as they are")
    func backup() async throws {
        let store = try await filled()
        let before = try await rows(store)
        try await compact(store)
        try await store.backup(to: directory.file("copy"))
        try await store.close()
        let copy = try open(directory.file("copy"))
        #expect(try await rows(copy) == before)
        try await copy.close()
    }

    @Test(
        "A damaged block is found, the document named, and others are served",
        arguments: [
            "changes = x'0009ff'", "changes = x''", "columns = x'01'", "columns = x''",
            "columns = substr(columns, 1, length(columns) - 1)",
            "columns = CAST(x'02' || substr(columns, 2) AS BLOB)", "sum = sum + 1",
            "hashes = zeroblob(length(hashes))",
        ])
    func damaged(_ damage: String) async throws {
        let store = try await filled()
        _ = try await store.commit([
            Append(
                document: Fixture.article.annotations, expectedHead: 0, rows: [Fixture.row(0)])
        ])
        try await compact(store)
        try await store.close()
        let queue = try DatabaseQueue(path: path)
        try await queue.write { try $0.execute(sql: "UPDATE blocks SET \(damage)") }
        try queue.close()
        let again = try open()
        do {
            _ = try await rows(again)
            Issue.record("nothing was found")
        } catch let error as StoreError {
            #expect(error.code == .corrupt)
            #expect(error.message.contains("\(Fixture.article)"))
        }
        let tail = try await again.rows(
            of: Fixture.article, after: 7, maxBytes: .max, maxRows: .max)
        #expect(tail.map(\.position) == [8, 9, 10])
        let set = try await again.rows(
            of: Fixture.article.annotations, after: 0, maxBytes: .max, maxRows: .max)
        #expect(set.count == 1)
        try await again.close()
    }

    @Test("A block is opened once, however many read in it, and at once")
    func opened() async throws {
        let store = try await filled()
        try await compact(store)
        try await store.close()
        let packing = CountedPacking()
        let again = try SQLiteStore(path: path, lineage: 1, packing: packing)
        try await withThrowingTaskGroup { group in
            for _ in 0..<16 {
                group.addTask {
                    let rows = try await again.rows(
                        of: Fixture.article, after: 0, maxBytes: .max, maxRows: .max)
                    #expect(rows.count == 10)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await rows(again).count == 10)
        #expect(packing.count.withLock { $0 } == 1)
        // A new block in its place is another one.
        let packed = MirroredPacking.pack(BlockContract.rows.prefix(9).map(\.bytes))
        try await again.compact(Fixture.article, to: 9, from: 7, changes: packed)
        #expect(try await rows(again).count == 10)
        #expect(packing.count.withLock { $0 } == 3)
        try await again.close()
    }

    @Test("Marks and checksums in a long block are those of its rows, in whatever order")
    func longBlock() async throws {
        let store = try open()
        try await Fixture.fill(store)
        let rows = (0..<3_000).map {
            Fixture.row($0, hash: UInt64($0 + 1) &* 0x9E37_79B9_7F4A_7C15)
        }
        let sums = try await store.commit([
            Append(document: Fixture.article, expectedHead: 0, rows: rows)
        ])[0].sums
        func check(_ positions: [Int]) async throws {
            for position in positions {
                #expect(
                    try await store.sum(of: Fixture.article, at: position) == sums[position - 1])
            }
            let marks = try await store.marks(of: Fixture.article, at: positions)
            #expect(marks.map(\.position) == positions)
            #expect(marks.map(\.hash) == positions.map { rows[$0 - 1].hash })
            #expect(marks.map(\.sum) == positions.map { sums[$0 - 1] })
        }
        var from = 0
        for head in [1_100, 2_048, 2_900] {
            let packed = MirroredPacking.pack(rows.prefix(head).map(\.bytes))
            try await store.compact(Fixture.article, to: head, from: from, changes: packed)
            from = head
            try await check([1_025, 1, head, 1_024, head + 1, 1_000, 1_099, 1_023, 3_000, 2])
        }
        try await check([2_047, 2_048, 2_049, 2_899])
        #expect(try await store.sum(of: Fixture.article, at: 3_001) == nil)
        // Another document may get the number of one that was purged.
        _ = try await store.purge(Fixture.article, now: 9)
        #expect(try await store.marks(of: Fixture.article, at: [1]).isEmpty)
        try await store.close()
    }

    @Test("Of opened blocks those used longest ago go, and the last may be as large as it is")
    func kept() throws {
        func block(_ number: UInt64, bytes: Int) throws -> OpenBlock {
            var columns = BlockColumns()
            columns.append(agent: Fixture.agent, label: "", count: 1, receivedAt: 1)
            let change = [UInt8](repeating: 1, count: bytes)
            return try OpenBlock(
                StoredBlock(
                    head: 1, sum: 7, columns: columns.bytes, hashes: Fixture.hash(7),
                    changes: MirroredPacking.pack([change])),
                of: DocumentID(high: number, low: 0x10),
                agents: [
                    AgentRecord(
                        document: Fixture.article, agent: Fixture.agent, user: "ann",
                        device: Fixture.device, nextSeq: 1)
                ], packing: MirroredPacking())
        }
        var blocks = OpenBlocks(byteLimit: 3_000)
        func isKept(_ number: UInt64) -> Bool {
            let found = blocks.block(of: DocumentID(high: number, low: 0x10), head: 1) {
                Task { nil }
            }
            if case .opened = found { return true }
            return false
        }
        for (number, bytes) in [(UInt64(1), 1_000), (2, 1_000), (3, 1_000)] {
            #expect(!isKept(number))
            let block = try block(number, bytes: bytes)
            blocks.finish(block.document, head: 1, block)
            #expect(isKept(1))
        }
        #expect(isKept(3) && !isKept(2))
        let large = try block(4, bytes: 9_000)
        #expect(!isKept(4))
        blocks.finish(large.document, head: 1, large)
        #expect(isKept(4) && !isKept(1) && !isKept(3))
        blocks.drop(large.document)
        #expect(!isKept(4))
    }

    @Test("A program without packing says so, and reads what is not compacted")
    func noPacking() async throws {
        let store = try await filled()
        try await compact(store)
        try await store.close()
        let other = try SQLiteStore(path: path, lineage: 1, packing: NoPacking())
        await expect(.unsupported) { _ = try await rows(other) }
        #expect(try await other.document(Fixture.article)?.head == 10)
        try await other.close()
    }
}
