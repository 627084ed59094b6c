import Foundation
import GRDB
import GlossCore
import Testing

@testable import GlossStorage

@Suite("The file of a server's store")
struct SQLiteStoreFileTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("store")
    }

    private func open(_ path: String? = nil, pages: Int? = nil) throws -> SQLiteStore {
        try SQLiteStore(
            path: path ?? self.path, lineage: 42, packing: NoPacking(),
            tuning: .init(pageLimit: pages))
    }

    private func commit(
        _ store: SQLiteStore, head: Int, _ rows: NewRow...
    ) async throws {
        _ = try await store.commit([
            Append(document: Fixture.article, expectedHead: head, rows: rows)
        ])
    }

    @Test("Only the owner can read the file, even if it was open to others before")
    func mode() async throws {
        let store = try open()
        #expect(try GlossStorageTests.mode(path) == 0o600)
        #expect(try GlossStorageTests.mode(path + "-wal") == 0o600)
        try await store.close()
        chmod(path, 0o644)
        try await open().close()
        #expect(try GlossStorageTests.mode(path) == 0o600)
    }

    @Test("A store is as it was after it was closed and opened again")
    func reopen() async throws {
        let store = try open()
        try await Fixture.fill(store)
        try await commit(store, head: 0, Fixture.row(0))
        try await store.close()
        let again = try SQLiteStore(path: path, lineage: 99, packing: NoPacking())
        #expect(try await again.info().lineage == 42)
        #expect(try await again.document(Fixture.article)?.head == 1)
        try await commit(again, head: 1, Fixture.row(1))
        try await again.close()
    }

    @Test("What a kill leaves behind holds every commit that had returned")
    func killed() async throws {
        let store = try open()
        try await Fixture.fill(store)
        for seq in 0..<20 { try await commit(store, head: seq, Fixture.row(seq)) }
        let copy = directory.file("copy")
        try copyLive(path, to: copy)
        try await store.close()
        let killed = try open(copy)
        #expect(try await killed.document(Fixture.article)?.head == 20)
        try await commit(killed, head: 20, Fixture.row(20))
        try await killed.close()
    }

    @Test("A second opening is refused while the first lasts")
    func locked() async throws {
        let store = try open()
        expectSync(.locked) { _ = try open() }
        try await Fixture.fill(store)
        try await store.close()
        try await open().close()
    }

    @Test("Other processes see the file locked for as long as the store is open")
    func lockedForProcesses() async throws {
        let store = try open()
        // A lock of an open file description conflicts with those of this process as with those of
        // any other. Closing the descriptor earlier would drop the store's locks.
        let descriptor = Glibc.open(path, O_RDWR)
        defer { close(descriptor) }
        func isLocked() -> Bool {
            var wanted = flock(
                l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 0, l_len: 0, l_pid: 0)
            let getLock: Int32 = 36  // F_OFD_GETLK
            return fcntl(descriptor, getLock, &wanted) == 0 && wanted.l_type != Int16(F_UNLCK)
        }
        #expect(isLocked())
        _ = try await store.info()
        #expect(isLocked())
        try await store.close()
        #expect(!isLocked())
    }

    @Test("A file that another connection writes to is refused")
    func lockedByOther() async throws {
        try await open().close()
        let other = try DatabaseQueue(path: path)
        try await other.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN IMMEDIATE; DELETE FROM users;")
            expectSync(.locked) { _ = try open() }
            try database.execute(sql: "ROLLBACK")
        }
        try other.close()
        try await open().close()
    }

    @Test("A directory that is missing, or that cannot be written, is named")
    func unwritable() async throws {
        expectSync(.cannotOpen) { _ = try open(directory.file("missing/store")) }
        expectSync(.notADatabase) { _ = try open(directory.path) }
        try await open().close()
        chown(path, 65534, 65534)
        chmod(directory.path, 0o555)
        defer { chmod(directory.path, 0o755) }
        asNobody {
            expectSync(.readOnly) { _ = try open(directory.file("new")) }
            expectSync(.readOnly) { _ = try open() }
        }
    }

    @Test("What is no store of glossd is left alone")
    func foreign() async throws {
        let text = Data(String(repeating: "not a database at all\n", count: 400).utf8)
        try text.write(to: URL(fileURLWithPath: path))
        expectSync(.notADatabase) { _ = try open() }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)

        let other = directory.file("other")
        let queue = try DatabaseQueue(path: other)
        try await queue.writeWithoutTransaction {
            try $0.execute(sql: "CREATE TABLE birds (name TEXT)")
        }
        try queue.close()
        expectSync(.notADatabase) { _ = try open(other) }

        let library = directory.file("library")
        try LibraryStore(path: library).close()
        expectSync(.notADatabase) { _ = try open(library) }
    }

    @Test("A newer schema is refused and left alone")
    func newer() async throws {
        try await open().close()
        let queue = try DatabaseQueue(path: path)
        try await queue.writeWithoutTransaction {
            try $0.execute(sql: "PRAGMA user_version = \(DatabaseKind.store.version + 1)")
        }
        try queue.close()
        expectSync(.newerSchema) { _ = try open() }
    }

    @Test(
        "A relative path is a path, whatever SQLite would make of it", arguments: ["file:", ":m:"])
    func relative(_ name: String) async throws {
        let relative = name + "gloss-storage-\(UUID().uuidString)"
        defer { unlink(relative) }
        let store = try open(relative)
        #expect(try GlossStorageTests.mode(relative) == 0o600)
        try await store.close()
    }

    @Test("A truncated file is found damaged")
    func truncated() async throws {
        let store = try open()
        try await Fixture.fill(store)
        try await store.close()
        truncate(path, 3 * 4096)
        expectSync(.corrupt) { _ = try open() }
    }

    @Test("A damaged page is found when it is read, and the rest is served")
    func damagedPage() async throws {
        let store = try open()
        try await Fixture.fill(store)
        try await commit(store, head: 0, Fixture.row(0))
        try await store.close()
        let queue = try DatabaseQueue(path: path)
        let page = try await queue.read {
            try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'log'") ?? 0
        }
        try queue.close()
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.seek(toOffset: UInt64(page - 1) * 4096)
        try file.write(contentsOf: Data(repeating: 0xAB, count: 4096))
        try file.close()
        let damaged = try open()
        await expect(.corrupt) {
            _ = try await damaged.rows(of: Fixture.article, after: 0, maxBytes: 99, maxRows: 9)
        }
        #expect(try await damaged.libraries().count == 1)
        try await damaged.close()
    }

    @Test("A full disk refuses the commit whole, and what fits is still taken")
    func full() async throws {
        let store = try open(pages: 60)
        try await Fixture.fill(store)
        var head = 0
        await expect(.diskFull) {
            while true {
                try await commit(
                    store, head: head, Fixture.row(head, bytes: 9000),
                    Fixture.row(head + 1, bytes: 9000))
                head += 2
            }
        }
        #expect(head > 0)
        #expect(try await store.document(Fixture.article)?.head == head)
        try await commit(store, head: head, Fixture.row(head, bytes: 1))
        try await store.close()
    }

    @Test("Nothing that people see of an error holds text of a document")
    func discretion() async throws {
        let store = try open()
        try await Fixture.fill(store)
        var row = Fixture.row(0)
        row.bytes = Array("a secret sentence".utf8)
        try await commit(store, head: 0, row)
        do {
            try await store.write { (connection) throws(StoreError) in
                try connection.run(
                    "INSERT INTO libraries (id, name, created_at) VALUES (?, ?, ?)",
                    [Fixture.library.sql, "a secret sentence", 1])
            }
            Issue.record("nothing was thrown")
        } catch {
            #expect(error.code == .exists)
            #expect(!error.description.contains("secret"))
        }
        try await store.close()
    }
}
