/// What went wrong, in one word that programs can act on. `Protocol/messages.md` lists them.
public enum ErrorCode: String, Hashable, Sendable, CaseIterable {
    /// A line is not JSON, not an object, or has no type `t`.
    case badFrame = "bad_frame"
    /// A line is not UTF-8.
    case badUTF8 = "bad_utf8"
    /// A line is longer than announced.
    case lineTooLong = "line_too_long"
    /// The two sides have no version in common.
    case badVersion = "bad_version"
    /// A message of a type the receiver does not know.
    case unknownType = "unknown_type"
    /// A message of a known type with a field missing or malformed.
    case badField = "bad_field"
    /// The first line was no `hello`, or it had no credential.
    case authRequired = "auth_required"
    /// The credential is not known here.
    case authFailed = "auth_failed"
    /// The credential has run out.
    case authExpired = "auth_expired"
    /// The invitation has been used.
    case invitationUsed = "invitation_used"
    /// The invitation has run out.
    case invitationExpired = "invitation_expired"
    /// The name belongs to somebody else.
    case nameTaken = "name_taken"
    /// The invitation is for another library than the device has.
    case wrongLibrary = "wrong_library"
    /// The device was revoked.
    case deviceRevoked = "device_revoked"
    /// The role does not allow it.
    case forbidden = "forbidden"
    /// There is no such thing, or this user may not know of it.
    case notFound = "not_found"
    /// Whoever runs the server has purged it.
    case gone = "gone"
    /// A change depends on changes the server does not have.
    case missingDependency = "missing_dep"
    /// The same agent and number with other bytes.
    case agentFork = "agent_fork"
    /// A change breaks the rules.
    case invalidOp = "invalid_op"
    /// What is given back is not what the server has signed.
    case invalidReceipt = "invalid_receipt"
    /// A change of a newer format than the server takes.
    case unsupportedSchema = "unsupported_schema"
    /// Something is larger than its limit.
    case tooLarge = "too_large"
    /// Too much at once from this client.
    case rateLimited = "rate_limited"
    /// Too much at once from everybody.
    case overloaded = "overloaded"
    /// Another node serves this.
    case moved = "moved"
    /// Position and checksum of a `sub` do not match the log, and it had no version vector.
    case logMismatch = "log_mismatch"
    /// The peer did not say what it had to in time.
    case timedOut = "timed_out"
    /// The peer has stopped reading.
    case slowConsumer = "slow_consumer"
    /// The server is going down.
    case shuttingDown = "shutting_down"
    /// The server's fault.
    case `internal` = "internal"
    /// A code of a newer peer. Act on the retry class that came with it.
    case unrecognized = "unrecognized"
}

/// What to do about an error.
public enum RetryClass: String, Hashable, Sendable, CaseIterable {
    /// The same again, at once.
    case now
    /// The same again, after a delay.
    case later
    /// Again with another credential.
    case reauth
    /// Again after comparing version vectors.
    case resync
    /// Not again.
    case never
}

/// How far an error reaches.
public enum ErrorScope: String, Hashable, Sendable, CaseIterable {
    /// The connection, which is closed behind it.
    case connection = "conn"
    /// One document, whose subscription is over.
    case document = "doc"
    /// One message.
    case message = "msg"
}

extension ErrorCode {
    /// What to do about it.
    public var retry: RetryClass {
        switch self {
        case .moved, .timedOut: .now
        case .missingDependency, .rateLimited, .overloaded, .slowConsumer, .shuttingDown,
            .internal, .unrecognized:
            .later
        case .authRequired, .authFailed, .authExpired: .reauth
        case .logMismatch: .resync
        case .badFrame, .badUTF8, .lineTooLong, .badVersion, .unknownType, .badField,
            .invitationUsed, .invitationExpired, .nameTaken, .wrongLibrary, .deviceRevoked,
            .forbidden, .notFound, .gone, .agentFork, .invalidOp, .invalidReceipt,
            .unsupportedSchema, .tooLarge:
            .never
        }
    }

    /// How far it usually reaches. What is of a message refuses a `sub`, too, or ends a subscription, and
    /// is of the document then.
    public var scope: ErrorScope {
        switch self {
        case .badFrame, .badUTF8, .lineTooLong, .badVersion, .authRequired, .authFailed,
            .authExpired, .invitationUsed, .invitationExpired, .nameTaken, .wrongLibrary,
            .deviceRevoked, .timedOut, .slowConsumer, .shuttingDown:
            .connection
        case .logMismatch, .gone, .moved: .document
        case .unknownType, .badField, .forbidden, .notFound, .missingDependency, .agentFork,
            .invalidOp, .invalidReceipt, .unsupportedSchema, .tooLarge, .rateLimited, .overloaded,
            .internal, .unrecognized:
            .message
        }
    }
}
