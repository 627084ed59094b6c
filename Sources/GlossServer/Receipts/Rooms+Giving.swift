import GlossCore
import GlossProtocol
import GlossStorage

extension DeviceID {
    /// The owner of what was given back of a device that the server does not know: no device, as
    /// none may have this id.
    static let nobody = DeviceID(rawValue: 0)
}

extension Rooms {
    /// What who has shown too many receipts that are none is told.
    static let tooManyFalseReceipts =
        "too many receipts that are not this server's; wait a while"

    /// Judges what a client gives back of anybody's changes, by its receipt; `answer` is called once
    /// with what became of it, when that is on disk. What cannot be taken is left out, with the reason.
    ///
    /// Returns when it has its place in the order of commits.
    func submit(
        _ give: Give, changes: [EncodedChange], by giver: Pusher, answer: @escaping Answer
    ) async {
        let part = ChangeBatch(doc: give.stretch.doc, changes: changes)
        do throws(Refusal) {
            // Before anything else is looked up for it.
            let hashes = try await verify(give, part, by: giver)
            let devices = try await devices(of: give)
            let known = try await prepare([part], for: giver.user)[part.doc] ?? [:]
            enqueue(
                try judge(
                    give, part, hashes, by: giver, devices: devices, known: known,
                    answer: answer))
        } catch {
            answer(.refused(error.decision))
        }
    }

    /// The hashes of changes that are given back, if whoever gives them may read the document and this
    /// server has signed that they were there, in this order, from these users and devices, at these
    /// times. Nothing is taken in for that.
    ///
    /// - Complexity: O(size of the changes).
    private func verify(
        _ give: Give, _ part: ChangeBatch, by giver: Pusher
    ) async throws(Refusal) -> [ChangeHash] {
        guard await receiptGuard.begin(giver.user, now: clock.steady()) else {
            throw Refusal(.rateLimited, of: part.doc, message: Self.tooManyFalseReceipts)
        }
        var isFalse = false
        defer { receiptGuard.finish(giver.user, failed: isFalse, now: clock.steady()) }
        let known = try await prepare([part], for: giver.user)[part.doc] ?? [:]
        do throws(Refusal) {
            return try verify(give, part, known: known)
        } catch {
            isFalse = true
            throw error
        }
    }

    private func verify(
        _ give: Give, _ part: ChangeBatch, known: KnownMarks
    ) throws(Refusal) -> [ChangeHash] {
        let id = part.doc
        guard let room = rooms[id] else { throw Refusal.unknown(id) }
        var chain = LogChain(position: give.stretch.from - 1, digest: give.stretch.chain)
        // Proven with the rows, so they go before what the log has.
        var ends: [OpID: ChangeHash] = [:]
        for cause in give.causes { ends[cause.id] = ChangeHash(digest: cause.hash) }
        var hashes: [ChangeHash] = []
        for (row, encoded) in zip(give.rows, part.changes) {
            let change = encoded.change
            guard let hash = room.hash(of: encoded, known, before: ends) else {
                throw Refusal(
                    .missingDependency, of: id, change: change,
                    message: "the change depends on others that are not here")
            }
            hashes.append(hash)
            ends[change.lastID] = hash
            chain.append(user: row.user, device: row.device, time: row.time, hash: hash.digest)
        }
        guard signer?.knows(give.stretch, endingWith: chain) == true else {
            throw Refusal(
                .invalidReceipt, of: id,
                message: "this server has not signed these changes as they are given")
        }
        return hashes
    }

    /// The devices of everybody whose changes are given back, by user and label.
    private func devices(of give: Give) async throws(Refusal) -> [String: [String: DeviceID]] {
        var found: [String: [String: DeviceID]] = [:]
        for user in Set(give.rows.map(\.user)).sorted() {
            do throws(StoreError) {
                for device in try await store.devices(of: user) {
                    found[user, default: [:]][device.label] = device.id
                }
            } catch {
                throw Refusal(error, of: give.stretch.doc)
            }
        }
        return found
    }

    /// Takes changes that were verified into their room: all that can be taken now. The others are left
    /// out, and what depends on them with them.
    private func judge(
        _ give: Give, _ part: ChangeBatch, _ hashes: [ChangeHash], by giver: Pusher,
        devices: [String: [String: DeviceID]], known: KnownMarks, answer: @escaping Answer
    ) throws(Refusal) -> WaitingPush {
        let id = part.doc
        try checkAdmission(of: [part])
        guard let scope = rooms[id]?.scope, access.role(of: giver.user, in: scope) != nil,
            !access.isRevoked(giver.device)
        else { throw Refusal.unknown(id) }
        var waiting = WaitingPush(
            time: giver.time, parts: [(id, [], nil)], rows: [], answer: answer)
        for (index, row) in give.rows.enumerated() {
            let change = part.changes[index]
            let device =
                rooms[id]?.owners[change.change.agent]?.device ?? devices[row.user]?[row.device]
            let author = Pusher(
                user: row.user, device: device ?? .nobody, label: row.device, time: row.time)
            do throws(Refusal) {
                let taken = try takeBack(change, hashes[index], of: id, by: author, known: known)
                waiting.parts[0].positions.append(taken.position)
                if let row = taken.row { waiting.rows.append((id, row)) }
            } catch {
                waiting.leftOut.append(
                    LeftOut(change: change.change.id, code: error.code, message: error.message))
            }
        }
        waiting.parts[0].sum = waiting.parts[0].positions.max()
            .flatMap { rooms[id]?.sum(at: $0, known) }
        return waiting
    }

    /// Takes a change that was given back into its room, if what it depends on there is what it
    /// depended on when it was signed.
    private func takeBack(
        _ change: EncodedChange, _ hash: ChangeHash, of id: DocumentID, by author: Pusher,
        known: KnownMarks
    ) throws(Refusal) -> Room.Taken {
        // Nothing holds the room here: a copy would be written on.
        if let present = rooms[id]?.hash(of: change, known), present != hash {
            throw Refusal(
                .missingDependency, of: id, change: change.change,
                message: "the change depends on others than those that are here")
        }
        let held = (rooms[id]?.scope.article).flatMap { rooms[$0]?.replica.versionVector }
        let taken = try rooms[id]?.take(
            change, by: author, role: nil, known: known, limits: limits
        ) { id in
            held?.contains(id) ?? false
        }
        guard let taken else { preconditionFailure("the room was there above") }
        return taken
    }
}
