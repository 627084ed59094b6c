import FoundationEssentials
import GlossCore
import GlossProtocol

/// What bytes from a peer or a file are read as, and what must hold of that whatever they are.
///
/// `scripts/fuzz` compiles this folder together with `Tests/Fuzz/Protocol` and makes bytes up; the
/// tests try those in `Fixtures/fuzz`, where every find has its line.
public enum WireFuzz: String, CaseIterable, Sendable {
    /// A stream that is cut into lines, whatever pieces it comes in.
    case framer
    /// A line from a client.
    case client
    /// A line from a server.
    case server
    /// A change.
    case change
    /// Any JSON.
    case json
    /// An invitation.
    case link

    /// Something that holds of no bytes, and did.
    public struct Finding: Error, CustomStringConvertible {
        /// What must hold.
        public let description: String
    }

    /// Reads the bytes; throws where something does not hold.
    public func check(_ bytes: [UInt8]) throws(Finding) {
        switch self {
        case .framer: try Self.checkFramer(bytes)
        case .client:
            try Self.checkMessage(bytes, ClientMessage.decode) { $0.encode() }
        case .server:
            try Self.checkMessage(bytes, ServerMessage.decode) { $0.encode() }
        case .change: try Self.checkChange(bytes)
        case .json: try Self.checkJSON(bytes)
        case .link: try Self.checkLink(bytes)
        }
    }

    static func expect(_ holds: Bool, _ what: String) throws(Finding) {
        guard holds else { throw Finding(description: what) }
    }

    /// What decodes encodes to a line that decodes to the same.
    private static func checkMessage<Message: Equatable>(
        _ bytes: [UInt8], _ decode: ([UInt8]) throws(WireError) -> Message,
        _ encode: (Message) -> [UInt8]
    ) throws(Finding) {
        // The framer leaves no line feed in a line.
        let line = bytes.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
        guard let message = try? decode(line) else { return }
        let written = encode(message)
        try expect(!written.contains(UInt8(ascii: "\n")), "a message is one line")
        let again: Message
        do throws(WireError) {
            again = try decode(written)
        } catch {
            throw Finding(description: "what was written does not read: \(error)")
        }
        try expect(again == message, "a message reads as it was written")
        try expect(encode(again) == written, "a message is written in one way")
    }

    /// Bytes that are taken are canonical, and those of their change unless they say more.
    private static func checkChange(_ bytes: [UInt8]) throws(Finding) {
        let name = ChangeCodec.name(of: bytes)
        guard let encoded = try? EncodedChange(bytes: bytes) else { return }
        try expect(encoded.bytes == bytes, "a change keeps its bytes")
        let change = encoded.change
        try expect(
            name.agent == change.agent && name.seq == change.seq, "a change is named as it reads")
        guard let value = try? JSONParser.parse(bytes) else {
            throw Finding(description: "a change is JSON")
        }
        try expect(JSONWriter.canonicalBytes(value) == bytes, "a change is canonical")
        guard !change.ops.contains(.unknown) else { return }
        let written = ChangeCodec.encode(change)
        // A field of a later version is in the bytes alone.
        try expect(written == bytes || written.count < bytes.count, "a change has one spelling")
        try expect(
            (try? ChangeCodec.decode(written)) == change, "a change reads as it was written")
    }

    private static func checkJSON(_ bytes: [UInt8]) throws(Finding) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONParser.parse(bytes)
        } catch {
            return try expect((0...bytes.count).contains(error.offset), "an error has a place")
        }
        let written = JSONWriter.canonicalBytes(value)
        guard let again = try? JSONParser.parse(written) else {
            throw Finding(description: "what was written does not read")
        }
        try expect(JSONWriter.canonicalBytes(again) == written, "a value has one canonical form")
        // Foundation takes more, numbers for instance, and nothing that is taken here is none there.
        let foreign = try? JSONDecoder().decode(AnyJSON.self, from: Data(bytes))
        try expect(foreign != nil, "what is taken here is JSON elsewhere")
    }

    private static func checkLink(_ bytes: [UInt8]) throws(Finding) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let link = JoinLink(text) else { return }
        try expect(JoinLink(link.description) == link, "a link reads as it was written")
    }
}

/// Whatever another reader takes for JSON.
private struct AnyJSON: Decodable {
    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: Key.self) {
            for key in object.allKeys { _ = try object.decode(AnyJSON.self, forKey: key) }
        } else if var array = try? decoder.unkeyedContainer() {
            while !array.isAtEnd { _ = try array.decode(AnyJSON.self) }
        }
    }
}
