public import GlossCore

extension LibraryReader {
    private static let replicaColumns =
        """
        id, agent, position, sum, created_locally, read_position, purged, article, role
        FROM replicas
        """

    /// All replicas, in the order in which they were added.
    public func replicas() throws(StoreError) -> [ReplicaRecord] {
        try connection.all(
            "SELECT \(Self.replicaColumns) ORDER BY number", [], ReplicaRecord.init(row:))
    }

    /// The replica of a document, or `nil`.
    public func replica(_ document: DocumentID) throws(StoreError) -> ReplicaRecord? {
        try connection.first(
            "SELECT \(Self.replicaColumns) WHERE id = ?", [document.sql], ReplicaRecord.init(row:))
    }

    /// The number by which changes name a document's replica; `notFound` if there is none.
    func number(of document: DocumentID) throws(StoreError) -> Int64 {
        guard let number = try existingNumber(of: document) else {
            throw Self.noReplica(of: document)
        }
        return number
    }

    func existingNumber(of document: DocumentID) throws(StoreError) -> Int64? {
        try connection.first("SELECT number FROM replicas WHERE id = ?", [document.sql]) {
            (row: inout Columns) throws(StoreError) in try row.int64()
        }
    }

    static func noReplica(of document: DocumentID) -> StoreError {
        StoreError(.notFound, "This library has no replica of document \(document).")
    }
}

extension LibraryWriter {
    /// Adds a replica; `exists` if there is one of that document.
    public func addReplica(_ replica: ReplicaRecord) throws(StoreError) {
        guard try existingNumber(of: replica.id) == nil else {
            throw StoreError(
                .exists, "This library has a replica of document \(replica.id) already.")
        }
        try connection.run(
            """
            INSERT INTO replicas
                (id, agent, position, sum, created_locally, read_position, purged, article, role)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                replica.id.sql, replica.agent.sql, replica.position, replica.sum.sql,
                replica.createdLocally, replica.readPosition, replica.purged,
                replica.kind == .privateAnnotations ? replica.article.sql : nil,
                replica.role?.rawValue,
            ])
    }

    /// Replaces everything a library notes of a replica, but for its article; `notFound` if there is
    /// none.
    public func updateReplica(_ replica: ReplicaRecord) throws(StoreError) {
        try connection.run(
            """
            UPDATE replicas SET agent = ?, position = ?, sum = ?, created_locally = ?,
                read_position = ?, purged = ?, role = ? WHERE id = ?
            """,
            [
                replica.agent.sql, replica.position, replica.sum.sql, replica.createdLocally,
                replica.readPosition, replica.purged, replica.role?.rawValue, replica.id.sql,
            ])
        guard connection.changed == 1 else { throw Self.noReplica(of: replica.id) }
    }
}

extension ReplicaRecord {
    init(row: inout Columns) throws(StoreError) {
        self.init(
            id: try row.document(), agent: try row.agent(), position: try row.position(),
            sum: try row.bits(), createdLocally: try row.bool(), readPosition: try row.position(),
            purged: try row.bool(), article: try row.optionalDocument(),
            role: try row.optionalText().flatMap { Role(rawValue: $0) })
    }
}
