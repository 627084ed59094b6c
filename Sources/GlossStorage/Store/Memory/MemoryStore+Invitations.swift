public import GlossCore

extension MemoryStore {
    /// The ``Store`` requirement.
    public func addInvitation(_ invitation: InvitationRecord) throws(StoreError) {
        try checkOpen()
        try AccountRules.check(invitation)
        guard libraryRecords[invitation.library] != nil else {
            throw AccountRules.unknown(invitation.library)
        }
        guard invitationRecords[invitation.secretHash] == nil else {
            throw StoreError(.exists, "There is an invitation with this secret already.")
        }
        invitationRecords[invitation.secretHash] = invitation
    }

    /// The ``Store`` requirement.
    public func invitations(to library: LibraryID) throws(StoreError) -> [InvitationRecord] {
        try checkOpen()
        return invitationRecords.values.filter { $0.library == library }
            .sorted {
                $0.createdAt == $1.createdAt
                    ? $0.secretHash.lexicographicallyPrecedes($1.secretHash)
                    : $0.createdAt < $1.createdAt
            }
    }

    /// The ``Store`` requirement.
    public func removeInvitation(secretHash: [UInt8]) throws(StoreError) {
        try checkOpen()
        guard invitationRecords[secretHash] != nil else {
            throw StoreError(.invitationUnknown, "There is no such invitation.")
        }
        forgetInvitation(secretHash)
    }

    /// The ``Store`` requirement.
    @discardableResult
    public func removeExpiredInvitations(now: Int) throws(StoreError) -> Int {
        try checkOpen()
        let expired = invitationRecords.values.filter { $0.expiresAt <= now }
        for invitation in expired { forgetInvitation(invitation.secretHash) }
        return expired.count
    }

    func forgetInvitation(_ secretHash: [UInt8]) {
        invitationRecords[secretHash] = nil
        redemptions = redemptions.filter { $0.key.invitation != secretHash }
    }

    /// The ``Store`` requirement.
    public func redeem(_ offer: Redeeming) throws(StoreError) -> Redemption {
        try checkOpen()
        try AccountRules.check(offer)
        let key = RedemptionKey(invitation: offer.invitationHash, device: offer.device)
        if let past = redemptions[key], past.user == offer.user,
            past.secretHash == offer.secretHash, let device = deviceRecords[offer.device]
        {
            try AccountRules.check(offer, for: past.library)
            return Redemption(
                user: past.user, device: device, library: past.library, role: past.role)
        }
        let held = invitationRecords.values.contains {
            $0.forUser == offer.user && $0.usesLeft > 0 && $0.expiresAt > offer.now
        }
        let invitation = try AccountRules.check(
            offer,
            .init(
                invitation: invitationRecords[offer.invitationHash],
                userExists: userRecords[offer.user] != nil, nameHeld: held,
                device: deviceRecords[offer.device]))

        invitationRecords[offer.invitationHash]?.usesLeft -= 1
        if userRecords[offer.user] == nil {
            userRecords[offer.user] = UserRecord(name: offer.user, createdAt: offer.now)
        }
        let labels = deviceRecords.values.filter { $0.user == offer.user }.map(\.label)
        let device =
            deviceRecords[offer.device]
            ?? DeviceRecord(
                id: offer.device, user: offer.user,
                label: AccountRules.freeLabel(offer.label, besides: labels),
                secretHash: offer.secretHash, createdAt: offer.now)
        deviceRecords[offer.device] = device
        let role = roles[invitation.library]?[offer.user] ?? invitation.role
        roles[invitation.library, default: [:]][offer.user] = role
        redemptions[key] = Redeemed(
            user: offer.user, secretHash: offer.secretHash, library: invitation.library, role: role)
        return Redemption(
            user: offer.user, device: device, library: invitation.library, role: role)
    }
}
