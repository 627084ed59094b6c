/// The answer to an administrator's command. Times are RFC 3339 in UTC.
public struct AdminReport: Codable, Hashable, Sendable {
    /// A member of a library.
    public struct Membership: Codable, Hashable, Sendable {
        /// The library's name.
        public var library: String
        /// The role there.
        public var role: String
    }

    /// A user.
    public struct User: Codable, Hashable, Sendable {
        /// The account name.
        public var name: String
        /// When it was made.
        public var created: String
        /// The user's libraries.
        public var memberships: [Membership]
    }

    /// A device.
    public struct Device: Codable, Hashable, Sendable {
        /// Its id, 16 hex digits.
        public var id: String
        /// Whose it is.
        public var user: String
        /// What its user calls it.
        public var label: String
        /// When it joined.
        public var created: String
        /// When it was last connected.
        public var lastSeen: String?
        /// When it was cut off.
        public var revoked: String?
    }

    /// A library.
    public struct Library: Codable, Hashable, Sendable {
        /// Its id, 16 hex digits; `nil` of one that is only planned: the id comes with the making.
        public var id: String?
        /// Its name.
        public var name: String
        /// When it was made.
        public var created: String
        /// How many members it has.
        public var members: Int
    }

    /// A document, as it is on disk.
    public struct Document: Codable, Hashable, Sendable {
        /// Its id, 32 hex digits.
        public var id: String
        /// What people call it, if it is an article.
        public var name: String?
        /// `article`, `annotations` or `private`.
        public var kind: String
        /// How many changes its log has.
        public var head: Int
        /// The checksum of its changes, 16 hex digits.
        public var sum: String
        /// The checksum of the state they lead to, 16 hex digits.
        public var state: String
        /// Members who have another role on the article than in the library; `nil` if there are none.
        public var roles: [Role]?
        /// The article that a private set belongs to.
        public var of: String?
        /// Whose private set it is.
        public var user: String?

        /// A member's role on an article.
        public struct Role: Codable, Hashable, Sendable {
            /// The account name.
            public var user: String
            /// The role, or `none`.
            public var role: String
        }
    }

    /// What a member may do with an article and its annotation set, now or if it were written.
    public struct DocumentRole: Codable, Hashable, Sendable {
        /// The article's id, 32 hex digits.
        public var document: String
        /// What people call it, if it could be read.
        public var name: String?
        /// The library's name.
        public var library: String
        /// The account name.
        public var user: String
        /// The role that holds, or would; `none` hides the article.
        public var role: String
        /// The one before.
        public var before: String
        /// The role in the library.
        public var libraryRole: String
        /// Whether something was written.
        public var written: Bool
    }

    /// An article that is purged, or would be.
    public struct Purge: Codable, Hashable, Sendable {
        /// A document that goes with it, or is it.
        public struct Document: Codable, Hashable, Sendable {
            /// Its id, 32 hex digits.
            public var id: String
            /// `article`, `annotations` or `private`.
            public var kind: String
            /// How many changes it had.
            public var changes: Int
            /// How many bytes these had.
            public var bytes: Int
        }

        /// Its id, 32 hex digits.
        public var id: String
        /// What people call it, if it could be read.
        public var name: String?
        /// The library it was in.
        public var library: String?
        /// What is gone; none if it was purged before.
        public var documents: [Document]
        /// Whether it is purged now.
        public var purged: Bool
        /// Why its text may still stand in unused parts of the database file, if it may.
        public var unreclaimed: String?
    }

    /// A document whose changes were put into fewer bytes, or could not be.
    public struct Compaction: Codable, Hashable, Sendable {
        /// Its id, 32 hex digits.
        public var id: String
        /// How many changes went into its block.
        public var changes: Int
        /// About how many bytes the store kept for it.
        public var before: Int
        /// About how many it keeps now.
        public var after: Int
        /// Why it was left as it is.
        public var failure: String?
    }

    /// An invitation that was just made.
    public struct Invitation: Codable, Hashable, Sendable {
        /// The link to pass on. Not shown again.
        public var link: String
        /// The library one joins.
        public var library: String
        /// The role one gets.
        public var role: String
        /// The only account name it is good for.
        public var user: String?
        /// When it is no longer good.
        public var expires: String
        /// How often it may be used.
        public var uses: Int
    }

    /// What came of reading the configuration again.
    public struct Reload: Codable, Hashable, Sendable {
        /// The file that was read.
        public var file: String?
        /// The keys whose new values are used now.
        public var changed: [String]
        /// The keys whose new values need a restart.
        public var restart: [String]
        /// The fingerprint of the key that new connections are shown.
        public var fingerprint: String
    }

    /// How a running server is.
    public struct Status: Codable, Hashable, Sendable {
        /// Its version.
        public var version: String
        /// Where invitations say it is.
        public var address: String
        /// The fingerprint of its key.
        public var fingerprint: String
        /// Whether it runs, or this was read from the files of a stopped one.
        public var running: Bool
        /// Connections that have logged in.
        public var connections: Int
        /// Documents in memory.
        public var documentsInMemory: Int
        /// Users there are.
        public var users: Int
        /// Libraries there are.
        public var libraries: Int
        /// Seconds since a running server started.
        public var uptime: Int?
        /// Why a running server is not ready; `nil` if it is.
        public var problem: String?
        /// Where its metrics are read.
        public var http: String?
        /// Connections that are open, logged in or not.
        public var openConnections: Int?
        /// Bytes that clients have not taken yet.
        public var bytesWaiting: Int?
        /// Changes received since the start.
        public var changesReceived: Int?
        /// Changes sent since the start.
        public var changesSent: Int?
        /// Pushes refused since the start.
        public var pushesRefused: Int?
        /// Bytes of the database, without its write-ahead log.
        public var databaseBytes: Int?
        /// Bytes of the write-ahead log.
        public var walBytes: Int?
        /// Bytes free on the disk.
        public var diskFree: Int?
    }

    /// What kind of answer it is: `glossd.<thing>/1`.
    public var schema: String
    /// The answer to ``AdminRequest/Command/invite``.
    public var invitation: Invitation?
    /// The answer to ``AdminRequest/Command/users`` and ``AdminRequest/Command/role``.
    public var users: [User]?
    /// The answer to ``AdminRequest/Command/devices`` and ``AdminRequest/Command/revoke``.
    public var devices: [Device]?
    /// The answer to ``AdminRequest/Command/libraries`` and ``AdminRequest/Command/addLibrary``.
    public var libraries: [Library]?
    /// The answer to ``AdminRequest/Command/documents``.
    public var documents: [Document]?
    /// The answer to ``AdminRequest/Command/documentRole``.
    public var documentRole: DocumentRole?
    /// The answer to ``AdminRequest/Command/purge``.
    public var purge: Purge?
    /// The answer to ``AdminRequest/Command/compact``: the documents with enough to be gained.
    public var compactions: [Compaction]?
    /// The answer to ``AdminRequest/Command/backup``: where the copy is.
    public var backup: String?
    /// The answer to ``AdminRequest/Command/reload``.
    public var reload: Reload?
    /// The answer to ``AdminRequest/Command/status``.
    public var status: Status?

    init(_ thing: String) {
        schema = "glossd.\(thing)/1"
    }
}

/// What travels back over the admin socket.
struct AdminAnswer: Codable {
    struct Failure: Codable {
        var code: ServerError.Code
        var message: String
    }

    var report: AdminReport?
    var failure: Failure?
}
