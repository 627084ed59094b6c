public import GlossCore

extension LibraryReader {
    private static let columns = """
        replicas.id, place, changes.agent, seq, count, bytes, hash, changes.position, user,
            device_label, received_at, entry, state, code, reason
        FROM changes JOIN replicas ON replicas.number = changes.document
        """

    /// All changes of a document in local order; none if there is no replica of it.
    public func changes(of document: DocumentID) throws(StoreError) -> [StoredChange] {
        guard let number = try existingNumber(of: document) else { return [] }
        return try stored("WHERE document = ? ORDER BY place", [number])
    }

    /// The last place of a document's local order that is taken; 0 if there is none.
    public func lastIndex(of document: DocumentID) throws(StoreError) -> Int {
        guard let number = try existingNumber(of: document) else { return 0 }
        return try connection.first(
            "SELECT max(place) FROM changes WHERE document = ?", [number]
        ) { (row: inout Columns) throws(StoreError) in try row.optionalInt() ?? 0 } ?? 0
    }

    /// The change of a document at a place of the local order, or `nil`.
    public func change(
        of document: DocumentID, at index: Int
    ) throws(StoreError) -> StoredChange? {
        guard let number = try existingNumber(of: document) else { return nil }
        return try stored("WHERE document = ? AND place = ?", [number, index]).first
    }

    /// The change of a document that holds an operation, or `nil`.
    public func change(
        of document: DocumentID, holding id: OpID
    ) throws(StoreError) -> StoredChange? {
        guard let number = try existingNumber(of: document) else { return nil }
        let found = try stored(
            """
            WHERE document = ? AND changes.agent = ? AND seq <= ?
            ORDER BY seq DESC LIMIT 1
            """, [number, id.agent.sql, id.seq])
        return found.first.flatMap { $0.seq + $0.count > id.seq ? $0 : nil }
    }

    /// The outbox: changes of any document that are unsent or offered, in the order in which they
    /// were made. The cost depends on their number only.
    public func unacknowledged() throws(StoreError) -> [StoredChange] {
        try stored("WHERE state < 2 ORDER BY added")
    }

    /// What of that is in one document. The cost depends on the size of the outbox only.
    public func unacknowledged(
        in document: DocumentID
    ) throws(StoreError) -> [StoredChange] {
        guard let number = try existingNumber(of: document) else { return [] }
        // "+" has the index of the outbox used, where there is little, not the document's log.
        return try stored("WHERE state < 2 AND +document = ? ORDER BY added", [number])
    }

    /// Changes of any document that were made here and the server refused, in the order in which they
    /// were made.
    public func refused() throws(StoreError) -> [StoredChange] {
        try stored("WHERE state = 3 AND added IS NOT NULL ORDER BY added")
    }

    /// Those, and changes of others that were left out here: what of any document is here and no part of
    /// it. The cost depends on their number only.
    public func refusedOrLeftOut() throws(StoreError) -> [StoredChange] {
        try stored("WHERE state = 3 ORDER BY added, place")
    }

    /// The changes of any document that belong to a history entry, in the order in which they were
    /// made.
    public func changes(ofEntry entry: Int64) throws(StoreError) -> [StoredChange] {
        try stored("WHERE entry = ? ORDER BY added", [entry])
    }

    /// The sequence number behind the highest one stored of an agent in a document, 0 if there is
    /// nothing of it.
    public func nextSeq(of agent: AgentID, in document: DocumentID) throws(StoreError) -> Int {
        guard let number = try existingNumber(of: document) else { return 0 }
        return try nextSeq(of: agent, inReplica: number)
    }

    func nextSeq(of agent: AgentID, inReplica number: Int64) throws(StoreError) -> Int {
        try connection.first(
            """
            SELECT seq + count FROM changes WHERE document = ? AND agent = ?
            ORDER BY seq DESC LIMIT 1
            """, [number, agent.sql]
        ) { (row: inout Columns) throws(StoreError) in try row.int() } ?? 0
    }

    func stored(
        _ condition: String, _ arguments: Connection.Arguments = []
    ) throws(StoreError) -> [StoredChange] {
        try connection.all(
            "SELECT \(Self.columns) \(condition)", arguments, StoredChange.init(row:))
    }
}

extension StoredChange {
    init(row: inout Columns) throws(StoreError) {
        self.init(
            document: try row.document(), index: try row.position(), agent: try row.agent(),
            seq: try row.seq(), count: try row.count(), bytes: try row.bytes(),
            hash: try row.hash(), position: try row.optionalPosition(),
            user: try row.optionalText(),
            deviceLabel: try row.optionalText(), receivedAt: try row.optionalInt(),
            state: .unsent, entry: try row.optionalInt64())
        switch try row.int() {
        case 0: state = .unsent
        case 1: state = .offered
        case 2: state = .acknowledged
        default:
            state = .refused(
                code: try row.optionalText() ?? "", message: try row.optionalText() ?? "")
        }
    }
}
