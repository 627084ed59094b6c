import GlossCore
import GlossProtocol
import GlossStorage

extension DeviceID {
    /// The owner of what was given back of a device that the server does not know: no device, as
    /// none may have this id.
    static let nobody = DeviceID(rawValue: 0)
}

extension Rooms {
    /// Judges what a client gives back of anybody's changes, by its receipt; `answer` is called once
    /// with what became of it, when that is on disk.
    ///
    /// Returns when it has its place in the order of commits.
    func submit(
        _ give: Give, changes: [EncodedChange], by giver: Pusher, answer: @escaping Answer
    ) async {
        let part = ChangeBatch(doc: give.stretch.doc, changes: changes)
        do throws(Refusal) {
            // First whether they may read it at all.
            _ = try await prepare([part], for: giver.user)
            let devices = try await devices(of: give)
            let known = try await prepare([part], for: giver.user)
            await enqueue(
                try judge(
                    give, part, by: giver, devices: devices, known: known[part.doc] ?? [:],
                    answer: answer))
        } catch {
            answer(.refused(error.decision))
        }
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

    /// Takes all changes into their room, or none; only if the server has signed that they were there,
    /// in this order, from these users and devices, at these times.
    private func judge(
        _ give: Give, _ part: ChangeBatch, by giver: Pusher,
        devices: [String: [String: DeviceID]], known: KnownMarks, answer: @escaping Answer
    ) throws(Refusal) -> WaitingPush {
        let id = part.doc
        try checkAdmission(of: [part])
        guard let saved = rooms[id], access.role(of: giver.user, in: saved.scope) != nil,
            !access.isRevoked(giver.device)
        else { throw Refusal.unknown(id) }
        var waiting = WaitingPush(
            time: giver.time, parts: [(id, [], nil)], rows: [], answer: answer)
        var chain = LogChain(position: give.stretch.from - 1, digest: give.stretch.chain)
        let held = rooms[saved.scope.article]?.replica.versionVector
        do throws(Refusal) {
            for (row, change) in zip(give.rows, part.changes) {
                let device =
                    rooms[id]?.owners[change.change.agent]?.device
                    ?? devices[row.user]?[row.device]
                let author = Pusher(
                    user: row.user, device: device ?? .nobody, label: row.device, time: row.time)
                let taken = try rooms[id]?.take(
                    change, by: author, role: nil, known: known, byteLimit: limits.documentBytes
                ) { id in
                    held?.contains(id) ?? false
                }
                guard let taken, let mark = rooms[id]?.mark(at: taken.position, known) else {
                    preconditionFailure("what was taken has its mark")
                }
                chain.append(
                    user: row.user, device: row.device, time: row.time, hash: mark.hash.digest)
                waiting.parts[0].positions.append(taken.position)
                waiting.rows += [taken.row].compactMap { $0 }.map { (id, $0) }
            }
            guard signer?.knows(give.stretch, endingWith: chain) == true else {
                throw Refusal(
                    .invalidReceipt, of: id,
                    message: "this server has not signed these changes as they are given")
            }
        } catch {
            rooms[id] = saved
            throw error
        }
        waiting.parts[0].sum = waiting.parts[0].positions.max()
            .flatMap { rooms[id]?.sum(at: $0, known) }
        return waiting
    }
}
