import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage
import TestSupport
import Testing

@testable import GlossServer

@Suite("Compaction")
struct CompactionTests {
    /// A store that has the given changes of the article and of its annotation set.
    private func store(
        _ article: [EncodedChange], _ set: [EncodedChange] = []
    ) async throws -> MemoryStore {
        let store = MemoryStore(lineage: 1, packing: HistoryPacking())
        try await store.addLibrary(LibraryRecord(id: Sample.library, name: "desk", createdAt: 1))
        _ = try await store.createArticle(Sample.article, in: Sample.library, now: 1)
        for (document, changes) in [(Sample.article, article), (Sample.set, set)] {
            _ = try await store.commit([
                Append(document: document, expectedHead: 0, rows: changes.map(Self.row))
            ])
        }
        return store
    }

    private static func row(_ change: EncodedChange) -> NewRow {
        NewRow(
            agent: change.change.agent, seq: change.change.seq, count: change.change.count,
            bytes: change.bytes,
            hash: SHA256.hash(change.bytes).bytes,
            user: "user of \(change.change.agent)", device: Sample.device(1),
            deviceLabel: "desk", receivedAt: change.change.time)
    }

    /// A change as bytes; an unknown operation gets a name that nobody knows.
    private static func encoded(_ change: Change) throws -> EncodedChange {
        let stand = Write(entity: nil, field: Field(rawValue: "zz"), value: .none, replaces: [])
        var known = change
        known.ops = change.ops.map { if case .unknown = $0 { .write(stand) } else { $0 } }
        let text = String(decoding: ChangeCodec.encode(known), as: UTF8.self)
        return try EncodedChange(
            bytes: Array(
                text.replacing(
                    #"{"f":"zz","k":"set","p":[],"v":null}"#, with: #"{"k":"dance"}"#
                ).utf8))
    }

    private func rows(_ store: any Store, _ id: DocumentID) async throws -> [LogRow] {
        try await store.rows(of: id, after: 0, maxBytes: .max, maxRows: .max)
    }

    @Test(
        "Random histories come back byte for byte, whatever the steps, and lead to the same state",
        arguments: 0..<40)
    func random(seed: UInt64) async throws {
        let article = HistoryGenerator.history(seed: seed).changes
        let store = try await store(try article.map(Self.encoded))
        let before = try await rows(store, Sample.article)
        var compaction = Compaction(store: store)
        compaction.limits.rows = 1 + Int(seed) % 17
        compaction.limits.page = 1 + Int(seed) * 31
        let size = try #require(try await store.size(of: Sample.article))
        let outcome = try await compaction.compact(Sample.article)
        #expect(try await rows(store, Sample.article) == before)
        if let outcome {
            #expect(outcome.count == before.count)
            #expect(outcome.bytesBefore == size.tailBytes)
            #expect(try await store.size(of: Sample.article)?.tailCount == 0)
        }
        let room = try #require(
            try await Room(loading: Sample.article, from: store, pageBytes: 4_096))
        let replica = try Replica(id: Sample.article, changes: article)
        #expect(room.replica.stateChecksum == replica.stateChecksum)
        #expect(room.replica.versionVector == replica.versionVector)
        #expect(room.replica.log.entries.map(\.change) == article)
    }

    @Test("So do annotations", arguments: 0..<20)
    func annotations(seed: UInt64) async throws {
        let history = try AnnotationHistoryGenerator.history(seed: seed)
        let store = try await store(
            [], try history.annotations.changes.map(Self.encoded))
        let before = try await rows(store, Sample.set)
        _ = try await Compaction(store: store).compact(Sample.set)
        #expect(try await rows(store, Sample.set) == before)
        let room = try #require(
            try await Room(loading: Sample.set, from: store, pageBytes: 4_096))
        let replica = try Replica(
            id: Sample.set, changes: history.annotations.changes)
        #expect(room.replica.stateChecksum == replica.stateChecksum)
    }

    @Test("What is not known here is kept word for word, hashed and passed on as before")
    func unknown() async throws {
        let agent = "00000000000000a1"
        var lines = [
            #"{"a":"AGENT","o":[{"k":"ins","t":"Wall"}],"s":0,"w":1}"#,
            #"{"A":-7,"a":"AGENT","o":[{"k":"ins","l":3,"t":"s","zz":{"any":[false]}}],"s":4,"w":1}"#,
            #"{"a":"AGENT","o":[{"k":"dance","steps":[1,[2,[3]]]}],"s":5,"w":1}"#,
            #"{"a":"AGENT","o":[{"f":"x","k":"set","p":[],"v":[1,2]}],"s":6,"w":1}"#,
            #"{"a":"AGENT","o":[{"k":"dance"},{"k":"ins","l":4,"t":"."}],"s":7,"w":1,"zz":1}"#,
        ]
        for seq in 9..<200 {
            lines.append(
                #"{"a":"AGENT","o":[{"k":"ins","l":\#(seq - 1),"t":"x"}],"s":\#(seq),"w":1}"#)
        }
        let changes = try lines.map {
            try EncodedChange(bytes: Array($0.replacing("AGENT", with: agent).utf8))
        }
        let store = try await store(changes)
        let before = try await rows(store, Sample.article)
        #expect(before.map(\.bytes) == changes.map(\.bytes))
        let outcome = try #require(try await Compaction(store: store).compact(Sample.article))
        #expect(outcome.count == 200 - 9 + 5)
        #expect(outcome.bytesAfter * 2 < outcome.bytesBefore)
        #expect(try await rows(store, Sample.article) == before)
        let packed = try #require(try await store.block(of: Sample.article))
        let log = try PackedHistory(packed.changes, of: Sample.article).log
        #expect(log.verbatim.keys.sorted() == [1, 2, 3, 4])
    }

    @Test("A few changes that would take more in one piece stay as they are")
    func nothingGained() async throws {
        let store = try await store([
            try EncodedChange(Sample.typing("Wall", agent: Sample.agent(1)))
        ])
        #expect(try await Compaction(store: store).compact(Sample.article) == nil)
        #expect(try await store.block(of: Sample.article) == nil)
        #expect(try await Compaction(store: store).compact(Sample.set) == nil)
        #expect(try await Compaction(store: store).compact(DocumentID(high: 1, low: 0)) == nil)
    }

    /// Changes that type so many characters each, one behind the other.
    private func typing(_ lengths: [Int]) throws -> [EncodedChange] {
        var seq = 0
        return try lengths.map { length in
            defer { seq += length }
            let text = String(repeating: "x", count: length)
            return try EncodedChange(Sample.typing(text, agent: Sample.agent(1), seq: seq))
        }
    }

    @Test("Long changes stay rows: in a block they would take nearly as much")
    func longChanges() async throws {
        let store = try await store(try typing(Array(repeating: 4_000, count: 60)))
        var compaction = Compaction(store: store)
        compaction.limits.rows = 20
        #expect(try await compaction.compact(Sample.article) == nil)
        #expect(try await store.block(of: Sample.article) == nil)
    }

    @Test("Short changes behind long ones are packed with them, and those behind a block are not")
    func shortAndLong() async throws {
        // The last step has long ones alone.
        let lengths = [8_000, 8_000] + Array(repeating: 1, count: 1_000)
        let store = try await store(try typing(lengths + Array(repeating: 4_000, count: 200)))
        let before = try await rows(store, Sample.article)
        var compaction = Compaction(store: store)
        compaction.limits.rows = 2
        let plan = try await compaction.compact(Sample.article, isRehearsal: true)
        let outcome = try #require(try await compaction.compact(Sample.article))
        #expect(outcome == plan)
        #expect((1_002..<1_202).contains(outcome.count))
        let size = try #require(try await store.size(of: Sample.article))
        #expect(size.blockHead == outcome.count)
        #expect(abs(outcome.bytesAfter - size.blockBytes - size.tailBytes) < 10_000)
        #expect(try await rows(store, Sample.article) == before)
        #expect(try await compaction.compact(Sample.article) == nil)
    }

    @Test("A rehearsal says what would come of it and writes nothing")
    func rehearsal() async throws {
        let changes = try (0..<300).map {
            try EncodedChange(Sample.typing("x", agent: Sample.agent(1), seq: $0))
        }
        let store = try await store(changes)
        let plan = try await Compaction(store: store).compact(Sample.article, isRehearsal: true)
        #expect(try await store.block(of: Sample.article) == nil)
        let outcome = try await Compaction(store: store).compact(Sample.article)
        #expect(plan == outcome)
        #expect(try await Compaction(store: store).compact(Sample.article) == nil)
    }

    @Test("A log that is no valid history is left as it is, and the document named")
    func damaged() async throws {
        let changes = try (0..<300).map {
            try EncodedChange(Sample.typing("x", agent: Sample.agent(1), seq: $0))
        }
        let store = MemoryStore(lineage: 1, packing: HistoryPacking())
        try await store.addLibrary(LibraryRecord(id: Sample.library, name: "desk", createdAt: 1))
        _ = try await store.createArticle(Sample.article, in: Sample.library, now: 1)
        var rows = changes.map(Self.row)
        rows[200].bytes[40] ^= 1
        _ = try await store.commit([
            Append(document: Sample.article, expectedHead: 0, rows: rows)
        ])
        let error = await #expect(throws: StoreError.self) {
            try await Compaction(store: store).compact(Sample.article)
        }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("\(Sample.article) is damaged at position 201") == true)
        #expect(try await self.rows(store, Sample.article).map(\.bytes) == rows.map(\.bytes))
    }
}
