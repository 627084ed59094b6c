/// One thing that changed who may do what. Holds no secret and no text of a document.
public struct AuditEntry: Codable, Hashable, Sendable {
    /// What happened.
    public enum Event: String, Codable, Hashable, Sendable {
        /// An invitation was made.
        case invitationMade = "invitation_made"
        /// Somebody joined with one.
        case invitationRedeemed = "invitation_redeemed"
        /// One ran out with uses left.
        case invitationExpired = "invitation_expired"
        /// A member's role was set.
        case roleSet = "role_set"
        /// A membership was ended.
        case memberRemoved = "member_removed"
        /// A member's role on an article was set.
        case documentRoleSet = "document_role_set"
        /// The role in the library holds again for an article.
        case documentRoleRemoved = "document_role_removed"
        /// A device was cut off.
        case deviceRevoked = "device_revoked"
        /// A library was added.
        case libraryAdded = "library_added"
        /// The server shows another certificate.
        case keyChanged = "key_changed"
        /// The data was put back from a copy.
        case restored = "restored"
        /// An article was removed for good, with its annotations.
        case purged
        /// Logins were refused.
        case loginsRefused = "logins_refused"
    }

    /// Who did it.
    public struct Actor: Codable, Hashable, Sendable {
        /// The system's user id of whoever administered the server.
        public var uid: UInt32?
        /// The account that did it over the network.
        public var user: String?

        /// Somebody at the admin socket or at the files.
        public static func administrator(_ uid: UInt32?) -> Actor { Actor(uid: uid) }
        /// The server itself.
        public static let server = Actor()

        /// `uid 0`, the account's name, or `glossd`.
        public var description: String { uid.map { "uid \($0)" } ?? user ?? "glossd" }
    }

    /// When, RFC 3339 in UTC.
    public var time = ""
    /// What happened.
    public var event: Event
    /// Who did it.
    public var by = Actor.server
    /// The start of the invitation's hash, 16 hex digits: says which, and opens nothing.
    public var invitation: String?
    /// The library's name.
    public var library: String?
    /// The account it is about.
    public var user: String?
    /// The device it is about.
    public var device: String?
    /// The document it is about.
    public var document: String?
    /// The role given.
    public var role: String?
    /// The role before.
    public var before: String?
    /// How often an invitation may be used.
    public var uses: Int?
    /// When it runs out.
    public var expires: String?
    /// Why logins were refused.
    public var code: String?
    /// How many were.
    public var count: Int?
    /// Where from, at most eight addresses.
    public var peers: [String]?
    /// The fingerprint of the key shown from then on.
    public var fingerprint: String?
    /// The copy that was put back.
    public var file: String?

    init(_ event: Event) {
        self.event = event
    }

    /// The fields that are set besides time, event and who, as `name=value`, for people.
    public var details: String {
        let fields: [(String, String?)] = [
            ("user", user), ("role", role), ("before", before), ("library", library),
            ("device", device), ("document", document), ("invitation", invitation),
            ("uses", uses.map(String.init)),
            ("expires", expires), ("code", code), ("count", count.map(String.init)),
            ("peers", peers?.joined(separator: ",")), ("fingerprint", fingerprint), ("file", file),
        ]
        return fields.compactMap { name, value in value.map { "\(name)=\($0)" } }
            .joined(separator: " ")
    }
}
