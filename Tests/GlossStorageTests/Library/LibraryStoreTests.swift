import Foundation
import GRDB
import GlossCore
import Synchronization
import Testing

@testable import GlossStorage

@Suite("The file of a client's library")
struct LibraryStoreTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("library")
    }

    @Test("Only the owner can read the file")
    func mode() throws {
        let library = try LibraryStore(path: path)
        try library.write { try $0.setMeta(.user, to: "ann") }
        #expect(try GlossStorageTests.mode(path) == 0o600)
        try library.close()
    }

    @Test("Texts are kept under their keys, replaced and removed")
    func meta() throws {
        let library = try LibraryStore(path: path)
        let own = MetaKey(rawValue: "colour")
        try library.write { (writer) throws in
            try writer.setMeta(.serverHost, to: "example.org")
            try writer.setMeta(own, to: "")
            try writer.setMeta(.serverHost, to: "other.example.org")
        }
        try library.close()
        let again = try LibraryStore(path: path)
        try again.read { (reader) throws in
            #expect(try reader.meta(.serverHost) == "other.example.org")
            #expect(try reader.meta(own) == "")
            #expect(try reader.meta(.user) == nil)
        }
        try again.write { try $0.setMeta(own, to: nil) }
        #expect(try again.read { try $0.meta(own) } == nil)
        try again.close()
        try again.close()
        expectSync(.closed) { _ = try again.read { try $0.meta(own) } }
    }

    @Test("A closure that throws leaves nothing behind, and its error comes through")
    func rollback() throws {
        struct Stop: Error {}
        let library = try LibraryStore(path: path)
        #expect(throws: Stop.self) {
            try library.write { (writer) throws in
                try writer.setMeta(.user, to: "ann")
                #expect(try writer.meta(.user) == "ann")
                throw Stop()
            }
        }
        #expect(try library.read { try $0.meta(.user) } == nil)
        try library.close()
    }

    @Test("Two processes that make the same library at once both find it made")
    func racingCreation() async throws {
        for round in 0..<40 {
            let path = directory.file("race-\(round)")
            try await withThrowingTaskGroup { group in
                for name in ["ann", "bob"] {
                    group.addTask {
                        let library = try LibraryStore(path: path)
                        try library.write { try $0.setMeta(MetaKey(rawValue: name), to: name) }
                        try library.close()
                    }
                }
                try await group.waitForAll()
            }
            let library = try LibraryStore(path: path)
            try library.read { (reader) throws in
                #expect(try reader.meta(MetaKey(rawValue: "ann")) == "ann")
                #expect(try reader.meta(MetaKey(rawValue: "bob")) == "bob")
            }
            try library.close()
        }
    }

    @Test("Two processes that write at once lose nothing and wait for one another")
    func racingWrites() throws {
        let counter = MetaKey(rawValue: "counter")
        let failures = Mutex<[String]>([])
        let stores = [try LibraryStore(path: path), try LibraryStore(path: path)]
        let threads = DispatchGroup()
        for store in stores {
            threads.enter()
            Thread {
                do {
                    for _ in 0..<100 {
                        try store.write { (writer) throws in
                            let count = Int(try writer.meta(counter) ?? "0") ?? -1
                            try writer.setMeta(counter, to: "\(count + 1)")
                        }
                        _ = try store.read { try $0.meta(counter) }
                    }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
                threads.leave()
            }.start()
        }
        threads.wait()
        #expect(failures.withLock { $0 } == [])
        #expect(try stores[0].read { try $0.meta(counter) } == "200")
        for store in stores { try store.close() }
    }

    @Test("Who waits longer than the timeout is told that the library is in use")
    func locked() throws {
        let holder = try LibraryStore(path: path)
        let waiter = try LibraryStore(path: path, timeout: 0.05)
        try holder.write { (writer) throws in
            try writer.setMeta(.user, to: "ann")
            expectSync(.locked) { try waiter.write { try $0.setMeta(.user, to: "bob") } }
            #expect(try waiter.read { try $0.meta(.user) } == nil, "readers need not wait")
        }
        #expect(try waiter.read { try $0.meta(.user) } == "ann")
        try holder.close()
        try waiter.close()
    }

    @Test("A kill in the middle of a transaction leaves the state before it")
    func killed() throws {
        let library = try LibraryStore(path: path)
        try library.write { try $0.setMeta(.user, to: "before") }
        let copy = directory.file("copy")
        try library.write { (writer) throws in
            // Far more than the page cache holds, so that pages reach the file before the commit.
            for number in 0..<800 {
                try writer.setMeta(
                    MetaKey(rawValue: "k\(number)"), to: String(repeating: "x", count: 9000))
            }
            try writer.setMeta(.user, to: "after")
            try copyLive(path, to: copy)
        }
        #expect(FileManager.default.fileExists(atPath: copy + "-journal"))
        let killed = try LibraryStore(path: copy)
        try killed.read { (reader) throws in
            #expect(try reader.meta(.user) == "before")
            #expect(try reader.meta(MetaKey(rawValue: "k0")) == nil)
        }
        try killed.write { try $0.setMeta(.user, to: "later") }
        #expect(try library.read { try $0.meta(.user) } == "after")
        try killed.close()
        try library.close()
    }

    @Test("A full disk refuses the command whole")
    func full() throws {
        let library = try LibraryStore(path: path, timeout: 1, pageLimit: 60)
        expectSync(.diskFull) {
            try library.write { (writer) throws in
                for number in 0..<100 {
                    try writer.setMeta(
                        MetaKey(rawValue: "k\(number)"), to: String(repeating: "x", count: 9000))
                }
            }
        }
        #expect(try library.read { try $0.meta(MetaKey(rawValue: "k0")) } == nil)
        try library.write { try $0.setMeta(.user, to: "ann") }
        try library.close()
    }

    @Test("A directory that cannot be written can be read, and says so on writing")
    func readOnly() throws {
        let library = try LibraryStore(path: path)
        try library.write { try $0.setMeta(.user, to: "ann") }
        try library.close()
        chmod(directory.path, 0o555)
        defer { chmod(directory.path, 0o755) }
        asNobody {
            expectSync(.readOnly) { _ = try LibraryStore(path: directory.file("new")) }
        }
        chown(path, 65534, 65534)
        try asNobody {
            let library = try LibraryStore(path: path)
            #expect(try library.read { try $0.meta(.user) } == "ann")
            expectSync(.readOnly) { try library.write { try $0.setMeta(.user, to: "bob") } }
            try library.close()
        }
        expectSync(.cannotOpen) { _ = try LibraryStore(path: directory.file("missing/l")) }
    }

    @Test("What is no library of gloss is left alone")
    func foreign() throws {
        let text = Data(String(repeating: "not a database at all\n", count: 400).utf8)
        try text.write(to: URL(fileURLWithPath: path))
        expectSync(.notADatabase) { _ = try LibraryStore(path: path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
        let store = directory.file("store")
        _ = try SQLiteStore(path: store, lineage: 1, packing: NoPacking())
        expectSync(.notADatabase) { _ = try LibraryStore(path: store) }
    }

    @Test("A newer schema is refused, a truncated file is found damaged")
    func newerAndTruncated() throws {
        try LibraryStore(path: path).close()
        let size = try #require(
            try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { try $0.execute(sql: "PRAGMA user_version = 9") }
        expectSync(.newerSchema) { _ = try LibraryStore(path: path) }
        try queue.inDatabase { try $0.execute(sql: "PRAGMA user_version = 1") }
        try queue.close()
        try LibraryStore(path: path).close()
        truncate(path, off_t(size / 2))
        expectSync(.corrupt) { _ = try LibraryStore(path: path) }
    }

    @Test("A library of the first schema is brought up to date with all that is in it")
    func firstSchema() throws {
        let present = DatabaseKind.library
        let first = DatabaseKind(
            noun: present.noun, applicationID: present.applicationID,
            schema: [present.schema[0]])
        let queue = try DatabaseFile.open(path, kind: first, configuration: Configuration())
        try queue.inDatabase { database in
            try database.execute(
                sql: "INSERT INTO history (command, time, state) VALUES ('edit', 1, 'done')")
            try database.execute(
                sql: "INSERT INTO replicas VALUES (7, ?, 1, 3, 5, 0, 2)",
                arguments: [Data(Fixture.article.annotations.sql)])
            #expect(try Int.fetchOne(database, sql: "PRAGMA user_version") == 1)
        }
        try queue.close()
        let library = try LibraryStore(path: path)
        try library.write { (writer) throws in
            #expect(try writer.history().map(\.command) == ["edit"])
            let known = try #require(try writer.replica(Fixture.article.annotations))
            #expect(known.position == 3 && known.readPosition == 2 && !known.purged)
            try writer.addReplica(ReplicaRecord(id: Fixture.article, agent: Fixture.agent))
            try writer.append(
                LocalChange(
                    document: Fixture.article, agent: Fixture.agent, seq: 0, count: 1, bytes: [1],
                    hash: Fixture.hash(1), entry: 1))
            try writer.recall(Fixture.article, 1)
            #expect(try writer.recalled().count == 1)
        }
        try library.close()
    }

    @Test("Opening a library that is up to date writes nothing")
    func opening() throws {
        DiskWatch.start()
        try LibraryStore(path: path).close()
        let library = try LibraryStore(path: path)
        #expect(DiskWatch.activity(at: path).writes == 0)
        #expect(DiskWatch.activity(at: path).syncs == 0)
        try library.close()
    }
}
