public import GlossCore

extension SQLiteStore {
    /// The ``Store`` requirement.
    public func addInvitation(_ invitation: InvitationRecord) async throws(StoreError) {
        try AccountRules.check(invitation)
        try await write { (store) throws(StoreError) in
            try store.requireLibrary(invitation.library)
            guard try store.invitation(invitation.secretHash) == nil else {
                throw StoreError(.exists, "There is an invitation with this secret already.")
            }
            try store.run(
                """
                INSERT INTO invitations (secret_hash, library, role, for_user, created_at,
                    expires_at, uses_left, creator)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    invitation.secretHash, invitation.library.sql, invitation.role.rawValue,
                    invitation.forUser, invitation.createdAt, invitation.expiresAt,
                    invitation.usesLeft, invitation.creator,
                ])
        }
    }

    /// The ``Store`` requirement.
    public func invitations(
        to library: LibraryID
    ) async throws(StoreError) -> [InvitationRecord] {
        try await read { (store) throws(StoreError) in
            try store.all(
                """
                SELECT \(Connection.invitationColumns) WHERE library = ?
                ORDER BY created_at, secret_hash
                """, [library.sql], InvitationRecord.init(row:))
        }
    }

    /// The ``Store`` requirement.
    public func removeInvitation(secretHash: [UInt8]) async throws(StoreError) {
        try await write { (store) throws(StoreError) in
            try store.run("DELETE FROM invitations WHERE secret_hash = ?", [secretHash])
            guard store.changed == 1 else {
                throw StoreError(.invitationUnknown, "There is no such invitation.")
            }
        }
    }

    /// The ``Store`` requirement.
    @discardableResult
    public func removeExpiredInvitations(now: Int) async throws(StoreError) -> Int {
        try await write { (store) throws(StoreError) in
            try store.run("DELETE FROM invitations WHERE expires_at <= ?", [now])
            return store.changed
        }
    }

    /// The ``Store`` requirement.
    public func redeem(_ offer: Redeeming) async throws(StoreError) -> Redemption {
        try AccountRules.check(offer)
        return try await write { (store) throws(StoreError) in
            if let past = try store.pastRedemption(of: offer) {
                try AccountRules.check(offer, for: past.library)
                return past
            }
            let facts = AccountRules.Facts(
                invitation: try store.invitation(offer.invitationHash),
                userExists: try store.hasUser(offer.user),
                nameHeld: try store.exists(
                    """
                    SELECT 1 FROM invitations
                    WHERE for_user = ? AND uses_left > 0 AND expires_at > ?
                    """, [offer.user, offer.now]),
                device: try store.device(offer.device))
            let invitation = try AccountRules.check(offer, facts)
            return try store.redeem(offer, invitation, facts)
        }
    }
}

extension Connection {
    static let invitationColumns = """
        secret_hash, library, role, for_user, created_at, expires_at, uses_left, creator
        FROM invitations
        """

    func invitation(_ secretHash: [UInt8]) throws(StoreError) -> InvitationRecord? {
        try first(
            "SELECT \(Self.invitationColumns) WHERE secret_hash = ?", [secretHash],
            InvitationRecord.init(row:))
    }

    fileprivate func pastRedemption(of offer: Redeeming) throws(StoreError) -> Redemption? {
        guard let device = try device(offer.device) else { return nil }
        return try first(
            """
            SELECT library, role FROM redemptions
            WHERE invitation = ? AND device = ? AND user = ? AND secret_hash = ?
            """,
            [offer.invitationHash, offer.device.sql, offer.user, offer.secretHash]
        ) { (row: inout Columns) throws(StoreError) in
            Redemption(
                user: offer.user, device: device, library: try row.library(),
                role: try row.named())
        }
    }

    fileprivate func redeem(
        _ offer: Redeeming, _ invitation: InvitationRecord, _ facts: AccountRules.Facts
    ) throws(StoreError) -> Redemption {
        try run(
            "UPDATE invitations SET uses_left = uses_left - 1 WHERE secret_hash = ?",
            [offer.invitationHash])
        if !facts.userExists {
            try insert(UserRecord(name: offer.user, createdAt: offer.now))
        }
        let device: DeviceRecord
        if let known = facts.device {
            device = known
        } else {
            let labels = try all("SELECT label FROM devices WHERE user = ?", [offer.user]) {
                (row: inout Columns) throws(StoreError) in try row.text()
            }
            device = DeviceRecord(
                id: offer.device, user: offer.user,
                label: AccountRules.freeLabel(offer.label, besides: labels),
                secretHash: offer.secretHash, createdAt: offer.now)
            try insert(device)
        }
        let role = try role(of: offer.user, in: invitation.library) ?? invitation.role
        try run(
            "INSERT INTO members (library, user, role) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [invitation.library.sql, offer.user, role.rawValue])
        try run(
            """
            INSERT OR REPLACE INTO redemptions
                (invitation, device, user, secret_hash, library, role)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                offer.invitationHash, offer.device.sql, offer.user, offer.secretHash,
                invitation.library.sql, role.rawValue,
            ])
        return Redemption(
            user: offer.user, device: device, library: invitation.library, role: role)
    }
}

extension InvitationRecord {
    init(row: inout Columns) throws(StoreError) {
        self.init(
            secretHash: try row.hash(), library: try row.library(), role: try row.named(),
            forUser: try row.optionalText(), createdAt: try row.int(), expiresAt: try row.int(),
            usesLeft: try row.int(), creator: try row.optionalText())
    }
}
