/// One article or annotation set: its log, and the text or annotations that follow from it.
///
/// The engine. It is owned in one place and changed there; ``Replica`` is the same thing as a value
/// that can be copied and shared.
///
/// ```swift
/// var article = Document(id: id)
/// try article.replace(0..<0, with: Array("Walls".unicodeScalars), by: mira)
/// for change in try article.changes(since: jo.versionVector) { try jo.integrate(change) }
/// ```
public struct Document: ~Copyable, Sendable {
    /// Which document.
    public let id: DocumentID

    // The log.
    var agents = AgentTable()
    var graph = CausalGraph()
    var changes = ChangeTable()
    var ops = OpRuns()

    // What follows from it.
    var tree: SpanTree
    /// The visible text, once somebody edits it here.
    var buffer = TextBuffer()
    var keepsText = false
    /// What hides each character, once anything is undone or accepted twice.
    var table = VisibilityTable()
    /// Counts set by undoing and redoing, in the order they came.
    var countChanges: [CountChange] = []
    /// For each accepted suggestion the changes that accept it, by their tagged operations.
    var acceptances: [OpID: [Acceptance]] = [:]
    var store = EntityStore()
    /// What stands in for the log below ``OpRuns/base``.
    var absent = AbsentLog()

    /// What is being typed.
    var burst = Burst()
    /// What a change being taken in follows; kept so that taking one in allocates nothing.
    var parents = Slab<UInt32>()
    /// What an operation being taken in deletes; kept for the same reason.
    var targets = Slab<DeletionTarget>()

    /// An empty document.
    public init(id: DocumentID) {
        self.init(id: id, tree: SpanTree())
    }

    init(id: DocumentID, tree: consuming SpanTree) {
        self.id = id
        self.tree = tree
    }

    /// A document of its own with the same content. O(n), by copying memory.
    public borrowing func copy() -> Document {
        var copy = Document(id: id, tree: tree.copy())
        copy.agents = agents.copy()
        copy.graph = graph.copy()
        copy.changes = changes.copy()
        copy.ops = ops.copy()
        copy.buffer = buffer.copy()
        copy.keepsText = keepsText
        copy.table = table.copy()
        copy.countChanges = countChanges
        copy.acceptances = acceptances
        copy.store = store
        copy.burst = burst
        copy.absent = absent.copy()
        return copy
    }

    /// What kind of document it is.
    public var kind: DocumentKind { id.kind }

    /// How many changes it holds.
    public var changeCount: Int { changes.count + burst.count }

    /// How many operations it holds.
    public var operationCount: Int { graph.count + burst.count }

    /// What it has, for telling others.
    public var versionVector: VersionVector {
        var vector = VersionVector(
            (0..<agents.agentCount).map { (agents.id(of: $0), agents.nextSeq(of: $0)) })
        if burst.count > 0 { vector[burst.agent] += burst.count }
        return vector
    }

    /// The operations nobody has followed yet, ascending.
    public var frontier: [OpID] {
        if burst.count > 0 {
            return [OpID(agent: burst.agent, seq: versionVector[burst.agent] - 1)]
        }
        return graph.frontier.map { identity(of: $0) }.sorted()
    }

    /// How many bytes its text and log have taken from the system.
    public var byteCount: Int {
        agents.byteCount + graph.byteCount + changes.byteCount + ops.byteCount + tree.byteCount
            + buffer.byteCount + table.byteCount + parents.byteCount + targets.byteCount
    }

    /// Gives back the memory that is kept for growing and for finding characters by id. O(n), and the
    /// next change from elsewhere may cost as much again.
    public mutating func shrink() {
        settle()
        agents.shrink()
        graph.shrink()
        changes.shrink()
        ops.shrink()
        tree.shrink()
        table.shrink()
        parents = Slab()
        targets = Slab()
    }

    // MARK: Ids and local versions

    /// The number that the next operation of an agent will have. O(1).
    func nextSeq(of agent: AgentID) -> Int {
        agents.index(of: agent).map { agents.nextSeq(of: $0) } ?? 0
    }

    /// The id of the operation at a local version. O(log r) in runs.
    func identity(of version: LocalVersion) -> OpID {
        let (agent, seq) = agents.identity(of: version)
        return OpID(agent: agents.id(of: agent), seq: seq)
    }

    /// The local version of an operation, or `nil` if it is not known. O(log r) in runs.
    @inline(__always)
    func version(of id: OpID) -> LocalVersion? {
        agents.index(of: id.agent).flatMap { agents.version(of: $0, seq: id.seq) }
    }

    /// The local versions of known operations, as ranges; `nil` if any of them is not known.
    func versions(of span: OpSpan) -> [Range<LocalVersion>]? {
        guard let agent = agents.index(of: span.start.agent), span.count > 0,
            span.start.seq >= 0, span.count <= agents.nextSeq(of: agent) - span.start.seq
        else { return nil }
        var parts: [Range<LocalVersion>] = []
        var seq = span.start.seq
        while seq < span.endSeq {
            guard let start = agents.version(of: agent, seq: seq) else { return nil }
            let run = agents.run(at: agents.runIndex(of: start)).versions
            let end = min(run.upperBound, start + span.endSeq - seq)
            if let last = parts.last, last.upperBound == start {
                parts[parts.count - 1] = last.lowerBound..<end
            } else {
                parts.append(start..<end)
            }
            seq += end - start
        }
        return parts
    }

    /// The ids at the given local versions, as spans of one agent each, in that order.
    func spans(of range: Range<LocalVersion>) -> [OpSpan] {
        var spans: [OpSpan] = []
        appendSpans(of: range, to: &spans)
        return spans
    }

    /// Adds the ids at the given local versions, without joining them to what is there.
    func appendSpans(of range: Range<LocalVersion>, to spans: inout [OpSpan]) {
        guard !range.isEmpty else { return }
        let first = spans.count
        var index = agents.runIndex(of: range.lowerBound)
        var version = range.lowerBound
        while version < range.upperBound {
            let run = agents.run(at: index)
            let end = min(run.versions.upperBound, range.upperBound)
            let start = OpID(
                agent: agents.id(of: run.agent), seq: run.seq + version - run.versions.lowerBound)
            if spans.count > first, let last = spans.last, last.start.agent == start.agent,
                last.endSeq == start.seq
            {
                spans[spans.count - 1] = OpSpan(
                    start: last.start, count: last.count + end - version)
            } else {
                spans.append(OpSpan(start: start, count: end - version))
            }
            version = end
            index += 1
        }
    }

    /// Compares operations by Lamport time, then agent, then number: the order of all ties.
    func precedes(_ first: OpID, _ second: OpID) -> Bool {
        guard let left = version(of: first), let right = version(of: second) else {
            return first < second
        }
        let times = (graph.lamport(of: left), graph.lamport(of: right))
        return times.0 == times.1 ? first < second : times.0 < times.1
    }
}
