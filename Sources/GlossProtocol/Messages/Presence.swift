public import GlossCore

/// What somebody shows of themselves in a document: a JSON object, `at` in it the character they read
/// at. The rest is theirs. A server passes it on as it is.
public struct PresenceState: Hashable, Sendable {
    /// The object as it travels, at most ``WireLimits/presenceState`` bytes.
    public let bytes: [UInt8]

    /// The state that an object spells; `nil` if it is no object, or over a limit.
    public init?(bytes: [UInt8]) {
        guard bytes.count <= WireLimits.presenceState,
            let value = try? JSONParser.parse(bytes, depth: WireLimits.presenceDepth),
            case .object = value
        else { return nil }
        self.bytes = bytes
    }

    /// Somebody who reads at a character of an article, or nowhere in particular.
    public init(at character: OpID?) {
        var json = JSONWriter()
        json.beginObject()
        if let character { json.member("at", character.description) }
        json.endObject()
        bytes = json.bytes
    }

    /// The character they read at; `nil` if it does not say so in a way that is known here.
    public var character: OpID? {
        guard let value = try? JSONParser.parse(bytes, depth: WireLimits.presenceDepth),
            case .object(let object) = value, case .string(let text) = object["at"]
        else { return nil }
        return OpID(text)
    }
}

/// `pres` of a client: where it is in a document that it follows. From then on it hears of the others.
public struct PresenceReport: Hashable, Sendable {
    /// The document.
    public var doc: DocumentID
    /// What to show; `nil` to be there unseen.
    public var state: PresenceState?

    /// Somebody's whereabouts.
    public init(doc: DocumentID, state: PresenceState?) {
        self.doc = doc
        self.state = state
    }
}

/// `pres` of a server: who is in a document.
public struct PresenceNews: Hashable, Sendable {
    /// One connection that shows itself.
    public struct Entry: Hashable, Sendable {
        /// Names the connection in this document, as long as it is there.
        public var key: String
        /// Whose it is.
        public var user: String
        /// The label of the device.
        public var device: String
        /// What it shows.
        public var state: PresenceState

        /// A connection.
        public init(key: String, user: String, device: String, state: PresenceState) {
            self.key = key
            self.user = user
            self.device = device
            self.state = state
        }
    }

    /// The document.
    public let doc: DocumentID
    /// The receiver's own key, where this is everybody: what it was told before is void. `nil` where it
    /// is what has changed.
    public let own: String?
    /// Who is there, or has come or moved.
    public let present: [Entry]
    /// The keys of those who have left.
    public let left: [String]
    /// `set` and `del` as they travel: written once, however many get them.
    let encoded: (set: [UInt8], del: [UInt8])

    /// Who is there.
    ///
    /// - Complexity: O(entries).
    public init(doc: DocumentID, own: String? = nil, present: [Entry], left: [String] = []) {
        self.doc = doc
        self.own = own
        self.present = present
        self.left = left
        encoded = (Self.encode(present), Self.encode(left))
    }

    /// Whether both say the same.
    public static func == (one: PresenceNews, other: PresenceNews) -> Bool {
        one.doc == other.doc && one.own == other.own && one.present == other.present
            && one.left == other.left
    }

    /// Hashes what it says.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(doc)
        hasher.combine(own)
        hasher.combine(present)
        hasher.combine(left)
    }
}
