import Foundation
import GlossCore
import GlossProtocol
import GlossStorage
import Testing

@testable import GlossServer

@Suite("Compaction beside pushes")
struct CompactingRoomsTests {
    private let agent = Sample.agent(1)

    private func letters(_ range: Range<Int>) -> [Change] {
        range.map { Sample.typing("x", agent: agent, seq: $0) }
    }

    @Test("A document that has grown is compacted once nobody writes, and goes on behind it")
    func byItself() async throws {
        var limits = Rooms.Limits()
        limits.compactedRows = 100
        limits.compactionPause = .milliseconds(1)
        let desk = try await Desk(limits: limits)
        _ = try await desk.push([(Sample.article, letters(0..<99))])
        #expect(desk.compactions.values.isEmpty)
        _ = try await desk.push([(Sample.article, letters(99..<150))])
        let outcome = try await desk.compactions.take().get()
        #expect(outcome.document == Sample.article && outcome.count == 150)
        #expect(outcome.bytesAfter * 4 < outcome.bytesBefore)
        let before = try await desk.rows()
        for isLoaded in [true, false] {
            if !isLoaded { await desk.rooms.unload() }
            let next = isLoaded ? 150 : 151
            let again = letters(next - 20..<next + 1)
            #expect(
                try await desk.push([(Sample.article, again)]).positions
                    == Array(next - 19...next + 1))
            let fork = Sample.typing("z", agent: agent, seq: 17)
            #expect(try await desk.push([(Sample.article, [fork])]).code == .agentFork)
        }
        #expect(try await desk.rows().prefix(150) == before[...])
        let status = try #require(
            try await desk.rooms.status(of: Sample.article, at: 20, for: "ana"))
        #expect(status.head == 152 && status.sumAtPosition?.rawValue == before[19].sum)
        let slice = try await desk.rooms.slice(of: Sample.article, after: 20)
        #expect(slice.rows.map(\.at) == Array(21...152))
        await desk.rooms.stopCompacting()
    }

    @Test("What was not worth it is tried again when there is twice as much")
    func notWorthIt() async throws {
        var limits = Rooms.Limits()
        limits.compactedRows = 300
        limits.compactedBytes = .max
        limits.compactionPause = .milliseconds(1)
        let desk = try await Desk(limits: limits)
        let text = String(repeating: "x", count: 1_000)
        _ = try await desk.push([
            (
                Sample.article,
                (0..<200).map { Sample.typing(text, agent: agent, seq: $0 * 1_000) }
            )
        ])
        #expect(try await desk.rooms.compact(Sample.article) == nil)
        // These would be worth it with the others.
        _ = try await desk.push([(Sample.article, letters(200_000..<200_150))])
        try await Task.sleep(for: .milliseconds(50))
        #expect(desk.compactions.values.isEmpty)
        _ = try await desk.push([(Sample.article, letters(200_150..<200_210))])
        #expect(try await desk.compactions.take().get().count == 410)
        await desk.rooms.stopCompacting()
    }

    @Test("One that cannot be compacted is reported, and others are")
    func failing() async throws {
        var limits = Rooms.Limits()
        limits.compactedRows = 100
        limits.compactionPause = .milliseconds(1)
        let desk = try await Desk(limits: limits)
        desk.store.failNextCompaction(StoreError(.diskFull, "as planned"))
        _ = try await desk.push([(Sample.article, letters(0..<150))])
        let first = await desk.compactions.take()
        guard case .failure(let error) = first else {
            Issue.record("\(first)")
            return
        }
        #expect(error.code == .diskFull)
        _ = try await desk.push([(Sample.article, letters(150..<151))])
        #expect(try await desk.compactions.take().get().count == 151)
        #expect(desk.fatal.values.isEmpty)
        await desk.rooms.stopCompacting()
    }

    @Test("Killed at any step, a compaction leaves every row, and the next one ends it")
    func killed() async throws {
        try await TestServer.withDirectory { directory in
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true)
            let path = directory + "/glossd.db"
            let base = try SQLiteStore(path: path, lineage: 1, packing: HistoryPacking())
            try await base.addLibrary(
                LibraryRecord(id: Sample.library, name: "desk", createdAt: 1))
            _ = try await base.createArticle(Sample.article, in: Sample.library, now: 1)
            let store = FaultyStore(base)
            let desk = try await Desk(on: store)
            _ = try await desk.push([(Sample.article, letters(0..<300))])
            let before = try await desk.rows()
            let copies = Mailslot<String>()
            store.onCall { step in
                let copy = "\(directory)/copy-\(step)"
                for suffix in ["", "-wal"]
                where FileManager.default.fileExists(atPath: path + suffix) {
                    try? FileManager.default.copyItem(
                        atPath: path + suffix, toPath: copy + suffix)
                }
                copies.put(copy)
            }
            var compaction = Compaction(store: store)
            compaction.limits.rows = 70
            compaction.limits.page = 2_000
            #expect(try await compaction.compact(Sample.article)?.count == 300)
            store.onCall(nil)
            #expect(copies.values.count > 20)
            var heads: Set<Int> = []
            for copy in copies.values {
                let killed = try SQLiteStore(path: copy, lineage: 1, packing: HistoryPacking())
                func rows() async throws -> [LogRow] {
                    try await killed.rows(
                        of: Sample.article, after: 0, maxBytes: .max, maxRows: .max)
                }
                #expect(try await rows() == before)
                heads.insert(try await killed.size(of: Sample.article)?.blockHead ?? -1)
                _ = try await Compaction(store: killed).compact(Sample.article)
                #expect(try await killed.size(of: Sample.article)?.tailCount == 0)
                #expect(try await rows() == before)
                try await killed.close()
            }
            // No step is smaller than half of what is there.
            #expect(heads == [0, 70, 140, 210, 300])
            try await base.close()
        }
    }

    @Test("A document whose block is damaged takes no push, says which it is, and others go on")
    func damagedBlock() async throws {
        let desk = try await Desk()
        _ = try await desk.push([(Sample.article, letters(0..<300))])
        _ = try await desk.rooms.compact(Sample.article)
        await desk.rooms.unload()
        desk.store.damageBlocks()
        let next = Sample.typing("x", agent: agent, seq: 300)
        #expect(try await desk.push([(Sample.article, [next])]).code == .internal)
        let error = await #expect(throws: StoreError.self) {
            _ = try await Room(loading: Sample.article, from: desk.store, pageBytes: 1_000)
        }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("\(Sample.article)") == true)
        let other = DocumentID(high: 5, low: 8)
        _ = try await desk.store.createArticle(other, in: Sample.library, now: 1)
        #expect(
            try await desk.push([(other, [Sample.typing("x", agent: agent)])]).positions == [1])
    }
}
