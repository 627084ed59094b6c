import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage
import GlossTransport

extension Administrator {
    /// Bytes of an invitation's secret.
    private static let secretCount = 24
    /// The longest time an invitation may be good for, in seconds: 90 days.
    private static let longestTime = 90 * 86_400
    /// How often one invitation may be used at most.
    private static let mostUses = 1_000

    /// Makes the first library of a new server, and an invitation for its owner: one use, one hour.
    func prepareFirstStart() async throws -> String? {
        if try await store.libraries().isEmpty {
            _ = try await addLibrary(AdminRequest(.addLibrary, name: Self.firstLibrary))
        }
        let request = AdminRequest(.invite, role: Role.owner.rawValue, library: Self.firstLibrary)
        return try await invite(request).invitation?.link
    }

    func invite(_ request: AdminRequest) async throws -> AdminReport {
        let library = try await library(request.library)
        let role = try role(request.role ?? Role.editor.rawValue)
        let seconds = request.expires ?? 3_600
        let uses = request.uses ?? 1
        guard (1...Self.longestTime).contains(seconds), (1...Self.mostUses).contains(uses) else {
            throw ServerError(
                .invalid, "An invitation is good for up to 90 days and \(Self.mostUses) uses.")
        }
        if let name = request.name, !AccountName.isValid(name) {
            throw ServerError(.invalid, "“\(name)” cannot be an account: \(AccountName.rule).")
        }
        let now = accounts.clock.wall()
        var report = AdminReport("invitation")
        report.invitation = AdminReport.Invitation(
            link: "gloss://\(address)/", library: library.name, role: role.rawValue,
            user: request.name, expires: Timestamp.text(now + seconds * 1_000), uses: uses)
        if request.dry == true { return report }
        guard let fingerprint = try identity.fingerprint(making: true) else {
            preconditionFailure("there is a key, or one was made")
        }
        try await store.removeExpiredInvitations(now: now - Self.longestTime * 1_000)
        let secret = randomBytes(Self.secretCount)
        let invitation = InvitationRecord(
            secretHash: SHA256.hash(secret).bytes, library: library.id, role: role,
            forUser: request.name, createdAt: now, expiresAt: now + seconds * 1_000,
            usesLeft: uses)
        try await store.addInvitation(invitation)
        audit?.record(AuditEntry(.invitationMade, invitation, library: library.name), by: actor)
        let link = JoinLink(
            host: address.host, port: address.port, fingerprint: fingerprint.bytes, secret: secret)
        report.invitation?.link = link.description
        return report
    }
}
