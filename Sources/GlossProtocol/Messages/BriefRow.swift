/// `row`: one more change of a document that the client is up to date with, told by what differs
/// from the row before.
public struct BriefRow: Hashable, Sendable {
    /// The `id` of the `sub` it comes by.
    public var subscription: Int
    /// Its position; `nil` where it is the next one.
    public var at: Int?
    /// The name of the user who brought it; `nil` where it is that of the row before.
    public var user: String?
    /// What that user calls the device; `nil` where it is that of the row before.
    public var device: String?
    /// Milliseconds from when the server received the row before until it received this one. Less
    /// than 0 if its clock was set back.
    public var later: Int
    /// The change, byte for byte as its author wrote it.
    public var change: RawChange

    /// A row.
    public init(
        subscription: Int, at: Int? = nil, user: String? = nil, device: String? = nil, later: Int,
        change: RawChange
    ) {
        self.subscription = subscription
        self.at = at
        self.user = user
        self.device = device
        self.later = later
        self.change = change
    }
}

/// How far a subscription has come, and the last row that was told by it: what a ``BriefRow`` leaves
/// out is to be found here, on both sides.
struct RowContext: Hashable, Sendable {
    /// The last position covered.
    var position: Int
    private var user = ""
    private var device = ""
    private var time = 0

    /// A subscription that starts behind a position, with no row before.
    init(position: Int) {
        self.position = position
    }

    /// Goes on behind a row.
    mutating func pass(_ row: CommittedChange) {
        position = row.at
        user = row.user
        device = row.device
        time = row.time
    }

    /// Tells a row, and goes on behind it.
    mutating func brief(_ row: CommittedChange, subscription: Int) -> BriefRow {
        defer { pass(row) }
        return BriefRow(
            subscription: subscription, at: row.at == position + 1 ? nil : row.at,
            user: row.user == user ? nil : row.user,
            device: row.device == device ? nil : row.device, later: row.time - time,
            change: row.change)
    }

    /// Understands a row, and goes on behind it.
    ///
    /// - Throws: `bad_field` if it does not follow what came before; then nothing has changed.
    mutating func expand(_ row: BriefRow) throws(WireError) -> CommittedChange {
        let whole = CommittedChange(
            at: row.at ?? position + 1, user: row.user ?? user, device: row.device ?? device,
            time: time + row.later, change: row.change)
        guard whole.at > position, whole.at <= WireLimits.integer else {
            throw WireError(.badField, "a row does not follow the one before")
        }
        guard !whole.user.isEmpty, !whole.device.isEmpty else {
            throw WireError(.badField, "a row of nobody")
        }
        guard (0...WireLimits.integer).contains(whole.time) else {
            throw WireError(.badField, "the time of a row is out of range")
        }
        pass(whole)
        return whole
    }
}

extension BriefRow {
    func write(to json: inout JSONWriter) {
        json.reserve(change.bytes.count + 256)
        json.member("t", "row")
        json.member("n", subscription)
        if let at { json.member("at", at) }
        if let user { json.member("u", user) }
        if let device { json.member("d", device) }
        json.member("w", later)
        json.key("c")
        json.raw(change.bytes)
    }

    init(_ fields: FieldReader, line: [UInt8]) throws(WireError) {
        let range = -WireLimits.integer...WireLimits.integer
        self.init(
            subscription: try fields.integer("n"),
            at: fields.has("at") ? try fields.integer("at", in: 1...WireLimits.integer) : nil,
            user: try fields.optionalString("u", limit: WireLimits.name),
            device: try fields.optionalString("d", limit: WireLimits.name),
            later: try fields.integer("w", in: range),
            change: try fields.rawChange(try fields.value("c"), line: line))
    }
}
