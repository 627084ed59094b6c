import Foundation
import GRDB
import GlossCore
import GlossStorage
import Testing

@Suite("Backups of a server's store")
struct BackupTests {
    @Test("A backup made while commits go on is a store of its own and equal to a moment of it")
    func backup() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("store")
        let copy = directory.file("backup")
        let store = try SQLiteStore(path: path, lineage: 42, packing: NoPacking())
        try await Fixture.fill(store)
        for seq in 0..<10 { try await commit(store, seq) }
        async let backup: Void = store.backup(to: copy)
        for seq in 10..<30 { try await commit(store, seq) }
        try await backup
        #expect(try mode(copy) == 0o600)
        #expect(!FileManager.default.fileExists(atPath: copy + ".partial"))

        let restored = try SQLiteStore(path: copy, lineage: 1, packing: NoPacking())
        #expect(try await restored.info().lineage == 42)
        let head = try #require(try await restored.document(Fixture.article)?.head)
        #expect((10...30).contains(head))
        let rows = try await restored.rows(
            of: Fixture.article, after: 0, maxBytes: .max, maxRows: .max)
        let originals = try await store.rows(
            of: Fixture.article, after: 0, maxBytes: .max, maxRows: head)
        #expect(rows == originals)
        try await restored.close()
        try await store.close()
    }

    @Test(
        "Of backups to one path at the same time each is whole or refused, and none harms another")
    func together() async throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(
            path: directory.file("store"), lineage: 42, packing: NoPacking())
        try await Fixture.fill(store)
        for seq in 0..<10 { try await commit(store, seq) }
        for round in 0..<10 {
            let copy = directory.file("backup\(round)")
            // What a run that was killed has left is in nobody's way, and stays.
            let left = Data("left".utf8)
            try left.write(to: URL(fileURLWithPath: copy + ".partial"))
            let codes = await withTaskGroup(of: StoreError.Code?.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        do throws(StoreError) {
                            try await store.backup(to: copy)
                            return nil
                        } catch {
                            return error.code
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.contains(nil) && codes.allSatisfy { $0 == nil || $0 == .exists })
            let file = try StoreFile(path: copy, isThorough: true)
            #expect(file.schema == StoreFile.currentSchema && file.damage.isEmpty)
            let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
            #expect(
                names.filter { $0.hasPrefix("backup\(round)") }.sorted()
                    == ["backup\(round)", "backup\(round).partial"])
            #expect(try Data(contentsOf: URL(fileURLWithPath: copy + ".partial")) == left)
        }
        try await store.close()
    }

    @Test("A backup never replaces a file, and one that fails leaves nothing")
    func refusals() async throws {
        DiskWatch.start()  // a connection keeps the file system layer it was opened with
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(
            path: directory.file("store"), lineage: 42, packing: NoPacking())
        let taken = directory.file("taken")
        try Data("mine".utf8).write(to: URL(fileURLWithPath: taken))
        await expect(.exists) { try await store.backup(to: taken) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: taken)) == Data("mine".utf8))
        await expect(.cannotOpen) { try await store.backup(to: directory.file("missing/b")) }
        let full = directory.file("full")
        DiskWatch.fail(.full, at: full + ".partial")
        await expect(.diskFull) { try await store.backup(to: full) }
        #expect(!FileManager.default.fileExists(atPath: full))
        #expect(!FileManager.default.fileExists(atPath: full + ".partial"))
        #expect(try await store.info().lineage == 42)
        try await store.close()
    }

    private func commit(_ store: SQLiteStore, _ seq: Int) async throws {
        _ = try await store.commit([
            Append(document: Fixture.article, expectedHead: seq, rows: [Fixture.row(seq)])
        ])
    }
}
