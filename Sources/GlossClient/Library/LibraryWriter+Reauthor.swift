import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

extension LibraryWriter {
    /// Goes on in a document after the server refused a change of it: the device's agent there
    /// retires, and what it made later and can stand alone is made again under a fresh one.
    ///
    /// Notes on text that has other names now follow it; notes on refused text find their words
    /// again or are refused with it. What others made on it, and the server has lost, is left out.
    ///
    /// - Parameter droppable: what may drop out of text.
    func reauthor(
        _ document: DocumentID, droppable: Droppable, environment: ClientEnvironment
    ) throws -> ReauthorCounts {
        guard let record = try replica(document) else { return ReauthorCounts() }
        let stuck = try stuck(in: document) { change, _ in change.isRefused }
        guard !stuck.firstSeqs.isEmpty else { return ReauthorCounts() }
        var renaming = Renaming(stuck.firstSeqs)
        var counts = ReauthorCounts(leftOut: stuck.leftOut.count)
        if !stuck.changes.isEmpty || stuck.firstSeqs[record.agent] != nil {
            counts += try remake(
                stuck.changes, of: document, besides: changes(of: document).filter(\.isRefused),
                renaming: &renaming, droppable: droppable, environment: environment
            ) { $0 }
        }
        if document.kind == .article {
            // Notes may stand on what was refused of an agent that had retired before, by an undo.
            for set in try sets(of: document) {
                counts += try retarget(set, after: renaming, environment: environment)
            }
            try indexArticle(loadReplica(document))
        }
        return counts
    }

    /// Goes on in a document under a fresh agent because the old one writes elsewhere too: this file
    /// is a copy, or was restored. What the server does not have is made again.
    ///
    /// - Returns: how many changes do not get through that way.
    @discardableResult
    func retireAgent(
        in document: DocumentID, environment: ClientEnvironment
    ) throws -> ReauthorCounts {
        guard let record = try replica(document) else { return ReauthorCounts() }
        let next = try nextSeq(of: record.agent, in: document)
        let stuck = try stuck(in: document, from: [record.agent: next]) { change, _ in
            change.isWaiting
        }
        var renaming = Renaming(stuck.firstSeqs)
        var counts = ReauthorCounts(leftOut: stuck.leftOut.count)
        counts += try remake(
            stuck.changes, of: document, besides: stuck.leftOut, renaming: &renaming,
            droppable: .deletions, environment: environment
        ) { $0 }
        if document.kind == .article {
            for set in try sets(of: document) {
                counts += try retarget(set, after: renaming, environment: environment)
            }
        }
        return counts
    }

    /// Puts a change that no server has behind all others of its document: what it builds on may have come
    /// after it, or with other causes.
    ///
    /// - Returns: its place.
    func putLast(_ stored: StoredChange) throws -> Int {
        let index = try moveToEnd(stored.document, stored.index)
        let encoded = try EncodedChange(bytes: stored.bytes)
        let hash = try self.hash(of: encoded, in: stored.document)
        try replace(at: index, with: LocalChange(encoded, hash: hash.digest.bytes, for: stored))
        return index
    }

    /// Makes what waits in a set again where it stands on text that is refused, or is not here under that
    /// name any more.
    func retarget(
        _ set: DocumentID, environment: ClientEnvironment
    ) throws -> ReauthorCounts {
        let article = try article(of: set)
        var firstSeqs: [AgentID: Int] = [:]
        for stored in try unacknowledged(in: set) {
            for id in try ChangeCodec.decode(stored.bytes).seenText
            where try isGone(id, in: article) {
                firstSeqs[id.agent] = min(firstSeqs[id.agent] ?? .max, id.seq)
            }
        }
        if firstSeqs.isEmpty { return ReauthorCounts() }
        return try retarget(set, after: Renaming(firstSeqs), environment: environment)
    }

    /// Makes the unsent annotations of an article again that stand on renamed or refused text, and
    /// what follows them.
    private func retarget(
        _ document: DocumentID, after renaming: Renaming, environment: ClientEnvironment
    ) throws -> ReauthorCounts {
        let stuck = try stuck(in: document) { stored, change in
            stored.isWaiting && change.targets.contains { $0.mentions(renaming) }
        }
        guard !stuck.changes.isEmpty else { return ReauthorCounts() }
        let articleID = try article(of: document)
        // As it was when each note was made: a note that stood on what came later could only be
        // pushed behind it, and that only behind the note.
        var article = try ArticleInTime(
            articleID, changes(of: articleID), outbox: unacknowledged())
        var own = Renaming(stuck.firstSeqs)
        var counts = try remake(
            stuck.changes, of: document, besides: stuck.leftOut, renaming: &own,
            droppable: .deletions, environment: environment, before: { try article.advance(to: $0) }
        ) { target in
            target.mentions(renaming) ? article.replica.retargeted(target, renaming) : target
        }
        counts.leftOut += stuck.leftOut.count
        return counts
    }

    /// What waits in a document and cannot be sent as it is. What this device made on top of that and
    /// the server has lost waits with it from now on; what others made on it is left out.
    private func stuck(
        in document: DocumentID, from firstSeqs: [AgentID: Int] = [:],
        _ isFirst: (StoredChange, Change) throws -> Bool
    ) throws -> Stuck {
        let stuck = try Stuck(in: changes(of: document), from: firstSeqs, isFirst)
        for change in stuck.changes where !change.isWaiting {
            try returnToOutbox(document, change.index)
        }
        for change in stuck.leftOut {
            try markRefused(
                document, change.index, code: ErrorCode.missingDependency.rawValue,
                message: "it builds on a change that the server does not have")
        }
        return stuck
    }

    /// Has what was accepted here name the suggestions of a set as they are named now: what no server
    /// can have, and what was refused and nobody knows as it is.
    ///
    /// What was offered, or is as it was acknowledged, keeps the old name. A server may have it: nothing
    /// else is ever sent under its numbers, and under others its words would stand there twice. Its
    /// suggestion is open, then; who accepts it again is told that the text reads so already, and it is
    /// done. One that has the old name by now counts as accepted.
    func carryAcceptances(of set: DocumentID, to renaming: Renaming) throws {
        let article = try article(of: set)
        try carryRefusedAcceptances(of: article, to: renaming)
        var waiting = try waiting(in: article)[...]
        var changes: [Change] = []
        for stored in waiting { changes.append(try ChangeCodec.decode(stored.bytes)) }
        guard
            let first = changes.firstIndex(where: { change in
                change.ops.contains { $0 != $0.accepting(renaming) }
            })
        else { return }
        waiting = waiting[first...]
        guard waiting.allSatisfy({ $0.state == .unsent }) else { return }
        // All behind it, too: the hash of a change is made of those in front of it.
        for (stored, change) in zip(waiting, changes[first...]) {
            var change = change
            change.ops = change.ops.map { $0.accepting(renaming) }
            try replace(stored, by: change)
        }
    }

    private func carryRefusedAcceptances(
        of article: DocumentID, to renaming: Renaming
    ) throws {
        for stored in try changes(of: article) where stored.isRefused {
            var change = try ChangeCodec.decode(stored.bytes)
            let ops = change.ops.map { $0.accepting(renaming) }
            guard try ops != change.ops && !isAsAcknowledged(stored) else { continue }
            change.ops = ops
            try replace(
                at: stored.index,
                with: LocalChange(EncodedChange(change), hash: stored.hash, for: stored))
        }
    }

    private func replace(_ stored: StoredChange, by change: Change) throws {
        let encoded = try EncodedChange(change)
        let hash = try self.hash(of: encoded, in: stored.document)
        try removeNames(of: ChangeCodec.decode(stored.bytes), in: stored.document)
        try replace(
            at: stored.index, with: LocalChange(encoded, hash: hash.digest.bytes, for: stored))
        try indexNames(of: change, in: stored.document)
    }

    private func remake(
        _ later: [StoredChange], of document: DocumentID, besides refused: [StoredChange],
        renaming: inout Renaming, droppable: Droppable, environment: ClientEnvironment,
        before: (StoredChange) throws -> Void = { _ in }, retarget: (Target) -> Target?
    ) throws -> ReauthorCounts {
        guard var record = try replica(document) else { return ReauthorCounts() }
        let again = Set(later.map(\.index))
        let lost = again.union(refused.map(\.index))
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
        var present = DocumentInTime(document, places: all.map(\.index))
        let agent = AgentID(rawValue: environment.random())
        let kept = renaming.kept
        var known: Set<AgentID> = []
        var seen: [OpID] = []
        // Where what was seen stands, as far as that was asked for.
        var places: [OpID: Int] = [:]
        func isInFront(_ id: OpID, of stored: StoredChange) throws -> Bool {
            let place = try places[id] ?? self.change(of: document, holding: id)?.index ?? 0
            places[id] = place
            return place < stored.index
        }
        // The ends of what is refused, by their old names.
        var gone: [OpID] = []
        var counts = ReauthorCounts()
        for stored in (later + refused).sorted(by: { $0.index < $1.index }) {
            let change = try ChangeCodec.decode(stored.bytes)
            seen += change.dependencies
            // Who knew of what has no name any more knew what its agent did before that and keeps.
            for id in change.dependencies + [change.id]
            where renaming.covers(id) && known.insert(id.agent).inserted {
                seen += kept.filter { $0.agent == id.agent }
            }
            guard again.contains(stored.index) else {
                gone.append(change.lastID)
                continue
            }
            try before(stored)
            let remade = try base.reauthor(
                // What came back has another place than when it was seen.
                change, from: former, seen: seen.filter { try isInFront($0, of: stored) },
                by: Author(agent: agent, time: change.time), renaming: &renaming,
                droppable: droppable, retarget: retarget)
            guard let remade else {
                try refuse(
                    stored, from: former, gone: gone, present: &present,
                    renaming: &renaming, environment: environment)
                counts.refused += 1
                gone.append(change.lastID)
                continue
            }
            try replace(stored, by: remade)
        }
        record.agent = agent
        try updateReplica(record)
        if document.kind != .article { try carryAcceptances(of: document, to: renaming) }
        return counts
    }

    /// Refuses a change that cannot be made again, and has it name what it builds on as that is named now:
    /// else there were no sending it once more.
    private func refuse(
        _ stored: StoredChange, from former: Replica, gone: [OpID], present: inout DocumentInTime,
        renaming: inout Renaming, environment: ClientEnvironment
    ) throws {
        try markRefused(
            stored.document, stored.index, code: ErrorCode.missingDependency.rawValue,
            message: "it builds on a change that the server does not have")
        let change = try ChangeCodec.decode(stored.bytes)
        guard change.causes.contains(where: renaming.hasMoved) else { return }
        try present.advance(to: stored.index, in: self)
        let agent = AgentID(rawValue: environment.random())
        guard
            let kept = present.replica.detached(
                change, from: former, gone: gone, as: agent, renaming: &renaming),
            case .applied? = try? present.replica.integrate(kept)
        else { return }
        try removeNames(of: change, in: stored.document)
        try replace(
            at: stored.index,
            with: LocalChange(EncodedChange(kept), hash: stored.hash, for: stored))
        try indexNames(of: kept, in: stored.document)
    }
}

extension Op {
    /// The operation with the suggestion it accepts under its new name.
    fileprivate func accepting(_ renaming: Renaming) -> Op {
        guard let accepted = acceptedSuggestion, let name = renaming(accepted) else { return self }
        switch self {
        case .insert(var insertion):
            insertion.accepts = name
            return .insert(insertion)
        case .delete(var deletion):
            deletion.accepts = name
            return .delete(deletion)
        default: return self
        }
    }
}

extension LibraryReader {
    /// What was made here in a document and is neither acknowledged nor refused, in local order.
    func waiting(in document: DocumentID) throws(StoreError) -> [StoredChange] {
        try changes(of: document).filter(\.isWaiting)
    }

    /// Whether no server has, or will have, an operation under its name, as far as this library knows: it is
    /// refused, or left out, or has been made again.
    func isGone(_ id: OpID, in document: DocumentID) throws(StoreError) -> Bool {
        try change(of: document, holding: id)?.isRefused ?? true
    }

    /// The agents that this device writes with in a document, and those under which it has unsent
    /// work there from before it got a fresh one.
    func writingAgents(in document: DocumentID) throws(StoreError) -> Set<AgentID> {
        var agents = Set(try unacknowledged(in: document).map(\.agent))
        if let record = try replica(document) { agents.insert(record.agent) }
        return agents
    }
}

extension StoredChange {
    /// Whether it is in the outbox: made here, neither acknowledged nor refused.
    var isWaiting: Bool { state == .unsent || state == .offered }

    var isRefused: Bool { if case .refused = state { true } else { false } }
}

extension LocalChange {
    /// What stands in the place of a change from now on.
    ///
    /// - Parameter hash: its hash; that of the former one where that is refused or recalled: nobody is sent
    ///   those, and as it does not fit the bytes any more, what is sent again is made anew.
    init(_ encoded: EncodedChange, hash: [UInt8], for stored: StoredChange) {
        let change = encoded.change
        self.init(
            document: stored.document, agent: change.agent, seq: change.seq, count: change.count,
            bytes: encoded.bytes, hash: hash, entry: stored.entry)
    }
}

extension Change {
    /// The places in an article that the change names.
    fileprivate var targets: [Target] { ops.compactMap(\.place) }

    /// The versions of the text on which its places were named.
    var seenText: [OpID] { targets.flatMap(\.version) }
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
        moved.ranges = target.ranges.compactMap { $0.renamed(renaming) }
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
