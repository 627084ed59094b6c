/// Writes the operations that are neither insertions nor deletions, and ids of any agent.
///
/// An id is the place of its agent in the list of agents and its number, both LEB128. The list holds
/// the agents of the document first and then those that only occur in operations, such as authors
/// of an article's text in its annotations.
struct OpWriter: ~Copyable {
    private(set) var bytes = ByteWriter()
    /// The agents that are none of the document's.
    private(set) var strangers: [AgentID] = []
    private var indices: [AgentID: Int] = [:]
    /// The agent that was written last, and its place.
    private var last: (agent: AgentID, index: Int)?

    /// A writer to which every agent is a stranger.
    init() {}

    /// A writer for a document of the given agents.
    init(_ agents: borrowing AgentTable) {
        for index in 0..<agents.agentCount { indices[agents.id(of: index)] = index }
    }

    /// A writer of its own with the same bytes and agents. O(n).
    borrowing func copy() -> OpWriter {
        var copy = OpWriter()
        copy.bytes.append(contentsOf: bytes)
        copy.strangers = strangers
        copy.indices = indices
        return copy
    }

    /// Gives the room back that no byte takes.
    mutating func shrink() { bytes.shrink() }

    /// Moves what was written to the end of some bytes.
    mutating func move(to target: inout Slab<UInt8>) {
        bytes.bytes.withSpan(of: 0..<bytes.count) { target.append(contentsOf: $0) }
        bytes.removeAll()
    }

    mutating func append(count: Int) { bytes.append(count: count) }

    mutating func append(_ id: OpID) {
        bytes.append(count: index(of: id.agent))
        bytes.append(varint: UInt64(bitPattern: Int64(id.seq)))
    }

    private mutating func index(of agent: AgentID) -> Int {
        if let last, last.agent == agent { return last.index }
        let index = indices[agent] ?? indices.count
        if index == indices.count {
            indices[agent] = index
            strangers.append(agent)
        }
        last = (agent, index)
        return index
    }

    mutating func append(_ id: OpID?) {
        bytes.append(byte: id == nil ? 0 : 1)
        if let id { append(id) }
    }

    mutating func append(_ ids: [OpID]) {
        bytes.append(count: ids.count)
        for id in ids { append(id) }
    }

    mutating func append(_ span: OpSpan) {
        append(span.start)
        bytes.append(count: span.count)
    }

    mutating func append(_ spans: [OpSpan]) {
        bytes.append(count: spans.count)
        for span in spans { append(span) }
    }

    /// Writes an operation: its kind as a byte, then its fields in the order of their declaration.
    mutating func append(_ op: Op) {
        switch op {
        case .insert, .delete: preconditionFailure("text is written in columns")
        case .unknown: bytes.append(byte: OpForm.unknown)
        case .visibility(let visibility): append(visibility)
        case .write(let write): append(write)
        case .annotate(let annotation): append(annotation)
        case .reply(let reply):
            bytes.append(byte: OpForm.reply)
            append(reply.annotation)
            bytes.append(reply.body)
        case .addTag(let addition):
            bytes.append(byte: OpForm.addTag)
            append(addition.annotation)
            bytes.append(addition.tag)
        case .removeTag(let removal):
            bytes.append(byte: OpForm.removeTag)
            append(removal.annotation)
            bytes.append(removal.tag)
            append(removal.additions)
        case .resolve(let resolution): append(resolution)
        }
    }

    private mutating func append(_ visibility: Visibility) {
        bytes.append(byte: OpForm.visibility)
        bytes.append(count: visibility.marks.count)
        for mark in visibility.marks {
            append(mark.span)
            bytes.append(count: mark.count)
        }
    }

    private mutating func append(_ write: Write) {
        bytes.append(byte: OpForm.write)
        append(write.entity)
        bytes.append(write.field.rawValue)
        append(write.value)
        append(write.replaces)
        bytes.append(write.why)
    }

    private mutating func append(_ annotation: NewAnnotation) {
        bytes.append(byte: OpForm.annotate)
        bytes.append(annotation.kind.rawValue)
        append(annotation.target)
        bytes.append(annotation.body)
        bytes.append(annotation.proposal)
        bytes.append(count: annotation.tags.count)
        for tag in annotation.tags { bytes.append(tag) }
    }

    private mutating func append(_ resolution: Resolution) {
        bytes.append(byte: OpForm.resolve)
        bytes.append(word: resolution.conflict.rawValue)
        bytes.append(resolution.kind.rawValue)
        append(resolution.settles)
        bytes.append(resolution.take)
        bytes.append(resolution.why)
    }

    private mutating func append(_ value: Value) {
        switch value {
        case .none: bytes.append(byte: OpForm.noValue)
        case .text(let text):
            bytes.append(byte: OpForm.textValue)
            bytes.append(text)
        case .target(let target):
            bytes.append(byte: OpForm.targetValue)
            append(target)
        case .check(let check):
            bytes.append(byte: OpForm.checkValue)
            append(check)
        }
    }

    private mutating func append(_ check: Check) {
        append(check.target)
        bytes.append(check.verdict.rawValue)
        bytes.append(check.remark)
        bytes.append(count: check.evidence.count)
        for entry in check.evidence {
            bytes.append(entry.source)
            bytes.append(entry.link)
            bytes.append(entry.page)
            bytes.append(entry.time)
        }
    }

    private mutating func append(_ target: Target) {
        bytes.append(count: target.ranges.count)
        for range in target.ranges {
            append(range.start.id)
            append(range.end.id)
            bytes.append(byte: UInt8(range.start.side.rawValue | range.end.side.rawValue << 1))
        }
        bytes.append(target.quote.exact)
        bytes.append(target.quote.prefix)
        bytes.append(target.quote.suffix)
        append(target.version)
    }
}

/// The bytes that tell kinds of operations and of values apart.
enum OpForm {
    static let unknown: UInt8 = 0
    static let visibility: UInt8 = 1
    static let write: UInt8 = 2
    static let annotate: UInt8 = 3
    static let reply: UInt8 = 4
    static let addTag: UInt8 = 5
    static let removeTag: UInt8 = 6
    static let resolve: UInt8 = 7
    /// Those that make something that can be written to.
    static let makers = [annotate, reply, resolve]

    static let noValue: UInt8 = 0
    static let textValue: UInt8 = 1
    static let targetValue: UInt8 = 2
    static let checkValue: UInt8 = 3
}
