/// A JSON value as this protocol knows it: no number but integers below 2^53.
public enum JSONValue: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number without fraction or exponent; its magnitude is at most ``WireLimits/integer``.
    case integer(Int)
    /// A string.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// An object.
    case object(JSONObject)
}

/// A JSON object: its members in the order of the text.
public struct JSONObject: Hashable, Sendable {
    /// A key and its value.
    public struct Member: Hashable, Sendable {
        /// The key.
        public var key: String
        /// The value.
        public var value: JSONValue

        /// A member.
        public init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The members; no two have the same key.
    public var members: [Member]
    /// Where the object stood in the bytes it was parsed from, braces included; empty for one made
    /// here. Two objects that differ in this alone are equal.
    public var source: Range<Int>

    /// An object of the given members.
    public init(members: [Member] = [], source: Range<Int> = 0..<0) {
        self.members = members
        self.source = source
    }

    /// The value of a key. Keys are compared byte by byte.
    ///
    /// - Complexity: O(members).
    public subscript(key: String) -> JSONValue? {
        members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }

    /// Whether members are equal, in the same order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members == right.members
    }

    /// Hashes the members.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(members)
    }
}
