import GlossProtocol

/// Turns schemas as they are written into rules. Each schema is turned once, however often it is
/// referred to.
struct SchemaCompiler {
    private static let dialect = "https://json-schema.org/draft/2020-12/schema"
    /// Keywords that say nothing about a value.
    private static let silent: Set<String> = ["title", "description", "$comment"]

    private let files: [String: JSONValue]
    private var known: [String: Int] = [:]
    private(set) var nodes: [SchemaSet.Node] = []

    init(_ files: [String: JSONValue]) {
        self.files = files
    }

    /// The node of the schema at a place.
    mutating func node(_ path: String, pointer: String) throws(SchemaError) -> Int {
        let place = "\(path)#\(pointer)"
        if let index = known[place] { return index }
        guard var value = files[path] else { throw SchemaError(place, "there is no such file") }
        for step in pointer.split(separator: "/") {
            guard case .object(let object) = value, let next = object[String(step)] else {
                throw SchemaError(place, "there is no such place")
            }
            value = next
        }
        return try compile(value, path, pointer)
    }

    private mutating func compile(
        _ value: JSONValue, _ path: String, _ pointer: String
    ) throws(SchemaError) -> Int {
        let place = "\(path)#\(pointer)"
        if let index = known[place] { return index }
        let index = nodes.count
        known[place] = index
        nodes.append(SchemaSet.Node(place: place, rules: []))
        switch value {
        case .bool(true): break
        case .bool(false): nodes[index].rules = [.never]
        case .object(let schema):
            var reader = SchemaReader(schema: schema, path: path, pointer: pointer)
            nodes[index].rules = try rules(of: &reader)
            if let left = reader.unread.first {
                throw SchemaError(place, "the keyword \(left) is not known")
            }
        default: throw SchemaError(place, "this is no schema")
        }
        return index
    }

    private mutating func compile(
        _ keyword: String, of reader: inout SchemaReader
    ) throws(SchemaError) -> Int? {
        guard let value = reader.take(keyword) else { return nil }
        return try compile(value, reader.path, "\(reader.pointer)/\(keyword)")
    }

    private mutating func compileList(
        _ keyword: String, of reader: inout SchemaReader
    ) throws(SchemaError) -> [Int]? {
        guard let values = try reader.takeArray(keyword) else { return nil }
        var found: [Int] = []
        for (number, value) in values.enumerated() {
            found.append(
                try compile(value, reader.path, "\(reader.pointer)/\(keyword)/\(number)"))
        }
        return found
    }

    private mutating func rules(
        of reader: inout SchemaReader
    ) throws(SchemaError) -> [SchemaSet.Rule] {
        for keyword in Self.silent { _ = reader.take(keyword) }
        if let dialect = reader.take("$schema"), dialect != .string(Self.dialect) {
            throw SchemaError(reader.place, "the dialect is not known")
        }
        for member in try reader.takeObject("$defs")?.members ?? [] {
            _ = try compile(member.value, reader.path, "\(reader.pointer)/$defs/\(member.key)")
        }
        var rules = try valueRules(of: &reader)
        rules += try objectRules(of: &reader)
        if let reference = try reader.takeString("$ref") {
            let (path, pointer) = try reader.resolve(reference)
            rules.append(.reference(try node(path, pointer: pointer)))
        }
        if let nodes = try compileList("anyOf", of: &reader) { rules.append(.anyOf(nodes)) }
        if let nodes = try compileList("oneOf", of: &reader) { rules.append(.oneOf(nodes)) }
        if let node = try compile("not", of: &reader) { rules.append(.not(node)) }
        if let condition = try compile("if", of: &reader) {
            rules.append(
                .condition(
                    condition, then: try compile("then", of: &reader),
                    else: try compile("else", of: &reader)))
        }
        return rules
    }

    private mutating func valueRules(
        of reader: inout SchemaReader
    ) throws(SchemaError) -> [SchemaSet.Rule] {
        var rules: [SchemaSet.Rule] = []
        if let types = try reader.takeTypes() { rules.append(.types(types)) }
        if let value = reader.take("const") { rules.append(.constant(value)) }
        if let values = try reader.takeArray("enum") { rules.append(.choice(values)) }
        if let pattern = try reader.takeString("pattern") {
            rules.append(.pattern(try SchemaPattern(pattern, at: reader.place)))
        }
        if let range = try reader.takeRange("minLength", "maxLength") {
            rules.append(.length(range))
        }
        if let range = try reader.takeRange("minimum", "maximum", from: .min) {
            rules.append(.range(range))
        }
        if let range = try reader.takeRange("minItems", "maxItems") { rules.append(.count(range)) }
        if let unique = reader.take("uniqueItems") {
            guard unique == .bool(true) else {
                throw SchemaError(reader.place, "uniqueItems is true or left out")
            }
            rules.append(.unique)
        }
        let first = try compileList("prefixItems", of: &reader)
        let rest = try compile("items", of: &reader)
        if first != nil || rest != nil { rules.append(.items(first: first ?? [], rest: rest)) }
        return rules
    }

    private mutating func objectRules(
        of reader: inout SchemaReader
    ) throws(SchemaError) -> [SchemaSet.Rule] {
        var rules: [SchemaSet.Rule] = []
        var members: [String: Int] = [:]
        let properties = try reader.takeObject("properties")?.members ?? []
        for member in properties {
            members[member.key] = try compile(
                member.value, reader.path, "\(reader.pointer)/properties/\(member.key)")
            if case .object(let schema) = member.value, schema.members.count == 1,
                let value = schema["const"]
            {
                rules.append(.tag(member.key, value))
            }
        }
        var others = SchemaSet.Others.unmentioned
        if let value = reader.take("additionalProperties") {
            others =
                value == .bool(true)
                ? .open
                : .schema(
                    try compile(
                        value, reader.path, "\(reader.pointer)/additionalProperties"))
        }
        rules.append(.members(members, others))
        if let names = try reader.takeArray("required") {
            var required: [String] = []
            for name in names {
                guard case .string(let name) = name else {
                    throw SchemaError(reader.place, "required lists names")
                }
                required.append(name)
            }
            rules.append(.required(required))
        }
        if let range = try reader.takeRange("minProperties", "maxProperties") {
            guard range.lowerBound == 0 else {
                throw SchemaError(reader.place, "the keyword minProperties is not known")
            }
            rules.append(.memberLimit(range.upperBound))
        }
        if let node = try compile("propertyNames", of: &reader) { rules.append(.names(node)) }
        return rules
    }
}
