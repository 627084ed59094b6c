/// The name of a text that a library keeps about itself.
///
/// An open set: callers may make their own.
public struct MetaKey: Hashable, Sendable, RawRepresentable {
    /// The name in the file.
    public let rawValue: String

    /// A key of that name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The server's host name.
    public static let serverHost = MetaKey(rawValue: "server_host")
    /// The server's port.
    public static let serverPort = MetaKey(rawValue: "server_port")
    /// The fingerprint of the server's key.
    public static let serverFingerprint = MetaKey(rawValue: "server_fingerprint")
    /// The id of the library on the server.
    public static let libraryID = MetaKey(rawValue: "library_id")
    /// The name of the library on the server.
    public static let libraryName = MetaKey(rawValue: "library_name")
    /// The account this device belongs to.
    public static let user = MetaKey(rawValue: "user")
    /// The role of that account in the library, as last heard.
    public static let role = MetaKey(rawValue: "role")
    /// The id of this device.
    public static let deviceID = MetaKey(rawValue: "device_id")
    /// The credential of this device.
    public static let deviceSecret = MetaKey(rawValue: "device_secret")
    /// What the server calls this device.
    public static let deviceLabel = MetaKey(rawValue: "device_label")
    /// The id of the server's log as last heard; another one means that the server was restored.
    public static let lineage = MetaKey(rawValue: "lineage")
    /// The server that was asked to let this library in and has not answered, as `host:port`.
    public static let joining = MetaKey(rawValue: "joining")
    /// The article looked at last on this device, and the newest history entry then.
    public static let reading = MetaKey(rawValue: "reading")
    /// The corrected words that were told to stand in articles again, one a line.
    public static let toldReturned = MetaKey(rawValue: "told_returned")
    /// When the last sync was complete, in milliseconds since 1970.
    public static let lastSyncAt = MetaKey(rawValue: "last_sync_at")
}

extension LibraryReader {
    /// The text kept under a key, or `nil`.
    public func meta(_ key: MetaKey) throws(StoreError) -> String? {
        try connection.first("SELECT value FROM meta WHERE key = ?", [key.rawValue]) {
            (row: inout Columns) throws(StoreError) in try row.text()
        }
    }
}

extension LibraryWriter {
    /// Keeps a text under a key in place of the one there; `nil` removes it.
    public func setMeta(_ key: MetaKey, to value: String?) throws(StoreError) {
        if let value {
            try connection.run(
                "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", [key.rawValue, value])
        } else {
            try connection.run("DELETE FROM meta WHERE key = ?", [key.rawValue])
        }
    }
}
