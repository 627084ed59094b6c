/// What a copy of a store holds, and whether that is whole.
public struct BackupReport: Codable, Hashable, Sendable {
    /// `glossd.verification/1`, or `glossd.restore/1`.
    public var schema = "glossd.verification/1"
    /// The copy.
    public var file = ""
    /// Its schema.
    public var storeSchema = 0
    /// Libraries in it.
    public var libraries = 0
    /// Accounts in it.
    public var users = 0
    /// Devices in it.
    public var devices = 0
    /// Documents in it, each replayed.
    public var documents = 0
    /// Changes in it, each with its hash computed again.
    public var changes = 0
    /// When the newest change was received, in milliseconds since 1970.
    public var lastChange: Int?
    /// What is wrong, for people; empty if nothing is.
    public var problems: [String] = []
    /// Where it was put, if it was.
    public var directory: String?

    /// When the newest change was received, for people.
    public var lastChangeText: String { lastChange.map(Timestamp.text) ?? "never" }

    /// The report as one line of JSON.
    public var json: String { AdminCoding.line(self) }
}
