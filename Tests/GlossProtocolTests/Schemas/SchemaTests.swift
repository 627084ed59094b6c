import GlossCore
import GlossProtocol
import TestSupport
import Testing

/// The schemas of Protocol/ and the code say the same.
@Suite struct SchemaTests {
    private static let schemas = ProtocolSchemas.shared
    private static let known: [ProtocolSchemas.Form: [[UInt8]]] = [
        .client: MessageTests.client.map { Array($0.1.utf8) },
        .server: MessageTests.server.map { Array($0.1.utf8) },
    ]

    /// Whether the decoders take a line, the changes in it included.
    static func takes(_ line: [UInt8], as form: ProtocolSchemas.Form) -> Bool {
        do throws(WireError) {
            switch form {
            case .client:
                switch try ClientMessage.decode(line) {
                case .push(let push):
                    for change in push.parts.flatMap(\.changes) { _ = try EncodedChange(change) }
                case .give(let give):
                    for row in give.rows { _ = try EncodedChange(row.change) }
                default: break
                }
            case .server:
                switch try ServerMessage.decode(line) {
                case .ops(let page):
                    for row in page.changes { _ = try EncodedChange(row.change) }
                case .row(let row): _ = try EncodedChange(row.change)
                default: break
                }
            case .change: _ = try EncodedChange(bytes: line)
            case .adminRequest, .adminAnswer: return false
            }
        } catch { return false }
        return true
    }

    /// Lines that are right, of each form.
    private static func lines(_ form: ProtocolSchemas.Form) throws -> [JSONValue] {
        let lines: [[UInt8]] =
            switch form {
            case .client: try Vectors.lines("codec/messages.client.jsonl") + (known[form] ?? [])
            case .server: try Vectors.lines("codec/messages.server.jsonl") + (known[form] ?? [])
            // The longest ones say nothing more about fields.
            default: try Vectors.validChanges().filter { $0.count < 4_000 }
            }
        return try lines.map { try JSONParser.parse($0) }
    }

    // MARK: Vectors

    @Test func `Every valid line of the vectors follows its schema`() throws {
        for line in try Vectors.validChanges() {
            #expect(Self.schemas.complaint(about: line, as: .change, isClosed: false) == nil)
        }
        for (form, file) in [(ProtocolSchemas.Form.client, "client"), (.server, "server")] {
            for line in try Vectors.lines("codec/messages.\(file).jsonl") + (Self.known[form] ?? [])
            {
                #expect(Self.schemas.complaint(about: line, as: form) == nil)
            }
        }
    }

    /// What no schema can say, by the words of the vectors: order, spelling, and what two fields
    /// have to do with each other.
    private static let unsaid: Set<String> = [
        "white space behind", "white space inside", "keys not ascending", "keys out of order",
        "the verdict in front of the ranges", "minus zero", "ends beyond 2^31",
        "escape where none is needed", "escaped slash", "long escape where there is a short one",
        "upper-case escape", "escaped non-ASCII", "escaped surrogate pair", "deeper than 12",
        "dependency on the own agent", "dependencies not ascending", "own id spelled out",
        "span beyond 2^31", "p not ascending", "p not ascending across agents",
        "version not ascending",
    ]

    @Test func `Every invalid change is refused by the schema, but for what no schema can say`()
        throws
    {
        var followed: Set<String> = []
        for line in try Vectors.invalidChanges() {
            let fields = try #require(try JSONParser.parse(line).members)
            let text = try #require(fields["line"]?.text)
            guard let value = try? JSONParser.parse(Array(text.utf8)) else { continue }
            if Self.schemas.failure(of: value, as: .change) == nil {
                followed.insert(try #require(fields["why"]?.text))
            }
        }
        #expect(followed == Self.unsaid)
    }

    // MARK: Mutations

    /// Fields that senders write and that readers do without.
    private static let pardoned: Set<String> = ["sw", "ms"]

    @Test(arguments: [ProtocolSchemas.Form.client, .server, .change])
    func `A field that is left out is missed by the schema where the decoder misses it`(
        form: ProtocolSchemas.Form
    ) throws {
        var missed: Set<String> = []
        for line in try Self.lines(form) {
            for mutation in SchemaMutation.removals(from: line) {
                let bytes = JSONWriter.canonicalBytes(mutation.value)
                let failure = Self.schemas.failure(of: mutation.value, as: form)
                let isTaken = Self.takes(bytes, as: form)
                let text = String(decoding: bytes, as: UTF8.self)
                if Self.pardoned.contains(mutation.name) {
                    #expect(isTaken, "\(text)")
                } else {
                    #expect((failure == nil) == isTaken, "\(mutation.name) in \(text)")
                }
                if let failure, failure.message == "\(mutation.name) is missing" {
                    missed.insert("\(failure.schema) \(mutation.name)")
                }
            }
        }
        let isOfChanges = form == .change
        if !isOfChanges {
            missed.formUnion(try Self.missed(form == .client ? .server : .client))
        }
        let left = try Self.requirements(ofChanges: isOfChanges).subtracting(missed).sorted()
        #expect(left.isEmpty, "\(left)")
    }

    /// The fields that schemas of changes, or of messages, require; not those that say which message
    /// or operation it is, and not those of which there is a choice.
    private static func requirements(ofChanges: Bool) throws -> Set<String> {
        let folders = ["change.json", "check.json", "target.json", "operations/"]
        let found = schemas.set.requirements.filter { requirement in
            let isOfChange = folders.contains { requirement.hasPrefix($0) }
            let isKind = requirement.hasSuffix(" t") || requirement.hasSuffix(" k")
            // A check without a verdict is a target.
            let isChoice = ["/oneOf/", "/anyOf/", "/if ", "check.json# vd"]
                .contains { requirement.contains($0) }
            return isOfChange == ofChanges && !isKind && !isChoice
                && !requirement.hasPrefix("admin/")
        }
        #expect(found.count > 25)
        return found
    }

    private static func missed(_ form: ProtocolSchemas.Form) throws -> Set<String> {
        var missed: Set<String> = []
        for mutation in try lines(form).flatMap(SchemaMutation.removals) {
            guard let failure = schemas.failure(of: mutation.value, as: form) else { continue }
            missed.insert("\(failure.schema) \(mutation.name)")
        }
        return missed
    }

    @Test(arguments: [ProtocolSchemas.Form.client, .server, .change])
    func `Of other values the schema and the decoder take the same`(
        form: ProtocolSchemas.Form
    ) throws {
        let ofOtherTypes: [JSONValue] = [
            .null, .bool(true), .integer(-1), .array([]), .object(JSONObject()),
        ]
        for line in try Self.lines(form) {
            for mutation in SchemaMutation.replacements(
                in: line, by: ofOtherTypes + [.string(""), .string("z"), .string("Z")])
            {
                let bytes = JSONWriter.canonicalBytes(mutation.value)
                let failure = Self.schemas.failure(of: mutation.value, as: form)
                if failure == nil {
                    #expect(
                        Self.takes(bytes, as: form), "\(String(decoding: bytes, as: UTF8.self))")
                }
            }
            for mutation in SchemaMutation.replacements(in: line, by: ofOtherTypes) {
                let bytes = JSONWriter.canonicalBytes(mutation.value)
                if Self.takes(bytes, as: form) {
                    let failure = Self.schemas.failure(of: mutation.value, as: form)
                    // Readers pass over any capability that they do not know.
                    if failure?.path.hasPrefix("/caps/") == true { continue }
                    #expect(failure == nil, "\(String(decoding: bytes, as: UTF8.self))")
                }
            }
        }
    }

    @Test func `Fields that are not known are allowed in every object of a message`() throws {
        for form in [ProtocolSchemas.Form.client, .server, .change] {
            for line in try Self.lines(form) {
                let bytes = JSONWriter.canonicalBytes(FutureLine.extending(line))
                #expect(Self.schemas.complaint(about: bytes, as: form, isClosed: false) == nil)
                #expect(Self.takes(bytes, as: form), "\(String(decoding: bytes, as: UTF8.self))")
                if form != .change {
                    #expect(Self.schemas.complaint(about: bytes, as: form) != nil)
                }
            }
        }
    }
}
