/// An addition to version 1 that one side uses only if the other has named it, too.
public enum Capability: String, CaseIterable, Sendable {
    /// The server may tell of one more change in the short form, ``BriefRow``.
    case rows
}

extension JSONWriter {
    mutating func member(_ key: String, _ capabilities: [Capability]) {
        if capabilities.isEmpty { return }
        self.key(key)
        beginArray()
        for capability in capabilities { string(capability.rawValue) }
        endArray()
    }
}

extension FieldReader {
    /// The capabilities that are known here, each once; what else there is counts for nothing.
    func capabilities(_ key: String) throws(WireError) -> [Capability] {
        let named = try optionalArray(key, limit: .max).prefix(WireLimits.capabilities).compactMap {
            value in
            if case .string(let name) = value { Capability(rawValue: name) } else { nil }
        }
        return Capability.allCases.filter(named.contains)
    }
}
