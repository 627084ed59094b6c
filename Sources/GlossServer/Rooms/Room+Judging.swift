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
    ///   - role: what the pusher may do with the document; `nil` if that was judged before,
    ///     when the change came first.
    ///   - known: marks of older changes, all that ``positionsUnmarked(by:)`` asks for among them.
    ///   - limits: how many bytes the document's changes, and how many agents they, may have.
    ///   - isHeld: whether the article holds an operation that a target names.
    /// - Throws: ``Refusal``; the room is then as it was.
    mutating func take(
        _ encoded: EncodedChange, by pusher: Pusher, role: Role?, known: KnownMarks,
        limits: Rooms.Limits, isHeld: (OpID) -> Bool
    ) throws(Refusal) -> Taken {
        let change = encoded.change
        if replica.log.version(of: change.id) != nil {
            return Taken(position: try position(ofDuplicate: encoded, known), row: nil)
        }
        if let owner = owners[change.agent], owner != pusher.owner {
            throw Refusal(
                .agentFork, of: id, change: change, message: "the agent is another device's")
        }
        try checkSize(encoded, limits)
        try checkDependencies(of: change, isHeld: isHeld)
        if let role { try checkPermission(for: change, by: pusher, role: role) }
        do throws(ChangeError) {
            guard case .applied = try replica.integrate(change) else {
                preconditionFailure("duplicates and missing dependencies are told apart before")
            }
        } catch {
            throw Refusal(error, of: id, change: change)
        }
        guard let hash = hash(of: encoded, known) else {
            preconditionFailure("a change that was taken in has its causes, and they their marks")
        }
        owners[change.agent] = pusher.owner
        marks.append(hash, at: pusher.time)
        byteCount += encoded.bytes.count
        let row = NewRow(
            agent: change.agent, seq: change.seq, count: change.count, bytes: encoded.bytes,
            hash: hash.digest.bytes, user: pusher.user, device: pusher.device,
            deviceLabel: pusher.label, receivedAt: pusher.time)
        return Taken(position: head, row: row)
    }

    /// The running checksum at a position, as far as it is known here or was read from the store.
    func sum(at position: Int, _ known: KnownMarks) -> Checksum? {
        (marks[position] ?? known[position])?.sum
    }

    /// The positions of older changes whose marks judging some changes takes, in ascending order, but
    /// for those that are kept here.
    func positionsUnmarked(by changes: [EncodedChange]) -> [Int] {
        var found: Set<Int> = []
        for change in changes.lazy.map(\.change) {
            for id in [change.id] + change.causes {
                guard let version = replica.log.version(of: id) else { continue }
                let position = replica.log.entryIndex(of: version) + 1
                if position <= marks.base { found.insert(position) }
            }
        }
        return found.sorted()
    }

    /// The position of a change whose number is taken: its own if it is the same change.
    private func position(
        ofDuplicate encoded: EncodedChange, _ known: KnownMarks
    ) throws(Refusal) -> Int {
        let change = encoded.change
        if let version = replica.log.version(of: change.id) {
            let index = replica.log.entryIndex(of: version)
            let versions = replica.log.versions(at: index)
            if versions == version..<version + change.count,
                let hash = hash(of: encoded, known), hash == mark(at: index + 1, known)?.hash
            {
                return index + 1
            }
        }
        throw Refusal(
            .agentFork, of: id, change: change,
            message: "the agent has used this number for another change")
    }

    /// The hash of a change whose causes are here; `nil` if one is not.
    ///
    /// - Parameter before: hashes of changes that count as here, by their last operations.
    func hash(
        of encoded: EncodedChange, _ known: KnownMarks, before: [OpID: ChangeHash] = [:]
    ) -> ChangeHash? {
        let change = encoded.change
        func cause(_ id: OpID) -> ChangeHash? { before[id] ?? hash(ofChangeEndingIn: id, known) }
        var previous: ChangeHash?
        if change.seq > 0 {
            previous = cause(OpID(agent: change.agent, seq: change.seq - 1))
            if previous == nil { return nil }
        }
        var dependencies: [ChangeHash] = []
        for dependency in change.dependencies {
            guard let hash = cause(dependency) else { return nil }
            dependencies.append(hash)
        }
        return ChangeHash(of: encoded, previous: previous, dependencies: dependencies)
    }

    private func hash(ofChangeEndingIn id: OpID, _ known: KnownMarks) -> ChangeHash? {
        guard let version = replica.log.version(of: id) else { return nil }
        let index = replica.log.entryIndex(of: version)
        guard replica.log.versions(at: index).upperBound == version + 1 else { return nil }
        return mark(at: index + 1, known)?.hash
    }

    func mark(at position: Int, _ known: KnownMarks) -> Mark? {
        marks[position] ?? known[position]
    }

    /// With more agents than a vector may have, nobody could be told any more what is here.
    private func checkSize(_ encoded: EncodedChange, _ limits: Rooms.Limits) throws(Refusal) {
        let change = encoded.change
        guard encoded.bytes.count <= limits.documentBytes - byteCount else {
            throw Refusal(
                .tooLarge, of: id, change: change,
                message: "the document has as many changes as it may, \(byteCount) bytes of them")
        }
        guard owners[change.agent] != nil || owners.count < limits.documentAgents else {
            throw Refusal(
                .tooLarge, of: id, change: change,
                message: "the document has changes of as many agents as it may, \(owners.count)")
        }
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
