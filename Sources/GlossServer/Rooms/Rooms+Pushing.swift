import GlossCore
import GlossProtocol
import GlossStorage

extension Rooms {
    /// Takes what became of a push.
    typealias Answer = @Sendable (ServerSession.PushDecision) -> Void

    /// Judges a push; `answer` is called once with what became of it, when that is on disk.
    ///
    /// Returns when the push has its place in the order of commits, so whoever waits for this
    /// before submitting the next keeps the order.
    func submit(
        _ parts: [ChangeBatch], by pusher: Pusher, answer: @escaping Answer
    ) async {
        do throws(Refusal) {
            try await loadDocuments(of: parts, for: pusher.user)
            enqueue(try judge(parts, by: pusher, answer: answer))
        } catch {
            answer(.refused(error.decision))
        }
    }

    /// Brings every document that judging needs into memory, all at once.
    private func loadDocuments(
        of parts: [ChangeBatch], for user: String
    ) async throws(Refusal) {
        repeat {
            for part in parts {
                for id in [part.doc, part.doc.article] {
                    let isThere: Bool
                    do throws(StoreError) {
                        isThere = try await load(id, for: user)
                    } catch {
                        throw Refusal(error, of: part.doc)
                    }
                    guard isThere else { throw Refusal.unknown(part.doc) }
                }
            }
        } while !parts.allSatisfy {
            rooms[$0.doc] != nil && rooms[$0.doc.article] != nil
        }
    }

    /// Takes all changes of a push into their rooms, or none. Articles come first, so that notes
    /// may stand on text from the same push.
    private func judge(
        _ parts: [ChangeBatch], by pusher: Pusher, answer: @escaping Answer
    ) throws(Refusal) -> WaitingPush {
        guard let first = parts.first else {
            preconditionFailure("a push has at least one part")
        }
        if queue.waiting.count >= limits.waiting {
            throw Refusal(
                .overloaded, of: first.doc, message: "too many pushes wait for the disk")
        }
        // A change alone is all or nothing by itself; copies are for when there are several.
        let isSingle = parts.count == 1 && first.changes.count == 1
        let saved = isSingle ? [:] : savedRooms(of: parts)
        var waiting = WaitingPush(
            time: pusher.time, parts: parts.map { ($0.doc, []) }, rows: [],
            answer: answer)
        let order = parts.indices.sorted { left, right in
            let kinds = (parts[left].doc.kind, parts[right].doc.kind)
            return kinds.0 == kinds.1 ? left < right : kinds.0 == .article
        }
        do throws(Refusal) {
            for index in order {
                let part = parts[index]
                let taken = try take(part, by: pusher)
                waiting.parts[index].positions = taken.map(\.position)
                waiting.rows += taken.compactMap(\.row).map { (part.doc, $0) }
            }
        } catch {
            for (id, room) in saved { rooms[id] = room }
            throw error
        }
        return waiting
    }

    private func savedRooms(of parts: [ChangeBatch]) -> [DocumentID: Room] {
        var saved: [DocumentID: Room] = [:]
        for part in parts { saved[part.doc] = rooms[part.doc] }
        return saved
    }

    private func take(
        _ part: ChangeBatch, by pusher: Pusher
    ) throws(Refusal) -> [Room.Taken] {
        guard let library = rooms[part.doc]?.library,
            let role = access.role(of: pusher.user, in: library),
            !access.isRevoked(pusher.device)
        else { throw Refusal.unknown(part.doc) }
        let held = rooms[part.doc.article]?.replica.versionVector
        var taken: [Room.Taken] = []
        for change in part.changes {
            let result = try rooms[part.doc]?.take(change, by: pusher, role: role) { id in
                held?.contains(id) ?? false
            }
            guard let result else { preconditionFailure("the room was there above") }
            taken.append(result)
        }
        return taken
    }
}
