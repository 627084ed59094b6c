import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

extension LibraryWriter {
    /// Goes on in a document after the server refused changes of it: the device's agent there
    /// retires, and what was made later and can stand alone is made again under a fresh one.
    ///
    /// Notes on text that has other names now follow it; notes on refused text find their words
    /// again or are refused with it.
    ///
    /// - Parameter refused: the changes; they are marked already.
    /// - Returns: how many more changes are refused because nothing of them can stand alone.
    func reauthor(
        _ document: DocumentID, after refused: [StoredChange], environment: ClientEnvironment
    ) throws -> Int {
        let refused = try refused.compactMap { try change(of: document, at: $0.index) }
        guard !refused.isEmpty else { return 0 }
        let later = try dependents(of: refused, among: waiting(in: document))
        var renaming = Renaming(of: later + refused)
        var count = try remake(
            later, of: document, besides: refused, renaming: &renaming, environment: environment
        ) { $0 }
        if document.kind == .article {
            count += try retarget(document.annotations, after: renaming, environment: environment)
        }
        return count
    }

    /// Goes on in a document under a fresh agent because the old one writes elsewhere too: this file
    /// is a copy, or was restored. What the server does not have is made again.
    func retireAgent(in document: DocumentID, environment: ClientEnvironment) throws {
        guard let record = try replica(document) else { return }
        let unsent = try waiting(in: document)
        var renaming = Renaming(of: unsent)
        if renaming.firstSeq(of: record.agent) == nil {
            renaming.retire(record.agent, from: try nextSeq(of: record.agent, in: document))
        }
        _ = try remake(
            unsent, of: document, besides: [], renaming: &renaming, environment: environment
        ) { $0 }
        if document.kind == .article {
            _ = try retarget(document.annotations, after: renaming, environment: environment)
        }
    }

    /// Makes the unsent annotations of an article again that stand on renamed or refused text, and
    /// what was made after them.
    private func retarget(
        _ document: DocumentID, after renaming: Renaming, environment: ClientEnvironment
    ) throws -> Int {
        let unsent = try waiting(in: document)
        let touched = try unsent.filter { change in
            try ChangeCodec.decode(change.bytes).targets.contains { $0.mentions(renaming) }
        }
        guard !touched.isEmpty else { return 0 }
        let later = try dependents(of: touched, among: unsent)
        let article = try loadReplica(document.article)
        var own = Renaming(of: later)
        return try remake(
            later, of: document, besides: [], renaming: &own, environment: environment
        ) { target in
            target.mentions(renaming) ? article.retargeted(target, renaming) : target
        }
    }

    /// Of some waiting changes of one document, in local order, those that follow others or are among
    /// them.
    private func dependents(
        of causes: [StoredChange], among waiting: [StoredChange]
    ) throws -> [StoredChange] {
        var first: [AgentID: Int] = [:]
        for cause in causes { first[cause.agent] = min(first[cause.agent] ?? .max, cause.seq) }
        return try waiting.filter { change in
            let dependencies = try ChangeCodec.decode(change.bytes).dependencies
            let follows =
                first[change.agent].map { change.seq >= $0 } ?? false
                || dependencies.contains { id in first[id.agent].map { id.seq >= $0 } ?? false }
            if follows { first[change.agent] = min(first[change.agent] ?? .max, change.seq) }
            return follows
        }
    }

    private func remake(
        _ later: [StoredChange], of document: DocumentID, besides refused: [StoredChange],
        renaming: inout Renaming, environment: ClientEnvironment,
        retarget: (Target) -> Target?
    ) throws -> Int {
        guard var record = try replica(document) else { return 0 }
        let lost = Set((later + refused).map(\.index))
        let all = try changes(of: document)
        var base = Replica(id: document)
        var former = Replica(id: document)
        for stored in all {
            let change = try ChangeCodec.decode(stored.bytes)
            if !lost.contains(stored.index) {
                if case .refused = stored.state { continue }
                try base.integrate(change)
            }
            try former.integrate(change)
        }
        let agent = AgentID(rawValue: environment.random())
        var seen: [OpID] = []
        var begun: Set<AgentID> = []
        var count = 0
        for stored in (later + refused).sorted(by: { $0.index < $1.index }) {
            let change = try ChangeCodec.decode(stored.bytes)
            if begun.insert(stored.agent).inserted,
                let first = renaming.firstSeq(of: stored.agent), first > 0
            {
                seen.append(OpID(agent: stored.agent, seq: first - 1))
            }
            seen += change.dependencies
            if case .refused = stored.state { continue }
            let remade = try base.reauthor(
                change, from: former, seen: seen,
                by: Author(agent: agent, time: change.time), renaming: &renaming,
                retarget: retarget)
            guard let remade else {
                try markRefused(
                    document, stored.index, code: ErrorCode.missingDependency.rawValue,
                    message: "it builds on a change that the server refused")
                count += 1
                continue
            }
            let encoded = try EncodedChange(remade)
            let hash = try self.hash(of: encoded, in: document)
            try replace(
                at: stored.index,
                with: LocalChange(
                    document: document, agent: agent, seq: remade.seq, count: remade.count,
                    bytes: encoded.bytes, hash: hash.digest.bytes, entry: stored.entry))
            try indexNames(of: remade, in: document)
        }
        record.agent = agent
        try updateReplica(record)
        return count
    }
}

extension LibraryReader {
    /// What was made here in a document and is neither acknowledged nor refused, in local order.
    func waiting(in document: DocumentID) throws(StoreError) -> [StoredChange] {
        try changes(of: document).filter { $0.state == .unsent || $0.state == .offered }
    }

    /// The agents that this device writes with in a document, and those under which it has unsent
    /// work there from before it got a fresh one.
    func writingAgents(in document: DocumentID) throws(StoreError) -> Set<AgentID> {
        var agents = Set(try waiting(in: document).map(\.agent))
        if let record = try replica(document) { agents.insert(record.agent) }
        return agents
    }
}

extension Renaming {
    /// A renaming of some changes, and of what their agents made after the first of them.
    fileprivate init(of changes: [StoredChange]) {
        self.init()
        for change in changes where change.seq < firstSeq(of: change.agent) ?? .max {
            retire(change.agent, from: change.seq)
        }
    }
}

extension Change {
    /// The places in an article that the change names.
    fileprivate var targets: [Target] { ops.compactMap(\.place) }
}

extension Target {
    /// Whether the target names operations that have other names now.
    func mentions(_ renaming: Renaming) -> Bool {
        version.contains { renaming.covers($0) }
            || ranges.contains { renaming.covers($0.start.id) || renaming.covers($0.end.id) }
    }
}

extension Replica {
    /// A target under the new names of its text; where that is refused, on its words if they stand
    /// in the article exactly once.
    func retargeted(_ target: Target, _ renaming: Renaming) -> Target? {
        var moved = target
        moved.ranges = target.ranges.compactMap { range in
            guard let start = renaming(range.start.id), let end = renaming(range.end.id) else {
                return nil
            }
            return AnchorRange(
                start: Anchor(range.start.side, start), end: Anchor(range.end.side, end))
        }
        if moved.ranges.count == target.ranges.count {
            moved.version =
                target.version.contains { renaming.covers($0) }
                ? frontier : target.version
            return moved
        }
        let words = Array(target.quote.exact.unicodeScalars)
        let text = scalars
        guard !words.isEmpty, words.count <= text.count else { return nil }
        let places = (0...text.count - words.count).filter {
            text[$0] == words[0] && Array(text[$0..<$0 + words.count]) == words
        }
        guard places.count == 1, let place = places.first else { return nil }
        return self.target(at: place..<place + words.count)
    }
}
