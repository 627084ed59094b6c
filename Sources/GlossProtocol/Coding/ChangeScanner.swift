import GlossCore

/// Reads a change straight from its bytes, without values in between.
///
/// It knows the one spelling of all that this version understands. Whatever it does not expect, an
/// unknown field as much as a mistake, is left to ``ChangeReader``: so it has no errors of its own,
/// and must never take what the reader would not.
struct ChangeScanner: ~Copyable {
    /// The author of the change, whose ids are written as bare numbers.
    let agent: AgentID
    var cursor: CanonicalCursor

    /// The change that `bytes` spell, if the scanner can tell.
    static func change(in bytes: [UInt8]) -> Change? {
        var cursor = CanonicalCursor(bytes)
        guard cursor.accepts("{\"a\":\""), let agent = try? cursor.hex() else { return nil }
        var scanner = ChangeScanner(agent: AgentID(rawValue: agent), cursor: cursor)
        return try? scanner.change()
    }

    @inline(__always)
    private mutating func change() throws(Unexpected) -> Change {
        try cursor.expect("\"")
        let dependencies = cursor.accepts(",\"d\":[") ? try self.dependencies() : []
        let message = cursor.accepts(",\"m\":") ? try cursor.string(limit: WireLimits.text) : nil
        try cursor.expect(",\"o\":[")
        var ops = [try op()]
        while try cursor.listGoesOn() { ops.append(try op()) }
        try cursor.expect(",\"s\":")
        let seq = try cursor.integer(in: 0...OpID.limit - 1)
        try cursor.expect(",\"w\":")
        let time = try cursor.integer(in: 0...WireLimits.integer)
        try cursor.expect("}")
        let end = ops.reduce(seq) { $0 + $1.width }
        if !cursor.isAtEnd || ops.count > WireLimits.operations || end > OpID.limit {
            throw Unexpected()
        }
        return Change(
            agent: agent, seq: seq, dependencies: dependencies, time: time, message: message,
            ops: ops)
    }

    private mutating func dependencies() throws(Unexpected) -> [OpID] {
        var ids: [OpID] = []
        repeat {
            let id = try foreignID()
            if id.agent == agent { throw Unexpected() }
            try append(id, to: &ids)
        } while try cursor.listGoesOn()
        if ids.count > WireLimits.dependencies { throw Unexpected() }
        return ids
    }

    @inline(__always)
    private mutating func op() throws(Unexpected) -> Op {
        try cursor.expect("{\"")
        let op: Op
        switch cursor.peek() {
        case UInt8(ascii: "a"):
            try cursor.expect("ac\":")
            let accepts = try foreignID()
            try cursor.expect(",\"")
            op = try textOp(accepts: accepts)
        case UInt8(ascii: "k"): op = try textOp(accepts: nil)
        default: op = cursor.accepts("fr\":[") ? try movedText(accepts: nil) : try annotationOp()
        }
        try cursor.expect("}")
        return op
    }

    @inline(__always)
    private mutating func textOp(accepts: OpID?) throws(Unexpected) -> Op {
        if accepts != nil, cursor.accepts("fr\":[") { return try movedText(accepts: accepts) }
        try cursor.expect("k\":\"")
        if cursor.accepts("ins\"") { return .insert(try insertion(accepts: accepts)) }
        if cursor.accepts("del\",\"x\":[") {
            return .delete(Deletion(spans: try spans(), accepts: accepts))
        }
        try cursor.expect("vis\",\"x\":[")
        if accepts != nil { throw Unexpected() }
        return .visibility(Visibility(marks: try marks()))
    }

    /// Text behind the spans it was moved from.
    private mutating func movedText(accepts: OpID?) throws(Unexpected) -> Op {
        let from = try spans()
        try cursor.expect(",\"k\":\"ins\"")
        var insertion = try insertion(accepts: accepts)
        insertion.from = from
        return .insert(insertion)
    }

    @inline(__always)
    private mutating func insertion(accepts: OpID?) throws(Unexpected) -> Insertion {
        let left = cursor.accepts(",\"l\":") ? try id() : nil
        let right = cursor.accepts(",\"r\":") ? try id() : nil
        let replaces = cursor.accepts(",\"rp\":[") ? try spans() : []
        try cursor.expect(",\"t\":")
        if replaces.isEmpty, accepts == nil, let scalar = try cursor.onlyScalar() {
            return Insertion(left: left, right: right, scalar: scalar)
        }
        let text = try cursor.scalars()
        if text.isEmpty { throw Unexpected() }
        return Insertion(
            left: left, right: right, text: text, replaces: replaces, accepts: accepts)
    }

    private mutating func marks() throws(Unexpected) -> [Visibility.Mark] {
        var marks: [Visibility.Mark] = []
        repeat {
            let span = try openSpan()
            try cursor.expect(",")
            let count = try cursor.integer(in: 1...OpID.limit - 1)
            try cursor.expect("]")
            marks.append(Visibility.Mark(span: span, count: count))
        } while try cursor.listGoesOn()
        if marks.count > WireLimits.ids { throw Unexpected() }
        return marks
    }

    /// `[id, n], …]`
    private mutating func spans() throws(Unexpected) -> [OpSpan] {
        var spans: [OpSpan] = []
        repeat {
            spans.append(try openSpan())
            try cursor.expect("]")
        } while try cursor.listGoesOn()
        if spans.count > WireLimits.ids { throw Unexpected() }
        return spans
    }

    /// `[id, n`
    private mutating func openSpan() throws(Unexpected) -> OpSpan {
        try cursor.expect("[")
        let start = try id()
        try cursor.expect(",")
        let count = try cursor.integer(in: 1...OpID.limit)
        if start.seq + count > OpID.limit { throw Unexpected() }
        return OpSpan(start: start, count: count)
    }
}

extension ChangeScanner {
    /// An id of the change's own document: a number for its own agent, else the full spelling.
    mutating func id() throws(Unexpected) -> OpID {
        if cursor.peek() != UInt8(ascii: "\"") {
            return OpID(agent: agent, seq: try cursor.integer(in: 0...OpID.limit - 1))
        }
        let id = try foreignID()
        if id.agent == agent { throw Unexpected() }
        return id
    }

    /// An id that is spelled out.
    mutating func foreignID() throws(Unexpected) -> OpID {
        try cursor.expect("\"")
        let agent = AgentID(rawValue: try cursor.hex())
        try cursor.expect(":")
        let seq = try cursor.integer(in: 0...OpID.limit - 1)
        try cursor.expect("\"")
        return OpID(agent: agent, seq: seq)
    }

    /// Adds to a list that must be ascending.
    func append(_ id: OpID, to ids: inout [OpID]) throws(Unexpected) {
        if let last = ids.last, last >= id { throw Unexpected() }
        ids.append(id)
    }
}
