/// A change while it is being judged and taken in: the log as it is, with the change's own
/// operations behind it.
struct IncomingChange {
    let log: OpLog
    let change: Change
    /// What its first operation follows: a minimal frontier.
    let parents: [LocalVersion]
    /// The local version its first operation will have.
    let base: LocalVersion
    private let lamport: Int
    /// What its author had seen of the log; `nil` for all of it.
    private let seen: VersionSet?

    init(_ change: Change, log: OpLog) throws(ChangeError) {
        self.log = log
        self.change = change
        parents = try log.parents(of: change)
        base = log.graph.count
        seen = parents == log.graph.frontier ? nil : log.graph.history(of: parents)
        lamport = 1 + (parents.map { log.graph.lamportTime(of: $0) }.max() ?? 0)
    }

    /// The local version of an operation of the log or of the change.
    func version(of id: OpID) -> LocalVersion? {
        if id.agent == change.agent, id.seq >= change.seq {
            return id.seq < change.endSeq ? base + id.seq - change.seq : nil
        }
        return log.version(of: id)
    }

    /// The local versions of operations, as ranges; `nil` if any of them is not known.
    func versions(of span: OpSpan) -> [Range<LocalVersion>]? {
        if span.start.agent == change.agent, span.start.seq >= change.seq {
            guard let start = version(of: span.start), span.endSeq <= change.endSeq else {
                return nil
            }
            return [start..<start + span.count]
        }
        let before = change.seq - span.start.seq
        if span.start.agent == change.agent, before < span.count {
            // The span begins in an earlier change of the agent and ends in this one.
            let inside = OpSpan(
                start: OpID(agent: change.agent, seq: change.seq), count: span.count - before)
            guard let known = log.versions(of: OpSpan(start: span.start, count: before)),
                let own = versions(of: inside)
            else { return nil }
            return known + own
        }
        return log.versions(of: span)
    }

    /// The id of an operation of the log or of the change.
    func id(of version: LocalVersion) -> OpID {
        version < base
            ? log.id(of: version) : OpID(agent: change.agent, seq: change.seq + version - base)
    }

    /// Whether the change's author knew an operation while making the one at `version`. O(log n).
    func knows(_ known: LocalVersion, at version: LocalVersion) -> Bool {
        known < base ? seen?.contains(known) ?? true : known < version
    }

    /// Compares operations by Lamport time, then agent, then number.
    func precedes(_ first: OpID, _ second: OpID) -> Bool {
        let times = (lamportTime(of: first), lamportTime(of: second))
        return times.0 == times.1 ? first < second : times.0 < times.1
    }

    private func lamportTime(of id: OpID) -> Int {
        guard let version = version(of: id) else { return 0 }
        return version < base ? log.graph.lamportTime(of: version) : lamport + version - base
    }
}
