public import GlossCore

/// Changes as bytes: canonical JSON, one spelling for each change. `Protocol/changes.md` has the
/// form and its limits.
public enum ChangeCodec {
    /// The bytes of a change.
    ///
    /// Says nothing about whether the change is within the limits; ``EncodedChange/init(_:)`` does.
    /// Traps on ``Op/unknown``, whose bytes are always those it came in.
    ///
    /// - Complexity: O(size of the change).
    public static func encode(_ change: Change) -> [UInt8] {
        var writer = ChangeWriter(agent: change.agent)
        writer.write(change)
        return writer.json.bytes
    }

    /// The change that `bytes` spell.
    ///
    /// Refuses, with `invalid_op`, anything that is not canonical or breaks the form, and with
    /// `too_large` what is over a limit. Fields of names it does not know are allowed.
    ///
    /// - Complexity: O(size of the change).
    public static func decode(_ bytes: [UInt8]) throws(WireError) -> Change {
        if bytes.count > WireLimits.change {
            throw WireError(.tooLarge, "the change is longer than \(WireLimits.change) bytes")
        }
        if let change = ChangeScanner.change(in: bytes) { return change }
        return try decodeAsTree(bytes)
    }

    /// The same by way of a tree of values: slow, but it takes what the scanner does not know, and
    /// says what is wrong.
    static func decodeAsTree(_ bytes: [UInt8]) throws(WireError) -> Change {
        let value: JSONValue
        do {
            value = try JSONParser.parse(bytes, depth: WireLimits.changeDepth)
        } catch {
            throw WireError(.invalidOp, "\(error)")
        }
        if JSONWriter.canonicalBytes(value) != bytes {
            throw WireError(.invalidOp, "the bytes are not canonical")
        }
        guard case .object(let object) = value else {
            throw WireError(.invalidOp, "a change is an object")
        }
        return try ChangeReader.change(FieldReader(object, code: .invalidOp))
    }

    /// Who made a change and from which number on, as far as that can be read from bytes that may
    /// be no valid change at all: what a refusal names it by.
    public static func name(of bytes: [UInt8]) -> (agent: AgentID?, seq: Int?) {
        guard case .object(let object) = try? JSONParser.parse(bytes) else { return (nil, nil) }
        var agent: AgentID?
        var seq: Int?
        if case .string(let text) = object["a"] { agent = AgentID(text) }
        if case .integer(let number) = object["s"], (0..<OpID.limit).contains(number) {
            seq = number
        }
        return (agent, seq)
    }

    /// The author of a canonical change whose first key is `a`, as it nearly always is.
    ///
    /// - Complexity: O(1).
    static func leadingAgent(of bytes: [UInt8]) -> AgentID? {
        let start = Array("{\"a\":\"".utf8)
        guard bytes.count > start.count + 16, bytes.starts(with: start) else { return nil }
        let digits = bytes[start.count..<start.count + 16]
        return Hex.parse(digits, digits: 16).map(AgentID.init(rawValue:))
    }
}

extension EncodedChange {
    /// Encodes a change made here; throws what ``ChangeCodec/decode(_:)`` would on the other side.
    public init(_ change: Change) throws(WireError) {
        try self.init(bytes: ChangeCodec.encode(change))
    }

    /// Looks into the bytes of a change.
    public init(bytes: [UInt8]) throws(WireError) {
        self.init(bytes: bytes, change: try ChangeCodec.decode(bytes))
    }

    /// Looks into the bytes of a change.
    public init(_ raw: RawChange) throws(WireError) {
        try self.init(bytes: raw.bytes)
    }
}
