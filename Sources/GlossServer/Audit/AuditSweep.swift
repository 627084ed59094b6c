import GlossCore
import GlossStorage

/// Writes into the audit log what nobody does at a moment: refused logins, added up, and
/// invitations that run out unused.
struct AuditSweep {
    /// How often it looks.
    static let interval = Duration.seconds(60)

    let audit: AuditLog
    let store: any Store
    let clock: ServerClock
    /// Called if the disk can no longer be trusted.
    let onFatal: @Sendable (StoreError) -> Void

    /// Looks until cancelled, and once more then.
    func run() async {
        var since = audit.lastWrite ?? clock.wall()
        while !Task.isCancelled {
            try? await clock.sleep(Self.interval)
            audit.flush()
            if Task.isCancelled { return }
            let now = clock.wall()
            do throws(StoreError) {
                try await recordExpired(after: since, until: now)
                since = now
            } catch {
                if error.code == .fsyncFailed { return onFatal(error) }
            }
        }
    }

    /// Records the invitations with uses left that ran out in a span of time.
    func recordExpired(after start: Int, until end: Int) async throws(StoreError) {
        for library in try await store.libraries() {
            for invitation in try await store.invitations(to: library.id)
            where invitation.usesLeft > 0 && invitation.expiresAt > start
                && invitation.expiresAt <= end
            {
                audit.record(AuditEntry(.invitationExpired, invitation, library: library.name))
            }
        }
    }
}

extension AuditEntry {
    /// The start of an invitation's hash, in hex.
    static func name(ofInvitation hash: [UInt8]) -> String {
        hash.prefix(8).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    /// An entry about an invitation.
    init(_ event: Event, _ record: InvitationRecord, library name: String) {
        self.init(event)
        invitation = Self.name(ofInvitation: record.secretHash)
        library = name
        user = record.forUser
        role = record.role.rawValue
        uses = record.usesLeft
        expires = Timestamp.text(record.expiresAt)
    }
}
