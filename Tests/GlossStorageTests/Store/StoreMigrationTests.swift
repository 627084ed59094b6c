import Foundation
import GRDB
import GlossCore
import Testing

@testable import GlossStorage

@Suite("Files of earlier versions of the store")
struct StoreMigrationTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("store")
    }

    /// Makes a file as a version did, and fills it.
    private func makeFile(
        version: Int, _ fill: @escaping @Sendable (Database) throws -> Void
    ) async throws {
        var configuration = Configuration()
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
        let kind = DatabaseKind(
            noun: "old", applicationID: DatabaseKind.store.applicationID,
            schema: Array(DatabaseKind.store.schema.prefix(version)))
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try kind.migrator.migrate(queue)
        try await queue.write(fill)
        try queue.close()
    }

    /// Makes a file as the first version did, with two rows of one agent and one of another.
    private func makeFirstVersion() async throws {
        try await makeFile(version: 1) { database in
            try database.execute(sql: "INSERT INTO store VALUES (1, 42)")
            try database.execute(
                sql: "INSERT INTO libraries VALUES (?, 'desk', 1)",
                arguments: [Fixture.library.sql])
            for (number, id) in [(1, Fixture.article), (2, Fixture.article.annotations)] {
                try database.execute(
                    sql: "INSERT INTO documents VALUES (?, ?, ?, 2)",
                    arguments: [number, Data(id.sql), Fixture.library.sql])
            }
            let rows: [(AgentID, Int, Int, UInt64)] = [
                (Fixture.agent, 0, 3, 5), (AgentID(rawValue: 1), 0, 1, 11),
                (Fixture.agent, 3, 2, 18),
            ]
            for (index, (agent, seq, count, sum)) in rows.enumerated() {
                try database.execute(
                    sql: "INSERT INTO log VALUES (1, ?, ?, ?, ?, ?, ?, 'ann', ?, 'laptop', 9, ?)",
                    arguments: [
                        index + 1, agent.sql, seq, count, Data(Fixture.hash(UInt64(index + 5))),
                        sum.sql, Fixture.device.sql, Data([UInt8](repeating: 1, count: 10)),
                    ])
                try database.execute(
                    sql: "INSERT INTO agents VALUES (1, ?, 'ann', ?) ON CONFLICT DO NOTHING",
                    arguments: [agent.sql, Fixture.device.sql])
            }
        }
    }

    @Test("A file of the first version is opened with all it has, and goes on from there")
    func firstVersion() async throws {
        try await makeFirstVersion()
        let store = try SQLiteStore(path: path, lineage: 1, packing: NoPacking())
        #expect(try await store.info().lineage == 42)
        let header = try #require(try await store.header(of: Fixture.article, at: 2))
        #expect(header.record.head == 3 && header.record.sum == 18 && header.sum == 11)
        #expect(header.record.byteCount == 30)
        #expect(header.agents.map(\.nextSeq) == [1, 5])
        #expect(try await store.documentRoles(on: Fixture.article).isEmpty)
        let set = try #require(try await store.header(of: Fixture.article.annotations, at: 0))
        #expect(set.record.head == 0 && set.record.sum == 0 && set.record.byteCount == 0)
        let appended = try await store.commit([
            Append(document: Fixture.article, expectedHead: 3, rows: [Fixture.row(5, hash: 2)])
        ])
        #expect(appended.map(\.sums) == [[20]])
        let rows = try await store.rows(
            of: Fixture.article, after: 0, maxBytes: .max, maxRows: .max)
        #expect(rows.map(\.sum) == [5, 11, 18, 20])
        try await store.close()
    }

    @Test("Labels that no client reads are cut, and the chains of their logs forgotten")
    func longLabels() async throws {
        let long = String(repeating: "l", count: 62) + "ä-2"
        try await makeFile(version: 7) { database in
            try database.execute(sql: "INSERT INTO store (id, lineage) VALUES (1, 42)")
            try database.execute(sql: "INSERT INTO users VALUES ('ann', 1)")
            try database.execute(
                sql: "INSERT INTO libraries VALUES (?, 'desk', 1)",
                arguments: [Fixture.library.sql])
            let labels = [(Fixture.device, long), (DeviceID(rawValue: 1), "laptop")]
            for (device, label) in labels {
                try database.execute(
                    sql: """
                        INSERT INTO devices (id, user, label, secret_hash, created_at)
                        VALUES (?, 'ann', ?, ?, 1)
                        """,
                    arguments: [device.sql, label, Data(Fixture.hash(9))])
            }
            let other = DocumentID(high: 1, low: 0x10)
            for (number, id) in [Fixture.article, other].enumerated() {
                let (device, label) = labels[number]
                try database.execute(
                    sql: """
                        INSERT INTO documents (number, id, library, created_at, head, sum, byte_count,
                            chain) VALUES (?, ?, ?, 2, 1, 5, 1, ?)
                        """,
                    arguments: [
                        number, Data(id.sql), Fixture.library.sql, Data(Fixture.hash(3)),
                    ])
                try database.execute(
                    sql: "INSERT INTO log VALUES (?, 1, ?, 0, 1, ?, 5, 'ann', ?, ?, 9, x'01')",
                    arguments: [
                        number, Fixture.agent.sql, Data(Fixture.hash(5)), device.sql, label,
                    ])
                try database.execute(
                    sql: "INSERT INTO agents VALUES (?, ?, 'ann', ?, 1)",
                    arguments: [number, Fixture.agent.sql, device.sql])
            }
        }
        let store = try SQLiteStore(path: path, lineage: 1, packing: NoPacking())
        let labels = try await store.devices(of: "ann").map(\.label)
        #expect(labels == ["laptop", "lllllllllll-eeee000000000001"])
        let rows = try await store.rows(
            of: Fixture.article, after: 0, maxBytes: .max, maxRows: .max)
        #expect(rows.map(\.deviceLabel) == [String(long.dropLast(2))])
        #expect(try await store.document(Fixture.article)?.chain == nil)
        #expect(try await store.document(DocumentID(high: 1, low: 0x10))?.chain != nil)
        try await store.close()
    }

    @Test("Names of libraries that no client reads are given without their control characters")
    func libraryNames() async throws {
        try await makeFile(version: 8) { database in
            try database.execute(sql: "INSERT INTO store (id, lineage) VALUES (1, 42)")
            for (id, name) in ["a\u{80}b\u{85}\u{9F}", "des\u{A0}k", "é"].enumerated() {
                try database.execute(
                    sql: "INSERT INTO libraries VALUES (?, ?, 1)", arguments: [id, name])
            }
        }
        let store = try SQLiteStore(path: path, lineage: 1, packing: NoPacking())
        let names = try await store.libraries().map(\.name)
        #expect(Set(names) == ["a?b??", "des\u{A0}k", "é"])
        try await store.close()
    }
}
