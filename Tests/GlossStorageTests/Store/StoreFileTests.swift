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
}
