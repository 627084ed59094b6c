import GRDB
import GRDBSQLite
import GlossCore

/// The columns of one row, read from left to right. A value that cannot be is a damaged file.
struct Columns {
    private let row: SQLiteStatement
    private let path: String
    private var index: Int32 = 0

    /// The columns of the row that a statement stands at. They must not be used when it has gone on.
    init(_ row: SQLiteStatement, path: String) {
        self.row = row
        self.path = path
    }

    /// Steps to the next column, whose number this gives, if it has a value of a kind.
    private mutating func take(_ kind: Int32) throws(StoreError) -> Int32 {
        defer { index += 1 }
        guard index < sqlite3_column_count(row), sqlite3_column_type(row, index) == kind else {
            throw damaged()
        }
        return index
    }

    private func damaged() -> StoreError {
        .damaged(path, "column \(index) holds what it cannot")
    }

    private func require<T>(_ value: T?) throws(StoreError) -> T {
        guard let value else { throw damaged() }
        return value
    }

    mutating func int64() throws(StoreError) -> Int64 {
        sqlite3_column_int64(row, try take(SQLITE_INTEGER))
    }

    mutating func int() throws(StoreError) -> Int { Int(try int64()) }

    /// A number that must lie in a range, so that sums of such numbers cannot overflow.
    private mutating func int(in range: ClosedRange<Int>) throws(StoreError) -> Int {
        let number = try int()
        return try require(range.contains(number) ? number : nil)
    }

    /// The number of a first operation.
    mutating func seq() throws(StoreError) -> Int { try int(in: 0...OpID.limit - 1) }

    /// How many operations there are.
    mutating func count() throws(StoreError) -> Int { try int(in: 1...OpID.limit) }

    /// A position in a log or place in an order, or 0 for none.
    mutating func position() throws(StoreError) -> Int { try int(in: 0...1 << 53) }

    mutating func optionalPosition() throws(StoreError) -> Int? {
        try isNull() ? nil : position()
    }

    mutating func hash() throws(StoreError) -> [UInt8] {
        let hash = try bytes()
        return try require(hash.count == LogRules.hashLength ? hash : nil)
    }

    mutating func bool() throws(StoreError) -> Bool { try int64() != 0 }

    mutating func bits() throws(StoreError) -> UInt64 { UInt64(bitPattern: try int64()) }

    /// What ``Swift/UInt64/orderedSQL`` wrote.
    mutating func orderedBits() throws(StoreError) -> UInt64 { try bits() ^ (1 << 63) }

    mutating func optionalInt() throws(StoreError) -> Int? {
        try isNull() ? nil : int()
    }

    mutating func optionalInt64() throws(StoreError) -> Int64? {
        try isNull() ? nil : int64()
    }

    mutating func text() throws(StoreError) -> String {
        let index = try take(SQLITE_TEXT)
        guard let start = sqlite3_column_text(row, index) else { throw damaged() }
        let count = Int(sqlite3_column_bytes(row, index))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    mutating func optionalText() throws(StoreError) -> String? {
        try isNull() ? nil : text()
    }

    mutating func bytes() throws(StoreError) -> [UInt8] {
        let index = try take(SQLITE_BLOB)
        let count = Int(sqlite3_column_bytes(row, index))
        return Array(UnsafeRawBufferPointer(start: sqlite3_column_blob(row, index), count: count))
    }

    mutating func optionalBytes() throws(StoreError) -> [UInt8]? {
        try isNull() ? nil : bytes()
    }

    mutating func document() throws(StoreError) -> DocumentID {
        let bytes = try bytes()
        guard bytes.count == 16 else { throw damaged() }
        return DocumentID(
            high: bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) },
            low: bytes[8...].reduce(0) { $0 << 8 | UInt64($1) })
    }

    mutating func optionalDocument() throws(StoreError) -> DocumentID? {
        try isNull() ? nil : document()
    }

    mutating func agent() throws(StoreError) -> AgentID { AgentID(rawValue: try bits()) }

    mutating func device() throws(StoreError) -> DeviceID { DeviceID(rawValue: try bits()) }

    mutating func library() throws(StoreError) -> LibraryID { LibraryID(rawValue: try bits()) }

    /// An enumeration stored as the text of its raw value.
    mutating func named<T: RawRepresentable<String>>() throws(StoreError) -> T {
        try require(T(rawValue: try text()))
    }

    /// Whether the next value is null, which is then skipped.
    private mutating func isNull() -> Bool {
        let isNull =
            index < sqlite3_column_count(row) && sqlite3_column_type(row, index) == SQLITE_NULL
        if isNull { index += 1 }
        return isNull
    }
}

extension DocumentID {
    /// 16 bytes, so that SQLite orders ids as ``DocumentID`` does.
    var sql: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { bytes, count in
            for index in 0..<8 {
                let shift = UInt64(56 - 8 * index)
                bytes[index] = UInt8(truncatingIfNeeded: high >> shift)
                bytes[8 + index] = UInt8(truncatingIfNeeded: low >> shift)
            }
            count = 16
        }
    }
}

extension UInt64 {
    /// The same bits as SQLite's integer, whose order differs.
    var sql: Int64 { Int64(bitPattern: self) }

    /// An integer that SQLite orders as Swift orders the unsigned one.
    var orderedSQL: Int64 { Int64(bitPattern: self ^ (1 << 63)) }
}

extension AgentID {
    var sql: Int64 { rawValue.sql }
}

extension DeviceID {
    var sql: Int64 { rawValue.sql }
}

extension LibraryID {
    var sql: Int64 { rawValue.sql }
}
