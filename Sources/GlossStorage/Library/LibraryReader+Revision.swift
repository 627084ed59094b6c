import GRDB

/// Tells whether anything was written to a library's file, by this process or another.
public struct LibraryRevision: Hashable, Sendable {
    /// Changes with what others write.
    fileprivate let others: Int
    /// Changes with what is written here.
    fileprivate let own: Int
}

extension LibraryReader {
    /// The file as this transaction has it. Two of one store are equal only if nothing was written in
    /// between.
    public func revision() throws(StoreError) -> LibraryRevision {
        let others = try connection.first("PRAGMA data_version") {
            (row: inout Columns) throws(StoreError) in try row.int()
        }
        return LibraryRevision(
            others: others ?? 0, own: connection.database.totalChangesCount)
    }
}
