public import GlossCore

/// A right to join a library, for whoever has the secret.
public struct InvitationRecord: Hashable, Sendable {
    /// The hash of its secret, 32 bytes. It is the invitation's id.
    public var secretHash: [UInt8]
    /// The library one joins.
    public var library: LibraryID
    /// The role one gets there. Who is a member already keeps the role they have.
    public var role: Role
    /// The only account name it is good for; `nil` for any name that is free.
    public var forUser: String?
    /// When it was made, in milliseconds since 1970.
    public var createdAt: Int
    /// The first moment at which it is no longer good, in milliseconds since 1970.
    public var expiresAt: Int
    /// How often it can still be redeemed.
    public var usesLeft: Int
    /// The account that made it; `nil` if the server's administrator did.
    public var creator: String?

    /// A record of the given values.
    public init(
        secretHash: [UInt8], library: LibraryID, role: Role, forUser: String? = nil,
        createdAt: Int, expiresAt: Int, usesLeft: Int, creator: String? = nil
    ) {
        self.secretHash = secretHash
        self.library = library
        self.role = role
        self.forUser = forUser
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.usesLeft = usesLeft
        self.creator = creator
    }
}

/// What a client offers when it redeems an invitation.
public struct Redeeming: Hashable, Sendable {
    /// The hash of the invitation's secret, 32 bytes.
    public var invitationHash: [UInt8]
    /// The account name it wants.
    public var user: String
    /// The id the client drew for itself.
    public var device: DeviceID
    /// What the user calls the device; the store appends `-2`, `-3` … if the user has one of that
    /// name.
    public var label: String
    /// The hash of the credential the client drew for itself, 32 bytes.
    public var secretHash: [UInt8]
    /// The library that the client has; `nil` if it has none and takes any.
    public var library: LibraryID?
    /// The time, in milliseconds since 1970.
    public var now: Int

    /// A record of the given values.
    public init(
        invitationHash: [UInt8], user: String, device: DeviceID, label: String,
        secretHash: [UInt8], library: LibraryID? = nil, now: Int
    ) {
        self.invitationHash = invitationHash
        self.user = user
        self.device = device
        self.label = label
        self.secretHash = secretHash
        self.library = library
        self.now = now
    }
}

/// What redeeming an invitation led to.
public struct Redemption: Hashable, Sendable {
    /// The account.
    public var user: String
    /// The device as it stands in the store.
    public var device: DeviceRecord
    /// The library joined.
    public var library: LibraryID
    /// The role the user has there.
    public var role: Role

    /// A record of the given values.
    public init(
        user: String, device: DeviceRecord, library: LibraryID, role: Role
    ) {
        self.user = user
        self.device = device
        self.library = library
        self.role = role
    }
}
