import GlossCore

/// What the lines of both sides have in common.
enum MessageLine {
    /// The type of the message in a line, and its fields.
    static func parse(_ line: [UInt8]) throws(WireError) -> (type: String, fields: FieldReader) {
        let value: JSONValue
        do {
            value = try JSONParser.parse(line)
        } catch {
            throw WireError(error.code == .invalidUTF8 ? .badUTF8 : .badFrame, "\(error)")
        }
        guard case .object(let object) = value, case .string(let type) = object["t"] else {
            throw WireError(.badFrame, "a line is an object with a type t")
        }
        var fields = FieldReader(object, code: .badField)
        if case .integer(let id) = object["id"], id >= 0 { fields.id = id }
        return (type, fields)
    }

    /// Whether a line is an `err`, whole or not, which is never answered with one.
    static func isError(_ line: [UInt8]) -> Bool {
        (try? parse(line))?.type == "err"
    }
}

extension FieldReader {
    func document(_ key: String) throws(WireError) -> DocumentID {
        guard let id = DocumentID(try string(key, limit: WireLimits.name)) else {
            throw malformed("\(key) is no document")
        }
        return id
    }

    func library(_ key: String) throws(WireError) -> LibraryID {
        LibraryID(rawValue: try hex(key))
    }

    func checksum(_ key: String) throws(WireError) -> Checksum {
        Checksum(rawValue: try hex(key))
    }

    func secret(_ key: String) throws(WireError) -> [UInt8] {
        let text = try string(key, limit: 2 * WireLimits.secret)
        guard let bytes = Base64URL.decode(text), (1...WireLimits.secret).contains(bytes.count)
        else { throw malformed("\(key) is no base64url of 1 to \(WireLimits.secret) bytes") }
        return bytes
    }

    /// A role; one that is not known counts as the least, and what it allows is for the server to say.
    func role(_ key: String) throws(WireError) -> Role {
        Role(rawValue: try string(key, limit: WireLimits.name)) ?? .reader
    }

    /// A kind of document; `nil` for one that is not known.
    func documentKind(_ key: String) throws(WireError) -> DocumentKind? {
        DocumentKind(rawValue: try string(key, limit: WireLimits.name))
    }

    func vector(_ key: String) throws(WireError) -> VersionVector {
        let entries = try reader(key)
        if entries.object.members.count > WireLimits.vector { throw tooLarge("\(key)") }
        var vector = VersionVector()
        for member in entries.object.members {
            guard let agent = AgentID(member.key) else { throw malformed("\(key) names no agent") }
            vector[agent] = try integer(member.value, key, in: 1...OpID.limit)
        }
        return vector
    }

    func errorCode() throws(WireError) -> ErrorCode {
        ErrorCode(rawValue: try string("code", limit: WireLimits.name)) ?? .unrecognized
    }

    /// A retry class; one that is not known means later, which gives nothing up.
    func retry() throws(WireError) -> RetryClass {
        RetryClass(rawValue: try string("retry", limit: WireLimits.name)) ?? .later
    }

    func reason() throws(WireError) -> String {
        try optionalString("msg", limit: WireLimits.reason) ?? ""
    }

    /// What a server adds to a change: who brought it, on which device, and when it was received.
    func origin() throws(WireError) -> (user: String, device: String, time: Int) {
        (
            try string("u", limit: WireLimits.name), try string("d", limit: WireLimits.name),
            try integer("w")
        )
    }

    /// The bytes of an object, as they stand in the line.
    func rawChange(_ value: JSONValue, line: [UInt8]) throws(WireError) -> RawChange {
        guard case .object(let object) = value else { throw malformed("a change is an object") }
        return RawChange(bytes: Array(line[object.source]))
    }
}

extension JSONWriter {
    mutating func member(_ key: String, _ text: String) {
        self.key(key)
        string(text)
    }

    mutating func member(_ key: String, _ number: Int) {
        self.key(key)
        integer(number)
    }

    mutating func member(_ key: String, _ vector: VersionVector) {
        self.key(key)
        beginObject()
        for (agent, next) in vector.entries { member(agent.description, next) }
        endObject()
    }

    /// What ``FieldReader/origin()`` reads.
    mutating func origin(user: String, device: String, time: Int) {
        member("u", user)
        member("d", device)
        member("w", time)
    }

    /// A message for people, cut to what the other side takes.
    mutating func reason(_ message: String, limit: Int = WireLimits.reason) {
        var text = message
        while text.utf8.count > limit { text.unicodeScalars.removeLast() }
        if !text.isEmpty { member("msg", text) }
    }
}
