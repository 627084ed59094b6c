import GlossCore
import GlossProtocol
import TestSupport
import Testing

/// What the schemas name and limit is what the code does.
@Suite struct SchemaNameTests {
    private func place(_ path: String, _ pointer: String = "") throws -> JSONValue {
        var value = try #require(ProtocolSchemas.shared.files[path])
        for step in pointer.split(separator: "/") {
            if let number = Int(step) {
                value = try #require(value.elements)[number]
            } else {
                value = try #require(value.members?[String(step)], "\(path)#\(pointer)")
            }
        }
        return value
    }

    private func texts(_ path: String, _ pointer: String) throws -> [String] {
        try #require(try place(path, pointer).elements).compactMap(\.text)
    }

    /// The types of messages that a side may send.
    private func types(_ form: ProtocolSchemas.Form) throws -> [String] {
        try #require(try place(form.rawValue, "oneOf").elements).map { choice in
            let path = try #require(choice.members?["$ref"]?.text)
            return try #require(try place(path, "properties/t/const").text)
        }
    }

    @Test func `The schemas have the messages of the code, and no others`() throws {
        let client = try types(.client)
        let server = try types(.server)
        #expect(Set(client) == Set(MessageTests.client.map { $0.0.typeName } + ["err"]))
        #expect(Set(server) == Set(MessageTests.server.map { $0.0.typeName } + ["ping", "pong"]))
        for type in Set(client + server) {
            let line = Array(#"{"t":"\#(type)","id":"none"}"#.utf8)
            #expect(isKnown { try ClientMessage.decode(line) } == client.contains(type))
            #expect(isKnown { try ServerMessage.decode(line) } == server.contains(type))
        }
        let files = ProtocolSchemas.shared.files.keys.filter { $0.hasPrefix("messages/") }
        #expect(
            files.count == Set(client + server).count + 3, "docs, pres and receipt are two each")
    }

    private func isKnown(_ decode: () throws -> some Any) -> Bool {
        do { _ = try decode() } catch { return (error as? WireError)?.code != .unknownType }
        return true
    }

    @Test func `The schemas have the codes, classes, scopes and roles of the code`() throws {
        let codes = ErrorCode.allCases.filter { $0 != .unrecognized }.map(\.rawValue)
        #expect(try texts("errors.json", "$defs/code/enum") == codes)
        #expect(
            try texts("errors.json", "$defs/retry/enum") == RetryClass.allCases.map(\.rawValue))
        #expect(
            try texts("errors.json", "$defs/scope/enum") == ErrorScope.allCases.map(\.rawValue))
        #expect(
            try Set(texts("values.json", "$defs/role/enum")) == Set(Role.allCases.map(\.rawValue)))
    }

    @Test func `The schemas have the kinds of operations, documents and conflicts of the code`()
        throws
    {
        let kinds = try #require(try place("operation.json", "oneOf").elements).compactMap {
            $0.members?["$ref"]?.text
        }.map { $0.dropFirst("operations/".count).dropLast(".json".count) }
        let known = try texts("operations/unknown.json", "properties/k/not/enum")
        #expect(kinds.map(String.init) == known + ["unknown"])
        for kind in known {
            let line = Array(
                #"{"a":"00000000000000a1","o":[{"k":"\#(kind)"}],"s":0,"w":0}"#.utf8)
            #expect(throws: WireError.self, "a \(kind) needs more than its kind") {
                try ChangeCodec.decode(line)
            }
        }
        for kind in try texts("values.json", "$defs/kind/enum") {
            #expect(DocumentKind(rawValue: kind) != nil)
        }
        let conflicts = try texts("operations/resolve.json", "then/properties/g/enum")
        #expect(conflicts.allSatisfy { ConflictKind(rawValue: $0) != nil })
        #expect(Set(conflicts) == Set(ConflictKind.allCases.map(\.rawValue)))
    }

    private static let limits: [(String, String, Int)] = [
        ("values.json", "$defs/number/maximum", WireLimits.integer),
        ("values.json", "$defs/vector/maxProperties", WireLimits.vector),
        ("values.json", "$defs/name/maxLength", WireLimits.name),
        ("values.json", "$defs/ids/maxItems", WireLimits.ids),
        ("values.json", "$defs/spans/maxItems", WireLimits.ids),
        ("values.json", "$defs/frontier/maxItems", WireLimits.dependencies),
        ("values.json", "$defs/text/maxLength", WireLimits.text),
        ("values.json", "$defs/shortText/maxLength", WireLimits.tag),
        ("values.json", "$defs/sequenceNumber/maximum", OpID.limit - 1),
        ("errors.json", "$defs/reason/maxLength", WireLimits.reason),
        ("messages/hello.json", "properties/v/maxItems", WireLimits.versions),
        ("messages/hello.json", "properties/sw/maxLength", WireLimits.software),
        ("messages/welcome.json", "properties/libs/maxItems", WireLimits.libraries),
        ("values.json", "$defs/capabilities/maxItems", WireLimits.capabilities),
        ("messages/docs.request.json", "properties/new/maxItems", WireLimits.documents),
        ("messages/docs.page.json", "properties/docs/maxItems", WireLimits.documents),
        ("messages/push.json", "properties/p/maxItems", WireLimits.pushDocuments),
        ("messages/push.json", "properties/p/items/properties/c/maxItems", WireLimits.pushChanges),
        ("messages/ack.json", "properties/p/maxItems", WireLimits.pushDocuments),
        ("messages/nack.json", "properties/missing/maxItems", WireLimits.dependencies),
        ("change.json", "properties/o/maxItems", WireLimits.operations),
        ("check.json", "properties/ev/maxItems", WireLimits.evidence),
        ("check.json", "$defs/evidence/properties/u/maxLength", WireLimits.source),
        ("target.json", "$defs/ranges/maxItems", WireLimits.ranges),
        ("target.json", "$defs/quote/prefixItems/0/maxLength", WireLimits.quote),
        ("target.json", "$defs/quote/prefixItems/1/maxLength", WireLimits.quoteContext),
        ("operations/ins.json", "properties/t/maxLength", WireLimits.change),
        ("operations/note.json", "properties/tg/maxItems", WireLimits.tags),
        ("operations/unknown.json", "properties/k/maxLength", WireLimits.name),
    ]

    @Test func `The limits of the schemas are those of the code`() throws {
        for (path, pointer, limit) in Self.limits {
            #expect(try place(path, pointer) == .integer(limit), "\(path)#\(pointer)")
        }
    }

    @Test func `Every schema has a title and says what it is for`() {
        for (path, schema) in ProtocolSchemas.shared.files {
            #expect(schema.members?["title"]?.text?.isEmpty == false, "\(path)")
            #expect(schema.members?["description"]?.text?.isEmpty == false, "\(path)")
        }
    }
}

extension ClientMessage {
    /// Its `t`.
    var typeName: String {
        switch self {
        case .hello: "hello"
        case .docs: "docs"
        case .sub: "sub"
        case .unsub: "unsub"
        case .push: "push"
        case .pres: "pres"
        case .give: "give"
        case .receipt: "receipt"
        case .ping: "ping"
        case .pong: "pong"
        case .err: "err"
        case .bye: "bye"
        }
    }
}

extension ServerMessage {
    /// Its `t`.
    var typeName: String {
        switch self {
        case .welcome: "welcome"
        case .docs: "docs"
        case .doc: "doc"
        case .have: "have"
        case .ops: "ops"
        case .row: "row"
        case .live: "live"
        case .ack: "ack"
        case .nack: "nack"
        case .receipt: "receipt"
        case .revoked: "revoked"
        case .role: "role"
        case .lag: "lag"
        case .pres: "pres"
        case .ping: "ping"
        case .pong: "pong"
        case .err: "err"
        case .bye: "bye"
        }
    }
}
