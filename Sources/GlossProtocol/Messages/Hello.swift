public import GlossCore

/// `hello`: the first line of a connection.
public struct Hello: Hashable, Sendable {
    /// Echoed by the answer.
    public var id: Int
    /// The protocol versions the client speaks.
    public var versions: [Int]
    /// The program and its version, for the server's log.
    public var software: String
    /// What the client understands beyond the least.
    public var capabilities: [Capability]
    /// Who it is. Without one the server answers `auth_required`.
    public var auth: Credential?

    /// A first line.
    public init(
        id: Int, versions: [Int] = [1], software: String, capabilities: [Capability] = [],
        auth: Credential?
    ) {
        self.id = id
        self.versions = versions
        self.software = software
        self.capabilities = capabilities
        self.auth = auth
    }
}

/// How a client shows who it is.
public enum Credential: Hashable, Sendable {
    /// With an invitation: makes an account (or adds a device to one) and joins a library.
    case invitation(InvitationCredential)
    /// As a device the server knows.
    case device(DeviceCredential)
}

/// An invitation taken up by a new device.
public struct InvitationCredential: Hashable, Sendable {
    /// The single-use secret of the invitation.
    public var secret: [UInt8]
    /// The name the user wants.
    public var user: String
    /// What the user calls the device.
    public var label: String
    /// The new device.
    public var device: DeviceID
    /// The secret that the device will show from now on.
    public var key: [UInt8]
    /// The library that the device has already: an invitation for another one is not taken up.
    public var library: LibraryID?

    /// An invitation taken up.
    public init(
        secret: [UInt8], user: String, label: String, device: DeviceID, key: [UInt8],
        library: LibraryID? = nil
    ) {
        self.secret = secret
        self.user = user
        self.label = label
        self.device = device
        self.key = key
        self.library = library
    }
}

/// A device the server knows.
public struct DeviceCredential: Hashable, Sendable {
    /// The device.
    public var device: DeviceID
    /// Its secret.
    public var key: [UInt8]

    /// A known device.
    public init(device: DeviceID, key: [UInt8]) {
        self.device = device
        self.key = key
    }
}

/// `welcome`: who the server takes the client for, and what it may ask.
public struct Welcome: Hashable, Sendable {
    /// The `id` of the `hello`.
    public var id: Int
    /// The version both speak from here on.
    public var version: Int
    /// The user's name.
    public var user: String
    /// The device.
    public var device: DeviceID
    /// What the user calls it.
    public var label: String
    /// The lineage of the server's logs: another one after a restore, and positions are void then.
    public var log: UInt64
    /// The user's libraries.
    public var libraries: [LibrarySummary]
    /// The library just joined, when by invitation.
    public var joined: LibraryID?
    /// Seconds of silence after which either side sends `ping`.
    public var heartbeat: Int
    /// What the server takes.
    public var limits: SessionLimits
    /// What both have named.
    public var capabilities: [Capability]

    /// A welcome.
    public init(
        id: Int, version: Int = 1, user: String, device: DeviceID, label: String, log: UInt64,
        libraries: [LibrarySummary], joined: LibraryID? = nil,
        heartbeat: Int = WireLimits.heartbeat, limits: SessionLimits = SessionLimits(),
        capabilities: [Capability] = []
    ) {
        self.id = id
        self.version = version
        self.user = user
        self.device = device
        self.label = label
        self.log = log
        self.libraries = libraries
        self.joined = joined
        self.heartbeat = heartbeat
        self.limits = limits
        self.capabilities = capabilities
    }
}

/// A library as its member sees it.
public struct LibrarySummary: Hashable, Sendable {
    /// Which.
    public var id: LibraryID
    /// What it is called.
    public var name: String
    /// What this user may do there.
    public var role: Role

    /// A library.
    public init(id: LibraryID, name: String, role: Role) {
        self.id = id
        self.name = name
        self.role = role
    }
}

/// What the server takes on this connection.
public struct SessionLimits: Hashable, Sendable {
    /// Bytes of a line.
    public var line: Int
    /// Bytes of changes in unanswered pushes.
    public var inflight: Int
    /// Unanswered pushes.
    public var batches: Int
    /// Documents followed.
    public var subscriptions: Int
    /// Bytes of a change.
    public var change: Int

    /// Limits; those of ``WireLimits`` unless told otherwise.
    public init(
        line: Int = WireLimits.line, inflight: Int = WireLimits.bytesInFlight,
        batches: Int = WireLimits.pushesInFlight,
        subscriptions: Int = WireLimits.subscriptions, change: Int = WireLimits.change
    ) {
        self.line = line
        self.inflight = inflight
        self.batches = batches
        self.subscriptions = subscriptions
        self.change = change
    }
}
