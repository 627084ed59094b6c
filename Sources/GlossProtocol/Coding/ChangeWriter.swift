import GlossCore

/// Writes a change in canonical form: the keys of each object in ascending order.
struct ChangeWriter {
    /// The author of the change, whose ids are written as bare numbers.
    let agent: AgentID
    var json = JSONWriter()

    init(agent: AgentID) {
        self.agent = agent
    }

    mutating func write(_ change: Change) {
        json.reserve(roomNeeded(for: change))
        json.beginObject()
        json.key(plain: "a")
        json.string(hex: change.agent.rawValue)
        if !change.dependencies.isEmpty { foreign("d", change.dependencies) }
        if let message = change.message { text("m", message) }
        json.key(plain: "o")
        json.beginArray()
        for op in change.ops { write(op) }
        json.endArray()
        json.key(plain: "s")
        json.integer(change.seq)
        json.key(plain: "w")
        json.integer(change.time)
        json.endObject()
    }

    /// About as many bytes as the change will take if it is about text and most of that is ASCII.
    private func roomNeeded(for change: Change) -> Int {
        var count = 64 + change.dependencies.count * 32
        for op in change.ops {
            count += 64
            switch op {
            case .insert(let insertion): count += insertion.scalarCount
            case .delete(let deletion): count += deletion.spans.count * 32
            default: break
            }
        }
        return count
    }

    private mutating func write(_ op: Op) {
        json.beginObject()
        switch op {
        case .insert(let insertion): write(insertion)
        case .delete(let deletion):
            if let accepts = deletion.accepts { foreign("ac", accepts) }
            text("k", "del")
            spans("x", deletion.spans)
        case .visibility(let visibility): write(visibility)
        case .write(let write): self.write(write)
        case .annotate(let annotation): write(annotation)
        case .reply(let reply):
            text("b", reply.body)
            own("e", reply.annotation)
            text("k", "reply")
        case .addTag(let addition):
            own("e", addition.annotation)
            text("k", "tag")
            text("v", addition.tag)
        case .removeTag(let removal):
            own("e", removal.annotation)
            text("k", "untag")
            own("p", removal.additions)
            text("v", removal.tag)
        case .resolve(let resolution): write(resolution)
        case .unknown: preconditionFailure("an unknown operation travels as the bytes it came in")
        }
        json.endObject()
    }

    private mutating func write(_ insertion: Insertion) {
        if let accepts = insertion.accepts { foreign("ac", accepts) }
        if !insertion.from.isEmpty { spans("fr", insertion.from) }
        text("k", "ins")
        if let left = insertion.left { own("l", left) }
        if let right = insertion.right { own("r", right) }
        if !insertion.replaces.isEmpty { spans("rp", insertion.replaces) }
        json.key(plain: "t")
        json.string(insertion.text)
    }

    private mutating func write(_ visibility: Visibility) {
        text("k", "vis")
        json.key(plain: "x")
        json.beginArray()
        for mark in visibility.marks {
            json.beginArray()
            id(mark.span.start)
            json.integer(mark.span.count)
            json.integer(mark.count)
            json.endArray()
        }
        json.endArray()
    }

    private mutating func write(_ write: Write) {
        if let entity = write.entity { own("e", entity) }
        text("f", write.field.rawValue)
        text("k", "set")
        own("p", write.replaces)
        json.key(plain: "v")
        switch write.value {
        case .none: json.null()
        case .text(let text): json.string(text)
        case .target(let target): self.write(target)
        case .check(let check): self.write(check)
        }
        if let why = write.why { text("y", why) }
    }

    private mutating func write(_ annotation: NewAnnotation) {
        text("b", annotation.body)
        text("g", annotation.kind.rawValue)
        text("k", "note")
        json.key(plain: "on")
        write(annotation.target)
        if let proposal = annotation.proposal { text("p", proposal) }
        if !annotation.tags.isEmpty {
            json.key(plain: "tg")
            json.beginArray()
            for tag in annotation.tags { json.string(tag) }
            json.endArray()
        }
    }

    private mutating func write(_ resolution: Resolution) {
        text("c", resolution.conflict.description)
        text("g", resolution.kind.rawValue)
        text("k", "resolve")
        own("s", resolution.settles)
        text("take", resolution.take)
        if let why = resolution.why { text("y", why) }
    }

    private mutating func write(_ target: Target) {
        json.beginObject()
        foreign("at", target.version)
        writeRest(of: target)
        json.endObject()
    }

    /// The members of a check stand among those of its target.
    private mutating func write(_ check: Check) {
        json.beginObject()
        foreign("at", check.target.version)
        if let remark = check.remark { text("b", remark) }
        if !check.evidence.isEmpty {
            json.key(plain: "ev")
            json.beginArray()
            for entry in check.evidence { write(entry) }
            json.endArray()
        }
        writeRest(of: check.target)
        text("vd", check.verdict.rawValue)
        json.endObject()
    }

    private mutating func write(_ evidence: Check.Evidence) {
        json.beginObject()
        if let page = evidence.page { text("p", page) }
        if let source = evidence.source { text("s", source) }
        if let time = evidence.time { text("t", time) }
        if let link = evidence.link { text("u", link) }
        json.endObject()
    }

    /// A target's ids belong to another document, so they are always written in full.
    private mutating func writeRest(of target: Target) {
        json.key(plain: "q")
        json.beginArray()
        json.string(target.quote.exact)
        json.string(target.quote.prefix)
        json.string(target.quote.suffix)
        json.endArray()
        json.key(plain: "r")
        json.beginArray()
        for range in target.ranges {
            json.beginArray()
            for anchor in [range.start, range.end] {
                json.string(anchor.id)
                json.integer(anchor.side.rawValue)
            }
            json.endArray()
        }
        json.endArray()
    }

    private mutating func text(_ key: StaticString, _ text: String) {
        json.key(plain: key)
        json.string(text)
    }

    private mutating func id(_ id: OpID) {
        if id.agent == agent { json.integer(id.seq) } else { json.string(id) }
    }

    private mutating func own(_ key: StaticString, _ id: OpID) {
        json.key(plain: key)
        self.id(id)
    }

    private mutating func own(_ key: StaticString, _ ids: [OpID]) {
        json.key(plain: key)
        json.beginArray()
        for id in ids { self.id(id) }
        json.endArray()
    }

    private mutating func foreign(_ key: StaticString, _ id: OpID) {
        json.key(plain: key)
        json.string(id)
    }

    private mutating func foreign(_ key: StaticString, _ ids: [OpID]) {
        json.key(plain: key)
        json.beginArray()
        for id in ids { json.string(id) }
        json.endArray()
    }

    private mutating func spans(_ key: StaticString, _ spans: [OpSpan]) {
        json.key(plain: key)
        json.beginArray()
        for span in spans {
            json.beginArray()
            id(span.start)
            json.integer(span.count)
            json.endArray()
        }
        json.endArray()
    }
}
