public import GlossProtocol

/// Lines as a later version may write them: with fields that this one does not know.
public enum FutureLine {
    private static let extra = JSONObject.Member(
        key: "~later", value: .array([.object(JSONObject()), .bool(true), .integer(-7)]))

    /// A line with a field more in every object of it but in vectors, whose names are agents, and in
    /// what goes from keys of presence, which are numbers.
    ///
    /// Keys are in ascending order then, as changes have them.
    ///
    /// - Parameter altersChanges: whether the changes in it get fields, too, as their authors may
    ///   have written them.
    public static func extending(_ line: [UInt8], altersChanges: Bool = false) -> [UInt8] {
        guard let value = try? JSONParser.parse(line) else {
            preconditionFailure("only lines that can be read can be extended")
        }
        return JSONWriter.canonicalBytes(extending(value, altersChanges: altersChanges))
    }

    /// The same of a value.
    public static func extending(_ value: JSONValue, altersChanges: Bool = true) -> JSONValue {
        switch value {
        case .array(let values):
            return .array(values.map { extending($0, altersChanges: altersChanges) })
        case .object(let object):
            let isVector = object.members.allSatisfy { $0.key.utf8.count == 16 }
            let isPresence = object.members.allSatisfy { Int($0.key) != nil }
            let isChange = object["a"] != nil && object["o"] != nil
            if isVector || isPresence || isChange && !altersChanges { return value }
            let members = object.members.map {
                JSONObject.Member(
                    key: $0.key, value: extending($0.value, altersChanges: altersChanges))
            }
            return .object(JSONObject(members: members + [extra]))
        case .null, .bool, .integer, .string: return value
        }
    }
}
