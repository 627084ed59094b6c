import Foundation
import GlossCore
import TestSupport
import Testing

@testable import GlossStorage

/// The power goes at some moment of a run, again and again: what was reported is there, nothing is
/// half there, and the file can be used.
///
/// `GLOSS_POWER_CUTS=N` makes N cuts for each kind of file, `GLOSS_FIRST_SEED=S` others.
@Suite("After a loss of power")
struct PowerLossTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let cuts = environment["GLOSS_POWER_CUTS"].flatMap { Int($0) } ?? 300
    private static let seed = environment["GLOSS_FIRST_SEED"].flatMap { UInt64($0) } ?? 1

    private let directory: TemporaryDirectory
    /// Where what is left after a cut is looked at: in memory where that can be, for speed.
    private let cutPlace: String

    init() throws {
        directory = try TemporaryDirectory()
        let memory = "/dev/shm"
        let isThere = FileManager.default.isWritableFile(atPath: memory)
        cutPlace = isThere ? "\(memory)/\(UUID().uuidString)" : directory.file("cuts")
    }

    /// What became of the cuts of a run.
    private struct Tally {
        var cuts = 0
        /// Cuts with something written that was not synced.
        var unsynced = 0
        /// Cuts after which something was there that had not been reported yet.
        var early = 0
        /// Cuts after which something was missing that had been reported.
        var lost: [String] = []
    }

    /// Cuts the power at moments of a run, and has a closure look at what is left in a directory.
    /// It says how much is there.
    private func cut(
        _ events: [DiskEvent], times: Int = cuts, _ look: (String) async throws -> Int?
    ) async throws -> Tally {
        var random = SeededRandom(seed: Self.seed)
        var moments = (0..<times).map { _ in random.below(events.count) + 1 }
        moments.sort()
        var tally = Tally()
        var disk = PoweredDisk()
        var taken = 0
        for moment in moments {
            while taken < moment {
                disk.take(events[taken])
                taken += 1
            }
            let files = disk.files(using: &random)
            let place = cutPlace + "/cut-\(tally.cuts)"
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: true)
            for (name, bytes) in files {
                try Data(bytes).write(to: URL(filePath: "\(place)/\(name)"))
            }
            tally.cuts += 1
            if disk.pendingWrites > 0 { tally.unsynced += 1 }
            let sizes = files.mapValues(\.count).sorted { $0.key < $1.key }
            do {
                let found = try await look(place) ?? 0
                if found > disk.done { tally.early += 1 }
                if found < disk.done {
                    tally.lost.append("\(found) of \(disk.done) at event \(moment), \(sizes)")
                }
            } catch {
                Issue.record("\(error) (seed \(Self.seed), event \(moment), files \(sizes))")
            }
            try FileManager.default.removeItem(atPath: place)
        }
        try FileManager.default.removeItem(atPath: cutPlace)
        return tally
    }

    // MARK: A server's store

    private func row(_ seq: Int, bytes: Int) -> NewRow {
        Fixture.row(seq, bytes: bytes, hash: UInt64(seq) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// Commits rows of many sizes, enough for the write-ahead log to be written back a few times,
    /// and compacts now and then; the number of a commit is its last position.
    private func fillStore(_ path: String, _ synchronous: Int) async throws -> [DiskEvent] {
        let place = GlossStorage.directory(of: path)
        DiskWatch.record(in: place)
        let store = try SQLiteStore(
            path: path, lineage: 1, packing: MirroredPacking(),
            tuning: .init(synchronous: synchronous))
        try await Fixture.fill(store)
        var random = SeededRandom(seed: Self.seed)
        var head = 0
        var blockHead = 0
        while head < 360 {
            let count = 1 + random.below(3)
            let rows = (head..<head + count).map { row($0, bytes: 1 + random.below(4_000)) }
            _ = try await store.commit([
                Append(document: Fixture.article, expectedHead: head, rows: rows)
            ])
            head += count
            DiskWatch.noteDone(head, in: place)
            if random.below(40) == 0 {
                let all = try await store.rows(
                    of: Fixture.article, after: 0, maxBytes: .max, maxRows: .max)
                try await store.compact(
                    Fixture.article, to: head, from: blockHead,
                    changes: MirroredPacking.pack(all.map(\.bytes)))
                blockHead = head
            }
        }
        try await store.close()
        return DiskWatch.endRecording(in: place)
    }

    /// Opens what is left of a store, goes through it and uses it; the head of its log, or `nil` if
    /// the article is not there yet.
    private func lookIntoStore(_ path: String) async throws -> Int? {
        let store = try SQLiteStore(path: path, lineage: 2, packing: MirroredPacking())
        if try await store.library(Fixture.library) == nil {
            try await store.addLibrary(
                LibraryRecord(id: Fixture.library, name: "desk", createdAt: 1))
        }
        guard let record = try await store.document(Fixture.article) else {
            try await store.close()
            return nil
        }
        let rows = try await store.rows(
            of: Fixture.article, after: 0, maxBytes: .max, maxRows: .max)
        #expect(rows.map(\.position) == Array(0..<rows.count).map { $0 + 1 }, "no holes")
        #expect(record.head == rows.count && record.sum == rows.last?.sum ?? 0)
        var sum: UInt64 = 0
        for (seq, row) in rows.enumerated() {
            sum = LogRules.sum(after: sum, hash: row.hash)
            #expect(row.sum == sum && row.seq == seq, "row \(row.position)")
            let expected = self.row(seq, bytes: row.bytes.count)
            #expect(row.bytes == expected.bytes && row.hash == expected.hash)
        }
        let next = rows.count
        #expect(
            try await store.agents(of: Fixture.article).map(\.nextSeq) == (next == 0 ? [] : [next]))
        _ = try await store.commit([
            Append(
                document: Fixture.article, expectedHead: next, rows: [row(next, bytes: 5_000)])
        ])
        try await store.close()
        #expect(try StoreFile(path: path, isThorough: true).damage == [])
        return next
    }

    @Test("A server's store has all that was committed, and no more than was begun")
    func store() async throws {
        let events = try await fillStore(directory.file("store"), 2)
        let tally = try await cut(events) { try await lookIntoStore("\($0)/store") }
        #expect(tally.lost == [], "seed \(Self.seed)")
        #expect(tally.unsynced > tally.cuts / 3, "\(tally)")
        #expect(tally.early > 0, "some cuts come before a commit is reported that is there")
    }

    @Test("The cuts show a store that does not wait for the disk")
    func careless() async throws {
        let events = try await fillStore(directory.file("store"), 1)
        let tally = try await cut(events, times: 60) { try await lookIntoStore("\($0)/store") }
        #expect(tally.lost.count > tally.cuts / 10, "\(tally)")
    }

    // MARK: A client's library

    /// Writes to a library as a client does; the number of a write is that of its last change.
    private func fillLibrary(_ path: String) throws -> [DiskEvent] {
        let place = GlossStorage.directory(of: path)
        DiskWatch.record(in: place)
        let library = try LibraryStore(path: path)
        try library.write {
            try $0.addReplica(ReplicaRecord(id: Fixture.article, agent: Fixture.agent))
        }
        var random = SeededRandom(seed: Self.seed)
        for number in 1...150 {
            try library.write { writer in
                let index = try writer.append(
                    LocalChange(
                        document: Fixture.article, agent: Fixture.agent, seq: number - 1, count: 1,
                        bytes: row(number, bytes: 1 + random.below(9_000)).bytes,
                        hash: Fixture.hash(UInt64(number))))
                try writer.markOffered(Fixture.article, index)
                try writer.setMeta(.role, to: "\(number)")
            }
            DiskWatch.noteDone(number, in: place)
        }
        try library.close()
        return DiskWatch.endRecording(in: place)
    }

    /// Opens what is left of a library and uses it; how many changes it has, or `nil` if it has no
    /// replica yet.
    private func lookIntoLibrary(_ path: String) throws -> Int? {
        let library = try LibraryStore(path: path)
        defer { try? library.close() }
        let (replica, changes, count) = try library.read {
            (
                try $0.replica(Fixture.article), try $0.changes(of: Fixture.article),
                try $0.meta(.role).flatMap { Int($0) } ?? 0
            )
        }
        #expect(changes.count == count, "a transaction is whole")
        #expect(changes.map(\.seq) == Array(0..<count))
        #expect(changes.allSatisfy { $0.state == .offered })
        for change in changes {
            #expect(change.bytes == row(change.seq + 1, bytes: change.bytes.count).bytes)
        }
        try library.write { try $0.setMeta(.user, to: "ann") }
        return replica == nil ? nil : count
    }

    @Test("A client's library has all that was written, and nothing by half")
    func library() async throws {
        let events = try fillLibrary(directory.file("library"))
        let tally = try await cut(events) { try lookIntoLibrary("\($0)/library") }
        #expect(tally.lost == [], "seed \(Self.seed)")
        #expect(tally.unsynced > tally.cuts / 3, "\(tally)")
    }
}
