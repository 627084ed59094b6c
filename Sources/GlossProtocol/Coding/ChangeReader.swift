import GlossCore

/// Reads a change out of JSON that is known to be canonical.
struct ChangeReader {
    /// The author of the change, whose ids are written as bare numbers.
    let agent: AgentID

    static func change(_ fields: FieldReader) throws(WireError) -> Change {
        guard let agent = AgentID(try fields.string("a", limit: .max)) else {
            throw fields.malformed("a is no agent")
        }
        let reader = ChangeReader(agent: agent)
        var ops: [Op] = []
        let values = try fields.array("o", limit: WireLimits.operations)
        ops.reserveCapacity(values.count)
        for value in values { ops.append(try reader.op(try fields.reader(value, "op"))) }
        if ops.isEmpty { throw fields.malformed("a change has at least one op") }
        let change = Change(
            agent: agent,
            seq: try fields.integer("s", in: 0...OpID.limit - 1),
            dependencies: try reader.dependencies(fields),
            time: try fields.integer("w"),
            message: try fields.optionalString("m", limit: WireLimits.text),
            ops: ops)
        if change.endSeq > OpID.limit { throw fields.malformed("the change ends beyond 2^31") }
        return change
    }

    private func dependencies(_ fields: FieldReader) throws(WireError) -> [OpID] {
        if !fields.has("d") { return [] }
        let values = try fields.array("d", limit: WireLimits.dependencies)
        if values.isEmpty { throw fields.malformed("d is left out when empty") }
        let ids = try foreignIDs(values, "d", fields)
        if ids.contains(where: { $0.agent == agent }) {
            throw fields.malformed("d names the change's own agent")
        }
        return ids
    }

    private func op(_ fields: FieldReader) throws(WireError) -> Op {
        let op: Op
        switch try fields.string("k", limit: WireLimits.name) {
        case "ins": op = .insert(try insertion(fields))
        case "del":
            op = .delete(
                Deletion(
                    spans: try spans("x", fields), accepts: try foreignID("ac", fields)))
        case "vis": op = .visibility(Visibility(marks: try marks(fields)))
        case "set": op = try write(fields)
        case "note": op = .annotate(try annotation(fields))
        case "reply":
            op = .reply(
                NewReply(annotation: try id("e", fields), body: try text("b", fields)))
        case "tag":
            op = .addTag(TagAddition(annotation: try id("e", fields), tag: try tag("v", fields)))
        case "untag":
            op = .removeTag(
                TagRemoval(
                    annotation: try id("e", fields), tag: try tag("v", fields),
                    additions: try ids("p", fields)))
        case "resolve": op = try resolution(fields)
        default: op = .unknown
        }
        if case .unknown = op, fields.has("n") { throw fields.malformed("n is reserved") }
        return op
    }

    private func insertion(_ fields: FieldReader) throws(WireError) -> Insertion {
        let text = try fields.string("t", limit: WireLimits.change)
        if text.isEmpty { throw fields.malformed("t is empty") }
        return Insertion(
            left: try optionalID("l", fields), right: try optionalID("r", fields),
            text: Array(text.unicodeScalars),
            replaces: fields.has("rp") ? try spans("rp", fields) : [],
            from: fields.has("fr") ? try spans("fr", fields) : [],
            accepts: try foreignID("ac", fields))
    }

    private func write(_ fields: FieldReader) throws(WireError) -> Op {
        let value: Value?
        switch try fields.value("v") {
        case .null: value = Value.none
        case .string(let text):
            if text.utf8.count > WireLimits.text {
                throw fields.tooLarge("v is longer than \(WireLimits.text) bytes")
            }
            value = .text(text)
        case .object(let object):
            value = try place(FieldReader(object, code: fields.code))
        case .bool, .integer, .array: value = nil
        }
        let entity = try optionalID("e", fields)
        let field = Field(rawValue: try name("f", fields))
        let replaces = try ids("p", fields)
        let why = try fields.optionalString("y", limit: WireLimits.text)
        guard let value else { return .unknown }
        return .write(
            Write(entity: entity, field: field, value: value, replaces: replaces, why: why))
    }

    private func annotation(_ fields: FieldReader) throws(WireError) -> NewAnnotation {
        var tags: [String] = []
        if fields.has("tg") {
            for value in try fields.array("tg", limit: WireLimits.tags) {
                tags.append(try tag(value, "tg", fields))
            }
            if tags.isEmpty { throw fields.malformed("tg is left out when empty") }
            if Set(tags.map { Array($0.utf8) }).count < tags.count {
                throw fields.malformed("tg names a tag twice")
            }
        }
        return NewAnnotation(
            kind: AnnotationKind(rawValue: try name("g", fields)),
            target: try target(try fields.reader("on")), body: try text("b", fields),
            proposal: try fields.optionalString("p", limit: WireLimits.text), tags: tags)
    }

    private func resolution(_ fields: FieldReader) throws(WireError) -> Op {
        let conflict = ConflictID(rawValue: try fields.hex("c"))
        let kind = ConflictKind(rawValue: try name("g", fields))
        let settles = try ids("s", fields)
        let take = try name("take", fields)
        let why = try fields.optionalString("y", limit: WireLimits.text)
        guard let kind else { return .unknown }
        return .resolve(
            Resolution(conflict: conflict, kind: kind, settles: settles, take: take, why: why))
    }

    /// A target, or, with a verdict, the check that was given on it.
    private func place(_ fields: FieldReader) throws(WireError) -> Value {
        let target = try target(fields)
        guard fields.has("vd") else { return .target(target) }
        var evidence: [Check.Evidence] = []
        if fields.has("ev") {
            for value in try fields.array("ev", limit: WireLimits.evidence) {
                evidence.append(try self.evidence(try fields.reader(value, "evidence")))
            }
            if evidence.isEmpty { throw fields.malformed("ev is left out when empty") }
        }
        return .check(
            Check(
                verdict: Verdict(rawValue: try name("vd", fields)), evidence: evidence,
                remark: try optionalText("b", limit: WireLimits.text, fields), target: target))
    }

    private func evidence(_ fields: FieldReader) throws(WireError) -> Check.Evidence {
        let evidence = Check.Evidence(
            source: try optionalText("s", limit: WireLimits.source, fields),
            link: try optionalText("u", limit: WireLimits.source, fields),
            page: try optionalText("p", limit: WireLimits.name, fields),
            time: try optionalText("t", limit: WireLimits.name, fields))
        if evidence.source == nil, evidence.link == nil {
            throw fields.malformed("evidence has neither s nor u")
        }
        return evidence
    }

    /// A text that is left out rather than empty.
    private func optionalText(
        _ key: String, limit: Int, _ fields: FieldReader
    ) throws(WireError) -> String? {
        let text = try fields.optionalString(key, limit: limit)
        if text == "" { throw fields.malformed("\(key) is left out when empty") }
        return text
    }

    private func target(_ fields: FieldReader) throws(WireError) -> Target {
        let quote = try fields.tuple(try fields.value("q"), "q", count: 3)
        var ranges: [AnchorRange] = []
        for value in try fields.array("r", limit: WireLimits.ranges) {
            let parts = try fields.tuple(value, "range", count: 4)
            ranges.append(
                AnchorRange(
                    start: try anchor(parts[0], parts[1], fields),
                    end: try anchor(parts[2], parts[3], fields)))
        }
        return Target(
            ranges: ranges,
            quote: Quote(
                exact: try fields.string(quote[0], "q", limit: WireLimits.quote),
                prefix: try fields.string(quote[1], "q", limit: WireLimits.quoteContext),
                suffix: try fields.string(quote[2], "q", limit: WireLimits.quoteContext)),
            version: try foreignIDs(
                try fields.array("at", limit: WireLimits.dependencies), "at", fields))
    }

    private func anchor(
        _ id: JSONValue, _ side: JSONValue, _ fields: FieldReader
    ) throws(WireError) -> Anchor {
        let number = try fields.integer(side, "side", in: 0...1)
        return Anchor(number == 0 ? .before : .after, try foreignID(id, "range", fields))
    }
}
