/// Why the storage did not do what it was asked.
///
/// The message is for people: what happened, to which file, what to try. It never holds text of a
/// document. After an error nothing of the operation has taken effect, except for
/// ``Code/fsyncFailed`` and ``Code/io``, after which only opening the file again tells.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// There is no such record.
        case notFound = "not_found"
        /// The document was purged.
        case gone
        /// A record of that id or name exists already, and differs.
        case exists
        /// What was asked contradicts itself or a rule of the storage.
        case invalid
        /// The head of a document is not where the caller believed it to be.
        case stale
        /// The agent writes for another user or device in this document.
        case agentTaken = "agent_taken"
        /// The sequence number lies beyond the agent's next one.
        case gap
        /// Another account has this name, and the invitation is not made for it.
        case nameTaken = "name_taken"
        /// The invitation is made for another name, or the name is held for another invitation.
        case nameReserved = "name_reserved"
        /// The invitation is for another library than the client has.
        case libraryDiffers = "library_differs"
        /// The device id is in use, with another user or another secret.
        case deviceTaken = "device_taken"
        /// The device was revoked.
        case deviceRevoked = "device_revoked"
        /// There is no invitation with this secret.
        case invitationUnknown = "invitation_unknown"
        /// The invitation's time is over.
        case invitationExpired = "invitation_expired"
        /// The invitation has been used as often as it may be.
        case invitationUsedUp = "invitation_used_up"
        /// Another process or connection holds the file.
        case locked
        /// The file or its directory cannot be written.
        case readOnly = "read_only"
        /// The file cannot be opened or made.
        case cannotOpen = "cannot_open"
        /// The file is no database, or not one of this kind.
        case notADatabase = "not_a_database"
        /// A newer version of Gloss wrote the file.
        case newerSchema = "newer_schema"
        /// There is no room left on the disk.
        case diskFull = "disk_full"
        /// The disk did not confirm that data is safe. A server must stop now.
        case fsyncFailed = "fsync_failed"
        /// The file is damaged.
        case corrupt
        /// Reading or writing failed otherwise.
        case io
        /// The store has been closed.
        case closed
        /// This implementation cannot do that.
        case unsupported
    }

    /// What went wrong.
    public var code: Code
    /// What happened, to which file, and what to try.
    public var message: String

    /// An error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The code and the message.
    public var description: String { "\(code.rawValue): \(message)" }
}
