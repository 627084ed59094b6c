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
        var known: Set<String>?
        var isLast = false
        while !isLast {
            try? await clock.sleep(Self.interval)
            isLast = Task.isCancelled
            audit.flush()
            do {
                // The log knows what ran out while no server looked, and what of it was seen.
                var written = try known ?? audit.expiredInvitations()
                defer { known = written }
                try await recordExpired(until: clock.wall(), besides: &written)
            } catch let error as StoreError where error.code == .fsyncFailed {
                return onFatal(error)
            } catch {
                // Another time: what is not written now is not lost.
            }
        }
    }

    /// Records the invitations with uses left that have run out, but for those that are written down
    /// already, and adds them to these.
    func recordExpired(
        until now: Int, besides written: inout Set<String>
    ) async throws(StoreError) {
        for library in try await store.libraries() {
            for invitation in try await store.invitations(to: library.id)
            where invitation.usesLeft > 0 && invitation.expiresAt <= now {
                let name = AuditEntry.name(ofInvitation: invitation.secretHash)
                guard written.insert(name).inserted else { continue }
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
