public import GlossProtocol

/// JSON Schemas, of the part of draft 2020-12 that Protocol/schemas needs.
///
/// A keyword that is not known is an error, so that no rule is passed over in silence.
public struct SchemaSet: Sendable {
    /// The types of JSON; of numbers there are only integers here.
    struct Types: OptionSet, Hashable {
        let rawValue: Int

        static let null = Types(rawValue: 1)
        static let boolean = Types(rawValue: 2)
        static let integer = Types(rawValue: 4)
        static let string = Types(rawValue: 8)
        static let array = Types(rawValue: 16)
        static let object = Types(rawValue: 32)

        static let named: [String: Types] = [
            "null": .null, "boolean": .boolean, "integer": .integer, "string": .string,
            "array": .array, "object": .object,
        ]

        static func of(_ value: JSONValue) -> Types {
            switch value {
            case .null: .null
            case .bool: .boolean
            case .integer: .integer
            case .string: .string
            case .array: .array
            case .object: .object
            }
        }
    }

    /// What a schema says of the members of an object that it does not name.
    enum Others: Sendable {
        /// Nothing.
        case unmentioned
        /// `true`: there may be some, which a reader ignores.
        case open
        /// They follow a schema.
        case schema(Int)
    }

    /// One thing that a schema asks for. Numbers are those of nodes.
    enum Rule: Sendable {
        case never
        /// A member that says of what kind an object is.
        case tag(String, JSONValue)
        case types(Types)
        case constant(JSONValue)
        case choice([JSONValue])
        case pattern(SchemaPattern)
        case length(ClosedRange<Int>)
        case range(ClosedRange<Int>)
        case count(ClosedRange<Int>)
        case unique
        case items(first: [Int], rest: Int?)
        case members([String: Int], Others)
        case required([String])
        case memberLimit(Int)
        case names(Int)
        case reference(Int)
        case anyOf([Int])
        case oneOf([Int])
        case not(Int)
        case condition(Int, then: Int?, else: Int?)
    }

    struct Node: Sendable {
        var place: String
        var rules: [Rule]
    }

    let nodes: [Node]
    private let roots: [String: Int]

    /// The schemas in some files, which may refer to each other.
    ///
    /// - Parameter files: by path; references between them are relative to these.
    /// - Throws: ``SchemaError`` for what is no schema, or has keywords that are not known.
    public init(_ files: [String: JSONValue]) throws(SchemaError) {
        var compiler = SchemaCompiler(files)
        var roots: [String: Int] = [:]
        for path in files.keys.sorted() { roots[path] = try compiler.node(path, pointer: "") }
        self.roots = roots
        nodes = compiler.nodes
    }

    /// Why a value does not follow the schema of a file; `nil` if it does.
    ///
    /// - Parameter isClosed: whether members that no schema names are wrong, even where readers
    ///   ignore them: for lines that were written by a program which should know them all.
    public func failure(
        of value: JSONValue, by path: String, isClosed: Bool = false
    ) -> SchemaFailure? {
        guard let root = roots[path] else { preconditionFailure("there is no schema \(path)") }
        do throws(SchemaFailure) {
            try SchemaValidator(nodes: nodes, isClosed: isClosed).check(value, root)
            return nil
        } catch { return error }
    }

    /// Each field that some schema requires, with the place of the schema.
    public var requirements: Set<String> {
        nodes.reduce(into: []) { found, node in
            for case .required(let names) in node.rules {
                for name in names { found.insert("\(node.place) \(name)") }
            }
        }
    }
}
