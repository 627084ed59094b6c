public import GlossCore

/// What a store knows of itself.
public struct StoreInfo: Hashable, Sendable {
    /// The random id of this log, drawn when the store was made. A restored backup keeps it until the
    /// server draws another.
    public var lineage: UInt64
    /// The secret key that receipts are signed with, 32 bytes; `nil` until there is one. Copies hold
    /// it, so that a restored server knows its receipts.
    public var receiptKey: [UInt8]?

    /// A record of the given values.
    public init(
        lineage: UInt64, receiptKey: [UInt8]? = nil
    ) {
        self.lineage = lineage
        self.receiptKey = receiptKey
    }
}

/// A library of the server.
public struct LibraryRecord: Hashable, Sendable {
    /// Its id.
    public var id: LibraryID
    /// Its name, unique on the server.
    public var name: String
    /// When it was made, in milliseconds since 1970.
    public var createdAt: Int

    /// A record of the given values.
    public init(
        id: LibraryID, name: String, createdAt: Int
    ) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
    }
}

/// An account.
public struct UserRecord: Hashable, Sendable {
    /// The account name, which is the account's id.
    public var name: String
    /// When it was made, in milliseconds since 1970.
    public var createdAt: Int

    /// A record of the given values.
    public init(
        name: String, createdAt: Int
    ) {
        self.name = name
        self.createdAt = createdAt
    }
}

/// What a user may do in a library.
public struct Membership: Hashable, Sendable {
    /// The library.
    public var library: LibraryID
    /// The account name.
    public var user: String
    /// The role.
    public var role: Role

    /// A record of the given values.
    public init(
        library: LibraryID, user: String, role: Role
    ) {
        self.library = library
        self.user = user
        self.role = role
    }
}

/// One installation of the client, with its own credential.
public struct DeviceRecord: Hashable, Sendable {
    /// Its id.
    public var id: DeviceID
    /// Whose it is.
    public var user: String
    /// What its user calls it, unique among that user's devices.
    public var label: String
    /// The hash of its credential, 32 bytes.
    public var secretHash: [UInt8]
    /// When it joined, in milliseconds since 1970.
    public var createdAt: Int
    /// When it was last connected, in milliseconds since 1970.
    public var lastSeenAt: Int?
    /// When it was cut off, in milliseconds since 1970; `nil` while it may connect.
    public var revokedAt: Int?

    /// A record of the given values.
    public init(
        id: DeviceID, user: String, label: String, secretHash: [UInt8], createdAt: Int,
        lastSeenAt: Int? = nil, revokedAt: Int? = nil
    ) {
        self.id = id
        self.user = user
        self.label = label
        self.secretHash = secretHash
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
        self.revokedAt = revokedAt
    }
}
