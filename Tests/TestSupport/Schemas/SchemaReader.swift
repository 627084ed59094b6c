import GlossProtocol

/// One schema as it is written, and which of its keywords nobody has asked for.
struct SchemaReader {
    let path: String
    let pointer: String
    private var left: [JSONObject.Member]

    init(schema: JSONObject, path: String, pointer: String) {
        self.path = path
        self.pointer = pointer
        left = schema.members
    }

    var place: String { "\(path)#\(pointer)" }

    /// The keywords that nobody has asked for.
    var unread: [String] { left.map(\.key) }

    mutating func take(_ keyword: String) -> JSONValue? {
        guard let index = left.firstIndex(where: { $0.key == keyword }) else { return nil }
        return left.remove(at: index).value
    }

    mutating func takeString(_ keyword: String) throws(SchemaError) -> String? {
        guard let value = take(keyword) else { return nil }
        guard case .string(let text) = value else { throw malformed(keyword) }
        return text
    }

    mutating func takeArray(_ keyword: String) throws(SchemaError) -> [JSONValue]? {
        guard let value = take(keyword) else { return nil }
        guard case .array(let values) = value, !values.isEmpty || keyword == "required" else {
            throw malformed(keyword)
        }
        return values
    }

    mutating func takeObject(_ keyword: String) throws(SchemaError) -> JSONObject? {
        guard let value = take(keyword) else { return nil }
        guard case .object(let object) = value else { throw malformed(keyword) }
        return object
    }

    /// The range that two keywords give, if there is one of them; without the first it starts at 0.
    ///
    /// - Parameter least: must say at least `bound`.
    mutating func takeRange(
        _ least: String, _ most: String, from bound: Int = 0
    ) throws(SchemaError) -> ClosedRange<Int>? {
        let lower = try takeInteger(least, from: bound)
        let upper = try takeInteger(most, from: bound)
        if lower == nil, upper == nil { return nil }
        guard lower ?? 0 <= upper ?? .max else { throw malformed(most) }
        return (lower ?? 0)...(upper ?? .max)
    }

    private mutating func takeInteger(
        _ keyword: String, from bound: Int
    ) throws(SchemaError) -> Int? {
        guard let value = take(keyword) else { return nil }
        guard case .integer(let number) = value, number >= bound else { throw malformed(keyword) }
        return number
    }

    mutating func takeTypes() throws(SchemaError) -> SchemaSet.Types? {
        guard let value = take("type") else { return nil }
        let names: [JSONValue]
        if case .array(let values) = value { names = values } else { names = [value] }
        var types: SchemaSet.Types = []
        for name in names {
            guard case .string(let name) = name, let type = SchemaSet.Types.named[name] else {
                throw malformed("type")
            }
            types.insert(type)
        }
        return types
    }

    /// The file and the place in it that a reference means.
    func resolve(_ reference: String) throws(SchemaError) -> (path: String, pointer: String) {
        let parts = reference.split(separator: "#", omittingEmptySubsequences: false)
        let pointer = parts.count > 1 ? String(parts[1]) : ""
        if parts[0].isEmpty { return (path, pointer) }
        var steps = path.split(separator: "/").dropLast()
        for step in parts[0].split(separator: "/") {
            if step != ".." {
                steps.append(step)
            } else if steps.popLast() == nil {
                throw SchemaError(place, "\(reference) leads out of the folder")
            }
        }
        return (steps.joined(separator: "/"), pointer)
    }

    private func malformed(_ keyword: String) -> SchemaError {
        SchemaError(place, "\(keyword) has a value that is not known")
    }
}
