import GlossCore

extension ChangeReader {
    /// An id of the change's own document: a number for its own agent, else the full spelling.
    func id(_ value: JSONValue, _ name: String, _ fields: FieldReader) throws(WireError) -> OpID {
        switch value {
        case .integer(let seq) where (0..<OpID.limit).contains(seq):
            return OpID(agent: agent, seq: seq)
        case .string(let text):
            guard let id = OpID(text) else { throw fields.malformed("\(name) is no id") }
            if id.agent == agent {
                throw fields.malformed("\(name) spells out the change's own agent")
            }
            return id
        default: throw fields.malformed("\(name) is no id")
        }
    }

    func id(_ key: String, _ fields: FieldReader) throws(WireError) -> OpID {
        try id(try fields.value(key), key, fields)
    }

    func optionalID(_ key: String, _ fields: FieldReader) throws(WireError) -> OpID? {
        guard let value = fields.object[key] else { return nil }
        return try id(value, key, fields)
    }

    /// A list of ids of the change's own document, ascending and unique.
    func ids(_ key: String, _ fields: FieldReader) throws(WireError) -> [OpID] {
        var ids: [OpID] = []
        for value in try fields.array(key, limit: WireLimits.ids) {
            ids.append(try id(value, key, fields))
        }
        try requireAscending(ids, key, fields)
        return ids
    }

    /// An id of another document: always spelled out.
    func foreignID(
        _ value: JSONValue, _ name: String, _ fields: FieldReader
    ) throws(WireError) -> OpID {
        guard case .string(let text) = value, let id = OpID(text) else {
            throw fields.malformed("\(name) is no id of the form agent:seq")
        }
        return id
    }

    func foreignID(_ key: String, _ fields: FieldReader) throws(WireError) -> OpID? {
        guard let value = fields.object[key] else { return nil }
        return try foreignID(value, key, fields)
    }

    /// A list of ids that are spelled out, ascending and unique.
    func foreignIDs(
        _ values: [JSONValue], _ name: String, _ fields: FieldReader
    ) throws(WireError) -> [OpID] {
        var ids: [OpID] = []
        for value in values { ids.append(try foreignID(value, name, fields)) }
        try requireAscending(ids, name, fields)
        return ids
    }

    /// `[[id, n], …]`, at least one.
    func spans(_ key: String, _ fields: FieldReader) throws(WireError) -> [OpSpan] {
        var spans: [OpSpan] = []
        for value in try fields.array(key, limit: WireLimits.ids) {
            spans.append(try span(try fields.tuple(value, key, count: 2), key, fields))
        }
        if spans.isEmpty { throw fields.malformed("\(key) is empty") }
        return spans
    }

    /// `[[id, n, count], …]`, at least one.
    func marks(_ fields: FieldReader) throws(WireError) -> [Visibility.Mark] {
        var marks: [Visibility.Mark] = []
        for value in try fields.array("x", limit: WireLimits.ids) {
            let parts = try fields.tuple(value, "x", count: 3)
            marks.append(
                Visibility.Mark(
                    span: try span(parts, "x", fields),
                    count: try fields.integer(parts[2], "count", in: 1...OpID.limit - 1)))
        }
        if marks.isEmpty { throw fields.malformed("x is empty") }
        return marks
    }

    /// A body, reason and the like.
    func text(_ key: String, _ fields: FieldReader) throws(WireError) -> String {
        try fields.string(key, limit: WireLimits.text)
    }

    /// A name, not empty.
    func name(_ key: String, _ fields: FieldReader) throws(WireError) -> String {
        let name = try fields.string(key, limit: WireLimits.name)
        if name.isEmpty { throw fields.malformed("\(key) is empty") }
        return name
    }

    /// A tag, not empty.
    func tag(
        _ value: JSONValue, _ name: String, _ fields: FieldReader
    ) throws(WireError) -> String {
        let tag = try fields.string(value, name, limit: WireLimits.tag)
        if tag.isEmpty { throw fields.malformed("\(name) is an empty tag") }
        return tag
    }

    func tag(_ key: String, _ fields: FieldReader) throws(WireError) -> String {
        try tag(try fields.value(key), key, fields)
    }

    private func span(
        _ parts: [JSONValue], _ name: String, _ fields: FieldReader
    ) throws(WireError) -> OpSpan {
        let start = try id(parts[0], name, fields)
        let count = try fields.integer(parts[1], "n", in: 1...OpID.limit)
        if start.seq + count > OpID.limit { throw fields.malformed("\(name) ends beyond 2^31") }
        return OpSpan(start: start, count: count)
    }

    private func requireAscending(
        _ ids: [OpID], _ name: String, _ fields: FieldReader
    ) throws(WireError) {
        if !zip(ids, ids.dropFirst()).allSatisfy({ $0 < $1 }) {
            throw fields.malformed("\(name) is not ascending")
        }
    }
}
