import GRDB
import Testing

@testable import GlossStorage

@Suite("Statements that are bound and stepped by hand")
struct ConnectionTests {
    private func use(_ body: (Connection) throws -> Void) throws {
        try DatabaseQueue().inDatabase { database in
            let connection = Connection(database: database, path: "memory")
            try connection.run("CREATE TABLE birds (number INTEGER, name TEXT, song BLOB) STRICT")
            try body(connection)
        }
    }

    @Test(
        "What was written is read again",
        arguments: [
            (Int.max, "", [UInt8]()), (.min, "heron\u{0}grey", [0]), (0, "Ä🦜", [255, 0, 1]),
        ])
    func values(number: Int, name: String, song: [UInt8]) throws {
        try use { connection in
            try connection.run("INSERT INTO birds VALUES (?1, ?2, ?3)", [number, name, song])
            let found = try connection.all("SELECT number, name, song FROM birds") {
                (row: inout Columns) throws(StoreError) in
                (try row.int(), try row.text(), try row.bytes())
            }
            #expect(found.count == 1)
            #expect(found.first.map { $0 == (number, name, song) } == true)
        }
    }

    @Test("Nothing is bound where nothing is given, also after something was")
    func nulls() throws {
        try use { connection in
            for name in ["wren", nil] {
                try connection.run("INSERT INTO birds (name) VALUES (?)", [name])
            }
            let found = try connection.all("SELECT name FROM birds ORDER BY rowid") {
                (row: inout Columns) throws(StoreError) in try row.optionalText()
            }
            #expect(found == ["wren", nil])
        }
    }

    @Test("A value of another kind, or none where there must be one, is damage")
    func kinds() throws {
        try use { connection in
            for sql in ["SELECT 'wren'", "SELECT NULL", "SELECT 1.5"] {
                #expect(damage(in: connection, sql, numbers: 1) == .corrupt)
            }
            #expect(damage(in: connection, "SELECT 1", numbers: 1) == nil)
            #expect(damage(in: connection, "SELECT 1", numbers: 2) == .corrupt)
        }
    }

    /// What is wrong with the first row, read as so many numbers.
    private func damage(
        in connection: Connection, _ sql: String, numbers: Int
    ) -> StoreError.Code? {
        do throws(StoreError) {
            _ = try connection.first(sql) { (row: inout Columns) throws(StoreError) in
                for _ in 0..<numbers { _ = try row.int() }
            }
            return nil
        } catch {
            return error.code
        }
    }

    @Test("A statement that failed or was left early can be used again")
    func again() throws {
        try use { connection in
            try connection.run("CREATE UNIQUE INDEX names ON birds (name)")
            let insertion = "INSERT INTO birds (number, name) VALUES (?, ?)"
            try connection.run(insertion, [1, "wren"])
            #expect { try connection.run(insertion, [2, "wren"]) } throws: {
                ($0 as? StoreError)?.code == .exists
            }
            try connection.run(insertion, [3, "heron"])
            for _ in 0..<2 {
                let first = try connection.first("SELECT number FROM birds ORDER BY number") {
                    (row: inout Columns) throws(StoreError) in try row.int()
                }
                #expect(first == 1)
            }
            #expect(try connection.exists("SELECT 1 FROM birds WHERE number = ?", [3]))
            #expect(try !connection.exists("SELECT 1 FROM birds WHERE number = ?", [2]))
        }
    }
}
