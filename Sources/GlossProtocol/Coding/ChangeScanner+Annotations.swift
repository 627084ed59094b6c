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
        case UInt8(ascii: "{"): value = .target(try target())
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

    private mutating func target() throws(Unexpected) -> Target {
        try cursor.expect("{\"at\":[")
        let version = try ids(limit: WireLimits.dependencies, areForeign: true)
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
        try cursor.expect("}")
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
