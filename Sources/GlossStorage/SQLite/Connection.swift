import GRDB
import GRDBSQLite

/// One use of a database: statements that are prepared once and cached, typed errors, and rows
/// that are decoded by hand.
///
/// Statements are bound and stepped here and not by GRDB, which would box each value several times and
/// look for observers: together half of what writing a change took.
///
/// It must not outlive the closure it was made for.
struct Connection {
    let database: Database
    let path: String

    typealias Arguments = [(any Bindable)?]

    /// Runs a statement that returns nothing.
    func run(_ sql: String, _ arguments: Arguments = []) throws(StoreError) {
        try each(sql, arguments) { _ in true }
    }

    /// How many rows the last statement inserted, changed or deleted.
    var changed: Int { database.changesCount }

    /// The row id that the last insertion made.
    var insertedRowID: Int64 { database.lastInsertedRowID }

    /// All rows, decoded.
    func all<T>(
        _ sql: String, _ arguments: Arguments = [],
        _ decode: (inout Columns) throws(StoreError) -> T
    ) throws(StoreError) -> [T] {
        var result: [T] = []
        try each(sql, arguments) { (columns: inout Columns) throws(StoreError) in
            result.append(try decode(&columns))
            return true
        }
        return result
    }

    /// The first row, decoded, if there is one.
    func first<T>(
        _ sql: String, _ arguments: Arguments = [],
        _ decode: (inout Columns) throws(StoreError) -> T
    ) throws(StoreError) -> T? {
        var result: T?
        try each(sql, arguments) { (columns: inout Columns) throws(StoreError) in
            result = try decode(&columns)
            return false
        }
        return result
    }

    /// Whether there is a row.
    func exists(_ sql: String, _ arguments: Arguments = []) throws(StoreError) -> Bool {
        try first(sql, arguments) { _ in true } ?? false
    }

    /// Visits rows for as long as the closure says so.
    func each(
        _ sql: String, _ arguments: Arguments,
        _ visit: (inout Columns) throws(StoreError) -> Bool
    ) throws(StoreError) {
        let statement = try statement(sql)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        precondition(
            sqlite3_bind_parameter_count(statement) == arguments.count, "a value for each place")
        for (index, argument) in arguments.enumerated() {
            guard let argument else { continue }
            try check(argument.bind(to: statement, at: Int32(index + 1)))
        }
        while true {
            let code = sqlite3_step(statement)
            guard code == SQLITE_ROW else { return try check(code) }
            var columns = Columns(statement, path: path)
            guard try visit(&columns) else { return }
        }
    }

    private func statement(_ sql: String) throws(StoreError) -> SQLiteStatement {
        do {
            return try database.cachedStatement(sql: sql).sqliteStatement
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private func check(_ code: Int32) throws(StoreError) {
        if code != SQLITE_OK, code != SQLITE_DONE { throw failure(code) }
    }

    /// What a call of SQLite failed with last.
    func failure(_ code: Int32) -> StoreError {
        let message = sqlite3_errmsg(database.sqliteConnection).map { String(cString: $0) }
        return StoreError(
            DatabaseError(resultCode: ResultCode(rawValue: code), message: message), path: path)
    }
}
