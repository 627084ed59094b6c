/// A command of an administrator, as it travels over the admin socket: one JSON object on a line.
/// `Protocol/admin.md` describes it.
public struct AdminRequest: Codable, Hashable, Sendable {
    /// What to do.
    public enum Command: String, Codable, Hashable, Sendable, CaseIterable {
        /// Makes an invitation.
        case invite
        /// Lists users and their roles.
        case users
        /// Gives a user a role in a library, or takes it away.
        case role
        /// Lists devices.
        case devices
        /// Cuts a device off.
        case revoke
        /// Lists libraries.
        case libraries
        /// Adds a library.
        case addLibrary = "add_library"
        /// Lists documents with their checksums.
        case documents
        /// Gives a member another role on an article, or takes that back.
        case documentRole = "document_role"
        /// Removes an article and its annotation set for good.
        case purge
        /// Puts the changes of documents into fewer bytes.
        case compact
        /// Writes a copy of the store.
        case backup
        /// Reads the configuration again.
        case reload
        /// Says how the server is.
        case status
    }

    /// What to do.
    public var command: Command
    /// The name of a user or of a new library, or the id of a device or document.
    public var name: String?
    /// With ``Command/documentRole``, the user.
    public var user: String?
    /// A role; with ``Command/role``, none at all takes the membership away. With
    /// ``Command/documentRole`` it may be `none`, and left out the role in the library holds again.
    public var role: String?
    /// The library's name; may be left out if there is only one.
    public var library: String?
    /// Seconds until an invitation expires.
    public var expires: Int?
    /// How often an invitation may be used.
    public var uses: Int?
    /// The absolute path of the copy.
    public var path: String?
    /// Whether to write nothing, and only say what would be done.
    public var dry: Bool?

    /// Whether it changes nothing of what the server keeps.
    var isReading: Bool {
        switch command {
        case .users, .devices, .libraries, .documents, .backup, .status: true
        case .invite, .role, .revoke, .addLibrary, .documentRole, .purge, .compact, .reload:
            dry == true
        }
    }

    /// A command.
    public init(
        _ command: Command, name: String? = nil, user: String? = nil, role: String? = nil,
        library: String? = nil, expires: Int? = nil, uses: Int? = nil, path: String? = nil,
        dry: Bool? = nil
    ) {
        self.command = command
        self.name = name
        self.user = user
        self.role = role
        self.library = library
        self.expires = expires
        self.uses = uses
        self.path = path
        self.dry = dry
    }
}
