import GlossCore

extension ChangeScanner {
    /// An operation of the kinds that are not about text, from behind the first quotation mark on.
    mutating func annotationOp() throws(Unexpected) -> Op {
        if cursor.accepts("b\":") {
            let body = try text()
            if cursor.accepts(",\"g\":") { return .annotate(try annotation(body: body)) }
            try cursor.expect(",\"e\":")
            let annotation = try id()
            try cursor.expect(",\"k\":\"reply\"")
            return .reply(NewReply(annotation: annotation, body: body))
        }
        if cursor.accepts("c\":\"") { return .resolve(try resolution()) }
        if cursor.accepts("f\":") { return .write(try write(entity: nil)) }
        try cursor.expect("e\":")
        let entity = try id()
        if cursor.accepts(",\"f\":") { return .write(try write(entity: entity)) }
        try cursor.expect(",\"k\":\"")
        if cursor.accepts("tag\",\"v\":") {
            return .addTag(TagAddition(annotation: entity, tag: try name(limit: WireLimits.tag)))
        }
        try cursor.expect("untag\",\"p\":[")
        let additions = try ids(limit: WireLimits.ids)
        try cursor.expect(",\"v\":")
        return .removeTag(
            TagRemoval(
                annotation: entity, tag: try name(limit: WireLimits.tag), additions: additions))
    }

    private mutating func annotation(body: String) throws(Unexpected) -> NewAnnotation {
        let kind = AnnotationKind(rawValue: try name())
        try cursor.expect(",\"k\":\"note\",\"on\":")
        let target = try target()
        let proposal = cursor.accepts(",\"p\":") ? try text() : nil
        var tags: [String] = []
        if cursor.accepts(",\"tg\":[") {
            repeat { tags.append(try name(limit: WireLimits.tag)) } while try cursor.listGoesOn()
            if tags.count > WireLimits.tags || Set(tags.map(ExactText.init)).count < tags.count {
                throw Unexpected()
            }
        }
        return NewAnnotation(
            kind: kind, target: target, body: body, proposal: proposal, tags: tags)
    }

    private mutating func write(entity: OpID?) throws(Unexpected) -> Write {
        let field = Field(rawValue: try name())
        try cursor.expect(",\"k\":\"set\",\"p\":[")
        let replaces = try ids(limit: WireLimits.ids)
        try cursor.expect(",\"v\":")
        let value: Value
        switch cursor.peek() {
        case UInt8(ascii: "\""): value = .text(try text())
        case UInt8(ascii: "{"): value = try place()
        default:
            try cursor.expect("null")
            value = .none
        }
        return Write(
            entity: entity, field: field, value: value, replaces: replaces, why: try why())
    }

    private mutating func resolution() throws(Unexpected) -> Resolution {
        let conflict = ConflictID(rawValue: try cursor.hex())
        try cursor.expect("\",\"g\":")
        guard let kind = ConflictKind(rawValue: try name()) else { throw Unexpected() }
        try cursor.expect(",\"k\":\"resolve\",\"s\":[")
        let settles = try ids(limit: WireLimits.ids)
        try cursor.expect(",\"take\":")
        let take = try name()
        return Resolution(
            conflict: conflict, kind: kind, settles: settles, take: take, why: try why())
    }

    /// A target, or, with a verdict, the check that was given on it.
    private mutating func place() throws(Unexpected) -> Value {
        let version = try startOfTarget()
        let remark = cursor.accepts(",\"b\":") ? try name(limit: WireLimits.text) : nil
        var evidence: [Check.Evidence] = []
        if cursor.accepts(",\"ev\":[") {
            repeat { evidence.append(try self.evidence()) } while try cursor.listGoesOn()
            if evidence.count > WireLimits.evidence { throw Unexpected() }
        }
        let target = try restOfTarget(version)
        if remark == nil, evidence.isEmpty, cursor.accepts("}") { return .target(target) }
        try cursor.expect(",\"vd\":")
        let verdict = Verdict(rawValue: try name())
        try cursor.expect("}")
        return .check(
            Check(verdict: verdict, evidence: evidence, remark: remark, target: target))
    }

    private mutating func evidence() throws(Unexpected) -> Check.Evidence {
        var evidence = Check.Evidence()
        var isFirst = true
        func accepts(_ first: StaticString, _ later: StaticString) -> Bool {
            let isThere = cursor.accepts(isFirst ? first : later)
            if isThere { isFirst = false }
            return isThere
        }
        try cursor.expect("{")
        if accepts("\"p\":", ",\"p\":") { evidence.page = try name() }
        if accepts("\"s\":", ",\"s\":") { evidence.source = try name(limit: WireLimits.source) }
        if accepts("\"t\":", ",\"t\":") { evidence.time = try name() }
        if accepts("\"u\":", ",\"u\":") { evidence.link = try name(limit: WireLimits.source) }
        try cursor.expect("}")
        if evidence.source == nil, evidence.link == nil { throw Unexpected() }
        return evidence
    }

    private mutating func target() throws(Unexpected) -> Target {
        let target = try restOfTarget(try startOfTarget())
        try cursor.expect("}")
        return target
    }

    /// `{"at":[…]`
    private mutating func startOfTarget() throws(Unexpected) -> [OpID] {
        try cursor.expect("{\"at\":[")
        return try ids(limit: WireLimits.dependencies, areForeign: true)
    }

    /// `,"q":[…],"r":[…]`
    private mutating func restOfTarget(_ version: [OpID]) throws(Unexpected) -> Target {
        try cursor.expect(",\"q\":[")
        let exact = try cursor.string(limit: WireLimits.quote)
        try cursor.expect(",")
        let prefix = try cursor.string(limit: WireLimits.quoteContext)
        try cursor.expect(",")
        let suffix = try cursor.string(limit: WireLimits.quoteContext)
        try cursor.expect("],\"r\":[")
        var ranges: [AnchorRange] = []
        if !cursor.accepts("]") {
            repeat { ranges.append(try range()) } while try cursor.listGoesOn()
        }
        if ranges.count > WireLimits.ranges { throw Unexpected() }
        return Target(
            ranges: ranges, quote: Quote(exact: exact, prefix: prefix, suffix: suffix),
            version: version)
    }

    private mutating func range() throws(Unexpected) -> AnchorRange {
        try cursor.expect("[")
        let start = try anchor()
        try cursor.expect(",")
        let end = try anchor()
        try cursor.expect("]")
        return AnchorRange(start: start, end: end)
    }

    private mutating func anchor() throws(Unexpected) -> Anchor {
        let id = try foreignID()
        try cursor.expect(",")
        return Anchor(try cursor.integer(in: 0...1) == 0 ? .before : .after, id)
    }

    /// `id, …]`, ascending; maybe none.
    private mutating func ids(
        limit: Int, areForeign: Bool = false
    ) throws(Unexpected) -> [OpID] {
        var ids: [OpID] = []
        if cursor.accepts("]") { return ids }
        repeat {
            try append(areForeign ? try foreignID() : try id(), to: &ids)
        } while try cursor.listGoesOn()
        if ids.count > limit { throw Unexpected() }
        return ids
    }

    private mutating func text() throws(Unexpected) -> String {
        try cursor.string(limit: WireLimits.text)
    }

    /// A name or tag, not empty.
    private mutating func name(limit: Int = WireLimits.name) throws(Unexpected) -> String {
        let name = try cursor.string(limit: limit)
        if name.isEmpty { throw Unexpected() }
        return name
    }

    private mutating func why() throws(Unexpected) -> String? {
        cursor.accepts(",\"y\":") ? try text() : nil
    }
}
