import GRDB

/// One use of a database: statements that are prepared once and cached, typed errors, and rows
/// that are decoded by hand.
///
/// It must not outlive the closure it was made for.
struct Connection {
    let database: Database
    let path: String

    typealias Arguments = [(any DatabaseValueConvertible)?]

    /// Runs a statement that returns nothing.
    func run(_ sql: String, _ arguments: Arguments = []) throws(StoreError) {
        do {
            try database.cachedStatement(sql: sql)
                .execute(arguments: StatementArguments(arguments))
        } catch {
            throw StoreError(error, path: path)
        }
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
        do {
            let statement = try database.cachedStatement(sql: sql)
            let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
            while let row = try rows.next() {
                var columns = Columns(row, path: path)
                guard try visit(&columns) else { break }
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }
}
