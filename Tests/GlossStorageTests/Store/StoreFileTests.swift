import GRDB
import GlossCore
import GlossStorage
import Testing

@Suite("A store's file, looked at without a server")
struct StoreFileTests {
    @Test("The newest change is the newest of all, whether it is in a block or behind it")
    func lastChange() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("store")
        let store = try SQLiteStore(path: path, lineage: 1, packing: MirroredPacking())
        try await Fixture.fill(store)
        let id = Fixture.article
        var rows = (0..<3).map { Fixture.row($0) }
        // What was given back has the time it had.
        rows[1].receivedAt = 9_000
        _ = try await store.commit([Append(document: id, expectedHead: 0, rows: rows)])
        try await store.compact(
            id, to: 2, from: 0, changes: MirroredPacking.pack(rows.prefix(2).map(\.bytes)))
        try await store.close()
        #expect(try StoreFile(path: path, isThorough: true).lastChange == 9_000)
    }

    @Test(
        "A private set whose owner or whose article is lost is found",
        arguments: [
            "DELETE FROM private_sets", "UPDATE private_sets SET article = zeroblob(16)",
        ])
    func strayPrivateSet(harm: String) async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("store")
        let store = try SQLiteStore(path: path, lineage: 1, packing: MirroredPacking())
        try await Fixture.fill(store)
        try await store.addUser(UserRecord(name: "zoe", createdAt: 1))
        let set = DocumentID.privateSet(high: 5, low: 8)
        _ = try await store.createPrivateSet(set, of: Fixture.article, for: "zoe", now: 7)
        try await store.close()
        #expect(try StoreFile(path: path, isThorough: true).damage.isEmpty)
        let queue = try DatabaseQueue(path: path)
        try await queue.write { try $0.execute(sql: harm) }
        try queue.close()
        let damage = try StoreFile(path: path, isThorough: true).damage
        #expect(damage.count == 1 && damage[0].contains("\(set)"), "\(damage)")
    }
}
