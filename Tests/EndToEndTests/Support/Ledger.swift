import Foundation
import GlossCore
import GlossStorage

@testable import GlossServer

/// What is in the files of clients and servers, read beside the programs under test.
enum Ledger {
    /// A change that somebody believes the server to have.
    struct Entry: Hashable, Sendable, CustomStringConvertible {
        var document: DocumentID
        var id: OpID
        var bytes: [UInt8]

        var description: String { "\(id) of \(document)" }
    }

    /// How many changes a client has offered that no server has acknowledged.
    static func offered(in file: String) throws -> Int {
        try unsent(in: file) { $0 == .offered }
    }

    /// How many changes of a client no server has acknowledged.
    static func unacknowledged(in file: String) throws -> Int {
        try unsent(in: file) { $0 == .offered || $0 == .unsent }
    }

    private static func unsent(
        in file: String, where isCounted: (ChangeState) -> Bool
    ) throws -> Int {
        let library = try LibraryStore(path: file)
        defer { try? library.close() }
        return try library.read { try $0.unacknowledged().count { isCounted($0.state) } }
    }

    /// What a client holds to be acknowledged.
    static func acknowledged(in file: String) throws -> Set<Entry> {
        let library = try LibraryStore(path: file)
        defer { try? library.close() }
        return try library.read { reader in
            var found: Set<Entry> = []
            for replica in try reader.replicas() {
                for change in try reader.changes(of: replica.id)
                where change.state == .acknowledged {
                    found.insert(
                        Entry(
                            document: replica.id, id: OpID(agent: change.agent, seq: change.seq),
                            bytes: change.bytes))
                }
            }
            return found
        }
    }

    /// The log of a server that is not running. A copy is read, and the files stay as they are.
    static func log(of data: String) async throws -> Set<Entry> {
        let copy = data + "-copy"
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        for name in ["glossd.db", "glossd.db-wal"]
        where FileManager.default.fileExists(atPath: "\(data)/\(name)") {
            try FileManager.default.copyItem(
                atPath: "\(data)/\(name)", toPath: "\(copy)/\(name)")
        }
        let store = try SQLiteStore(
            path: copy + "/glossd.db", lineage: 0, packing: HistoryPacking())
        var found: Set<Entry> = []
        for library in try await store.libraries() {
            let documents = try await store.documents(in: library.id, after: nil, limit: .max)
            for document in documents {
                let rows = try await store.rows(
                    of: document.id, after: 0, maxBytes: .max, maxRows: .max)
                for row in rows {
                    let id = OpID(agent: row.agent, seq: row.seq)
                    found.insert(Entry(document: document.id, id: id, bytes: row.bytes))
                }
            }
        }
        try await store.close()
        return found
    }
}
