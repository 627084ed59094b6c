/// Why a schema cannot be used: it says something that the validator does not know, or makes no sense.
public struct SchemaError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file and the place in it, as a JSON pointer.
    public var place: String
    /// What is wrong.
    public var message: String

    init(_ place: String, _ message: String) {
        self.place = place
        self.message = message
    }

    /// Where, and what is wrong.
    public var description: String { "\(place): \(message)" }
}

/// Why a value does not follow a schema.
public struct SchemaFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The place in the value, as a JSON pointer; empty for the value as a whole.
    public var path: String
    /// The schema that is not followed: its file, and the place in it.
    public var schema: String
    /// What is wrong.
    public var message: String
    /// Whether the value is of another kind altogether, so that the schema is not for it.
    var isOfOtherKind = false

    /// Where, what is wrong, and which schema says so.
    public var description: String { "\(path.isEmpty ? "/" : path): \(message) (\(schema))" }

    /// The failure of a value that holds the one at fault under `name`.
    func inside(_ name: String) -> SchemaFailure {
        var failure = self
        failure.path = "/\(name)\(path)"
        return failure
    }
}
