import GlossProtocol

/// A value with one thing in it changed.
struct SchemaMutation {
    /// The name of the member that changed, or of the one that holds the list in which something
    /// did.
    var name: String
    /// What is left.
    var value: JSONValue

    /// The value with each member of each object in it left out, one after the other.
    static func removals(from value: JSONValue) -> [SchemaMutation] {
        changes(of: value, in: "") { _ in [] }
    }

    /// The value with each thing in it replaced by some others, one after the other.
    static func replacements(in value: JSONValue, by others: [JSONValue]) -> [SchemaMutation] {
        changes(of: value, in: "", removes: false) { _ in others }
    }

    private static func changes(
        of value: JSONValue, in name: String, removes: Bool = true,
        with others: (JSONValue) -> [JSONValue]
    ) -> [SchemaMutation] {
        var found: [SchemaMutation] = []
        switch value {
        case .object(let object):
            for (index, member) in object.members.enumerated() {
                func put(_ value: JSONValue?, _ name: String) {
                    var members = object.members
                    if let value { members[index].value = value } else { members.remove(at: index) }
                    found.append(
                        SchemaMutation(
                            name: name, value: .object(JSONObject(members: members))))
                }
                if removes { put(nil, member.key) }
                for other in others(member.value) { put(other, member.key) }
                let deeper = changes(
                    of: member.value, in: member.key, removes: removes, with: others)
                for change in deeper { put(change.value, change.name) }
            }
        case .array(let values):
            for (index, element) in values.enumerated() {
                func put(_ value: JSONValue, _ name: String) {
                    var values = values
                    values[index] = value
                    found.append(SchemaMutation(name: name, value: .array(values)))
                }
                for other in others(element) { put(other, name) }
                let deeper = changes(of: element, in: name, removes: removes, with: others)
                for change in deeper { put(change.value, change.name) }
            }
        case .null, .bool, .integer, .string: break
        }
        return found
    }
}
