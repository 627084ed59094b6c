/// Reads what ``OpWriter`` wrote.
struct OpReader {
    var bytes: ByteReader
    /// Every agent that ids may name, the document's first.
    let agents: [AgentID]
    /// Whether they were written in this process: an anchor may then name a number beyond the limit,
    /// because nobody judges what annotations stand on but the article.
    private let isOwn: Bool

    /// A reader of what came from anywhere.
    init(bytes: ByteReader, agents: [AgentID]) {
        self.bytes = bytes
        self.agents = agents
        isOwn = false
    }

    /// A reader of what was written in this process.
    init(own bytes: [UInt8], agents: [AgentID]) {
        self.bytes = ByteReader(bytes, 0..<bytes.count)
        self.agents = agents
        isOwn = true
    }

    mutating func id() throws(CodecError) -> OpID {
        let agent = try bytes.count(upTo: agents.count - 1)
        let seq =
            isOwn
            ? Int(truncatingIfNeeded: try bytes.varint()) : try bytes.count(upTo: OpID.limit - 1)
        return OpID(agent: agents[agent], seq: seq)
    }

    mutating func optionalID() throws(CodecError) -> OpID? { try bytes.flag() ? try id() : nil }

    mutating func ids() throws(CodecError) -> [OpID] {
        var ids: [OpID] = []
        for _ in 0..<(try bytes.listCount()) { ids.append(try id()) }
        return ids
    }

    mutating func span() throws(CodecError) -> OpSpan {
        OpSpan(start: try id(), count: try bytes.count(upTo: OpID.limit))
    }

    mutating func spans() throws(CodecError) -> [OpSpan] {
        var spans: [OpSpan] = []
        for _ in 0..<(try bytes.listCount()) { spans.append(try span()) }
        return spans
    }

    /// Reads an operation.
    mutating func op() throws(CodecError) -> Op {
        switch try bytes.byte() {
        case OpForm.unknown: .unknown
        case OpForm.visibility: .visibility(try visibility())
        case OpForm.write: .write(try write())
        case OpForm.annotate: .annotate(try annotation())
        case OpForm.reply: .reply(NewReply(annotation: try id(), body: try bytes.text()))
        case OpForm.addTag: .addTag(TagAddition(annotation: try id(), tag: try bytes.text()))
        case OpForm.removeTag:
            .removeTag(
                TagRemoval(annotation: try id(), tag: try bytes.text(), additions: try ids()))
        case OpForm.resolve: .resolve(try resolution())
        default: throw .damaged("an operation is of no kind")
        }
    }

    private mutating func visibility() throws(CodecError) -> Visibility {
        var marks: [Visibility.Mark] = []
        for _ in 0..<(try bytes.listCount()) {
            let span = try span()
            marks.append(
                Visibility.Mark(span: span, count: try bytes.count(upTo: Int(Int32.max))))
        }
        return Visibility(marks: marks)
    }

    private mutating func write() throws(CodecError) -> Write {
        let entity = try optionalID()
        let field = Field(rawValue: try bytes.text())
        let value = try value()
        let replaces = try ids()
        return Write(
            entity: entity, field: field, value: value, replaces: replaces,
            why: try bytes.optionalText())
    }

    private mutating func annotation() throws(CodecError) -> NewAnnotation {
        let kind = AnnotationKind(rawValue: try bytes.text())
        let target = try target()
        let body = try bytes.text()
        let proposal = try bytes.optionalText()
        var tags: [String] = []
        for _ in 0..<(try bytes.listCount()) { tags.append(try bytes.text()) }
        return NewAnnotation(
            kind: kind, target: target, body: body, proposal: proposal, tags: tags)
    }

    private mutating func resolution() throws(CodecError) -> Resolution {
        let conflict = ConflictID(rawValue: try bytes.word())
        guard let kind = ConflictKind(rawValue: try bytes.text()) else {
            throw .damaged("a conflict is of no kind")
        }
        let settles = try ids()
        let take = try bytes.text()
        return Resolution(
            conflict: conflict, kind: kind, settles: settles, take: take,
            why: try bytes.optionalText())
    }

    private mutating func value() throws(CodecError) -> Value {
        switch try bytes.byte() {
        case OpForm.noValue: .none
        case OpForm.textValue: .text(try bytes.text())
        case OpForm.targetValue: .target(try target())
        case OpForm.checkValue: .check(try check())
        default: throw .damaged("a value is of no kind")
        }
    }

    private mutating func check() throws(CodecError) -> Check {
        let target = try target()
        let verdict = Verdict(rawValue: try bytes.text())
        let remark = try bytes.optionalText()
        var evidence: [Check.Evidence] = []
        for _ in 0..<(try bytes.listCount()) {
            let source = try bytes.optionalText()
            let link = try bytes.optionalText()
            let page = try bytes.optionalText()
            evidence.append(
                Check.Evidence(
                    source: source, link: link, page: page, time: try bytes.optionalText()))
        }
        return Check(verdict: verdict, evidence: evidence, remark: remark, target: target)
    }

    private mutating func target() throws(CodecError) -> Target {
        var ranges: [AnchorRange] = []
        for _ in 0..<(try bytes.listCount()) {
            let start = try id()
            let end = try id()
            let sides = try bytes.byte()
            guard sides < 4 else { throw .damaged("an anchor has no side") }
            ranges.append(
                AnchorRange(
                    start: Anchor(sides & 1 == 0 ? .before : .after, start),
                    end: Anchor(sides & 2 == 0 ? .before : .after, end)))
        }
        let exact = try bytes.text()
        let prefix = try bytes.text()
        let quote = Quote(exact: exact, prefix: prefix, suffix: try bytes.text())
        return Target(ranges: ranges, quote: quote, version: try ids())
    }
}
