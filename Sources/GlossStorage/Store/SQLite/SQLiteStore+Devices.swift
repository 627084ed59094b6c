public import GlossCore

extension SQLiteStore {
    /// The ``Store`` requirement.
    public func devices(of user: String?) async throws(StoreError) -> [DeviceRecord] {
        try await read { (store) throws(StoreError) in
            let (condition, arguments): (String, Connection.Arguments) =
                user.map { ("WHERE user = ?", [$0]) } ?? ("", [])
            return try store.all(
                "SELECT \(Connection.deviceColumns) \(condition) ORDER BY user, label", arguments,
                DeviceRecord.init(row:))
        }
    }

    /// The ``Store`` requirement.
    public func device(_ id: DeviceID) async throws(StoreError) -> DeviceRecord? {
        try await read { (store) throws(StoreError) in try store.device(id) }
    }

    /// The ``Store`` requirement.
    public func revokeDevice(_ id: DeviceID, now: Int) async throws(StoreError) {
        try await write { (store) throws(StoreError) in
            try store.run(
                "UPDATE devices SET revoked_at = ifnull(revoked_at, ?) WHERE id = ?",
                [now, id.sql])
            guard store.changed == 1 else { throw AccountRules.unknown(id) }
        }
    }

    /// The ``Store`` requirement.
    public func touchDevice(_ id: DeviceID, now: Int) async throws(StoreError) {
        try await write { (store) throws(StoreError) in
            try store.run(
                "UPDATE devices SET last_seen_at = max(ifnull(last_seen_at, ?1), ?1) WHERE id = ?2",
                [now, id.sql])
            guard store.changed == 1 else { throw AccountRules.unknown(id) }
        }
    }
}

extension Connection {
    static let deviceColumns =
        "id, user, label, secret_hash, created_at, last_seen_at, revoked_at FROM devices"

    func device(_ id: DeviceID) throws(StoreError) -> DeviceRecord? {
        try first(
            "SELECT \(Self.deviceColumns) WHERE id = ?", [id.sql], DeviceRecord.init(row:))
    }

    func insert(_ device: DeviceRecord) throws(StoreError) {
        try run(
            """
            INSERT INTO devices (id, user, label, secret_hash, created_at, last_seen_at, revoked_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                device.id.sql, device.user, device.label, device.secretHash, device.createdAt,
                device.lastSeenAt, device.revokedAt,
            ])
    }
}

extension DeviceRecord {
    init(row: inout Columns) throws(StoreError) {
        self.init(
            id: try row.device(), user: try row.text(), label: try row.text(),
            secretHash: try row.hash(), createdAt: try row.int(),
            lastSeenAt: try row.optionalInt(), revokedAt: try row.optionalInt())
    }
}
