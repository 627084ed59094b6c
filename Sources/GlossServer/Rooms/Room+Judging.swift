import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

extension Room {
    /// How many missing operations are named.
    private static let missingLimit = 64

    /// A change taken, or found to be there already.
    struct Taken {
        var position: Int
        /// The row to write; `nil` for a duplicate.
        var row: NewRow?
    }

    /// Judges a change and takes it in on top of what is there.
    ///
    /// - Parameters:
    ///   - role: what the pusher may do in the document's library.
    ///   - isHeld: whether the article holds an operation that a target names.
    /// - Throws: ``Refusal``; the room is then as it was.
    mutating func take(
        _ encoded: EncodedChange, by pusher: Pusher, role: Role, isHeld: (OpID) -> Bool
    ) throws(Refusal) -> Taken {
        let change = encoded.change
        if change.seq < replica.versionVector[change.agent] {
            return Taken(position: try position(ofDuplicate: encoded), row: nil)
        }
        if let owner = owners[change.agent], owner != pusher.owner {
            throw Refusal(
                .agentFork, of: id, change: change, message: "the agent is another device's")
        }
        try checkDependencies(of: change, isHeld: isHeld)
        try checkPermission(for: change, by: pusher, role: role)
        do throws(ChangeError) {
            guard case .applied = try replica.integrate(change) else {
                preconditionFailure("duplicates and missing dependencies are told apart before")
            }
        } catch {
            throw Refusal(error, of: id, change: change)
        }
        guard let hash = hash(of: encoded) else {
            preconditionFailure("a change that was taken in has its causes")
        }
        owners[change.agent] = pusher.owner
        marks.append(Mark(hash: hash, sum: (marks.last?.sum ?? Checksum()).adding(hash)))
        let row = NewRow(
            agent: change.agent, seq: change.seq, count: change.count, bytes: encoded.bytes,
            hash: hash.digest.bytes, user: pusher.user, device: pusher.device,
            deviceLabel: pusher.label, receivedAt: pusher.time)
        return Taken(position: head, row: row)
    }

    /// The position of a change whose number is taken: its own if it is the same change.
    private func position(ofDuplicate encoded: EncodedChange) throws(Refusal) -> Int {
        let change = encoded.change
        if let entry = replica.log.entry(of: change.id), entry.change.id == change.id,
            entry.change.count == change.count
        {
            let index = replica.log.entryIndex(of: entry.start)
            if hash(of: encoded) == marks[index].hash { return index + 1 }
        }
        throw Refusal(
            .agentFork, of: id, change: change,
            message: "the agent has used this number for another change")
    }

    /// The hash of a change whose causes are here; `nil` if one is not.
    private func hash(of encoded: EncodedChange) -> ChangeHash? {
        let change = encoded.change
        var previous: ChangeHash?
        if change.seq > 0 {
            let id = OpID(agent: change.agent, seq: change.seq - 1)
            guard let hash = hash(ofChangeEndingIn: id) else { return nil }
            previous = hash
        }
        var dependencies: [ChangeHash] = []
        for dependency in change.dependencies {
            guard let hash = hash(ofChangeEndingIn: dependency) else { return nil }
            dependencies.append(hash)
        }
        return ChangeHash(of: encoded, previous: previous, dependencies: dependencies)
    }

    private func hash(ofChangeEndingIn id: OpID) -> ChangeHash? {
        guard let entry = replica.log.entry(of: id), entry.change.lastID == id else { return nil }
        return marks[replica.log.entryIndex(of: entry.start)].hash
    }

    private func checkDependencies(
        of change: Change, isHeld: (OpID) -> Bool
    ) throws(Refusal) {
        let vector = replica.versionVector
        var missing: [OpID] = []
        if change.seq > vector[change.agent] {
            missing.append(OpID(agent: change.agent, seq: change.seq - 1))
        }
        missing += change.dependencies.filter { !vector.contains($0) }
        for op in change.ops where missing.count < Self.missingLimit {
            for id in op.place?.version ?? [] where !isHeld(id) && !missing.contains(id) {
                missing.append(id)
            }
        }
        guard missing.isEmpty else {
            throw Refusal(
                .missingDependency, of: id, change: change,
                missing: Array(missing.prefix(Self.missingLimit)),
                message: "the change depends on others that are not here")
        }
    }

    private func checkPermission(
        for change: Change, by pusher: Pusher, role: Role
    ) throws(Refusal) {
        let made = change.entities
        let least = Permission.leastRole(for: change, to: id.kind) { id in
            if made.contains(id) { return true }
            switch replica.entity(id)?.kind {
            case .annotation, .reply, .resolution: return owners[id.agent]?.user == pusher.user
            case nil: return nil
            }
        }
        guard role >= least else {
            throw Refusal(
                .forbidden, of: id, change: change,
                message: "this takes the role \(least.rawValue), and yours is \(role.rawValue)")
        }
    }
}

extension Refusal {
    /// What a change that breaks the core's rules is answered with.
    init(_ error: ChangeError, of document: DocumentID, change: Change) {
        let code: ErrorCode =
            switch error.code {
            case .invalidOp: .invalidOp
            case .missingDependency: .missingDependency
            case .tooLarge: .tooLarge
            // No replica throws it.
            case .needsLog: .internal
            }
        self.init(
            code, of: document, change: change, missing: error.missing, message: error.message)
    }
}

extension Change {
    /// The annotations and replies that the change itself makes.
    fileprivate var entities: Set<OpID> {
        var found: Set<OpID> = []
        var seq = seq
        for op in ops {
            switch op {
            case .annotate, .reply: found.insert(OpID(agent: agent, seq: seq))
            case .insert, .delete, .visibility, .write, .addTag, .removeTag, .resolve, .unknown:
                break
            }
            seq += op.width
        }
        return found
    }
}
