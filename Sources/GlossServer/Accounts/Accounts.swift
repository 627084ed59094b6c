import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

/// Users, devices, invitations and libraries: who gets in, and what administrators change.
struct Accounts {
    let store: any Store
    let access: Access
    let clock: ServerClock
    /// Where it is written down who joined, and who was refused.
    var audit: AuditLog?

    /// Finds out whose a credential is, and lets `listener` hear of changes from then on.
    func admit(
        _ credential: Credential, for listener: any Access.Listener
    ) async throws(StoreError) -> ServerSession.Authentication {
        switch credential {
        case .device(let credential):
            guard let device = try await authenticate(credential) else {
                return .refused(.authFailed, message: "the device or its key is unknown here")
            }
            return try await admit(device, joined: nil, for: listener)
        case .invitation(let credential):
            switch try await redeem(credential) {
            case .failure(let failure): return .refused(failure.code, message: failure.message)
            case .success(let redemption):
                return try await admit(
                    redemption.device, joined: redemption.library, for: listener)
            }
        }
    }

    /// The device that a credential is good for, revoked or not.
    ///
    /// An unknown device takes the same work as a known one with a wrong key.
    private func authenticate(
        _ credential: DeviceCredential
    ) async throws(StoreError) -> DeviceRecord? {
        let device = try await store.device(credential.device)
        let hash = SHA256.hash(credential.key).bytes
        let unknown = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
        let isEqual = constantTimeEqual(hash, device?.secretHash ?? unknown)
        return isEqual ? device : nil
    }

    private func admit(
        _ device: DeviceRecord, joined: LibraryID?, for listener: any Access.Listener
    ) async throws(StoreError) -> ServerSession.Authentication {
        access.add(listener, user: device.user, device: device.id)
        let count = access.connectionCount(of: device.id, of: device.user)
        if count > WireLimits.connectionsOfDevice {
            access.remove(listener)
            return .refused(.rateLimited, message: "this device has \(count - 1) connections open")
        }
        let memberships = try await refreshRoles(of: device.user)
        // Read again: it may have been revoked before `add`.
        guard let device = try await store.device(device.id), device.revokedAt == nil else {
            access.remove(listener)
            return .refused(.deviceRevoked, message: "this device was revoked")
        }
        var libraries: [LibrarySummary] = []
        for membership in memberships.prefix(WireLimits.libraries) {
            guard let library = try await store.library(membership.library) else { continue }
            libraries.append(
                LibrarySummary(id: library.id, name: library.name, role: membership.role))
        }
        do throws(StoreError) {
            try await store.touchDevice(device.id, now: clock.wall())
        } catch  where error.code != .fsyncFailed {
            // Another time: a full disk is no reason not to read.
        }
        return .admitted(
            ServerSession.Admission(
                user: device.user, device: device.id, label: device.label,
                log: try await store.info().lineage, libraries: libraries, joined: joined))
    }

    /// Reads a user's roles from the store and lets everybody who asks for them know.
    @discardableResult
    func refreshRoles(of user: String) async throws(StoreError) -> [Membership] {
        let reading = access.startReading()
        // First those by document: they go when a membership ends, and only then may it be there.
        let onArticles = try await store.documentRoles(of: user)
        let memberships = try await store.memberships(of: user)
        var roles = UserRoles()
        for membership in memberships { roles.libraries[membership.library] = membership.role }
        for role in onArticles { roles.articles[role.article] = .some(role.role) }
        access.setRoles(roles, of: user, read: reading)
        return memberships
    }

    // MARK: Invitations

    private func record(
        _ redemption: Redemption, _ offer: Redeeming
    ) async throws(StoreError) {
        let library = try await store.library(redemption.library)
        var entry = AuditEntry(.invitationRedeemed)
        entry.invitation = AuditEntry.name(ofInvitation: offer.invitationHash)
        (entry.user, entry.device) = (redemption.user, redemption.device.id.description)
        (entry.library, entry.role) = (library?.name, redemption.role.rawValue)
        audit?.record(entry, by: AuditEntry.Actor(user: redemption.user))
    }

    struct RefusedInvitation: Error {
        var code: ErrorCode
        var message: String
    }

    private func redeem(
        _ credential: InvitationCredential
    ) async throws(StoreError) -> Result<Redemption, RefusedInvitation> {
        guard AccountName.isValid(credential.user) else {
            return .failure(.init(code: .badField, message: AccountName.rule))
        }
        guard DisplayName.isValid(credential.label) else {
            return .failure(.init(code: .badField, message: "a device needs a name to show"))
        }
        let offer = Redeeming(
            invitationHash: SHA256.hash(credential.secret).bytes, user: credential.user,
            device: credential.device, label: credential.label,
            secretHash: SHA256.hash(credential.key).bytes, library: credential.library,
            now: clock.wall())
        do throws(StoreError) {
            let device = try await store.device(credential.device)
            let memberships = try await store.memberships(of: credential.user)
            let redemption = try await store.redeem(offer)
            // A retry changes nothing, and is no news.
            let isKnown = memberships.contains { $0.library == redemption.library }
            if device == nil || !isKnown { try await record(redemption, offer) }
            return .success(redemption)
        } catch {
            guard let code = error.invitationCode else { throw error }
            return .failure(RefusedInvitation(code: code, message: error.message))
        }
    }
}

extension StoreError {
    /// What somebody with an invitation is told; `nil` if the invitation is not to blame.
    fileprivate var invitationCode: ErrorCode? {
        switch code {
        case .invitationUnknown, .deviceTaken: .authFailed
        case .invitationExpired: .invitationExpired
        case .invitationUsedUp: .invitationUsed
        case .nameTaken, .nameReserved: .nameTaken
        case .libraryDiffers: .wrongLibrary
        case .deviceRevoked: .deviceRevoked
        default: nil
        }
    }
}
