import GlossCore
import GlossProtocol
import GlossStorage

extension Rooms {
    /// Judges a push; `answer` is called once with what became of it, when that is on disk.
    ///
    /// Returns when the push has its place in the order of commits, so whoever waits for this
    /// before submitting the next keeps the order.
    func submit(
        _ push: PreparedPush, by pusher: Pusher, answer: @escaping @Sendable (PushAnswer) -> Void
    ) async {
        do throws(Refusal) {
            try await loadDocuments(of: push)
            let waiting = try judge(push, by: pusher, answer: answer)
            enqueue(waiting)
        } catch {
            counters.refused(error.code)
            answer(.refused(error.nack(id: push.id)))
        }
    }

    /// Brings every document that judging needs into memory, all at once.
    private func loadDocuments(of push: PreparedPush) async throws(Refusal) {
        repeat {
            for part in push.parts {
                for id in [part.document, part.document.article] {
                    let isThere: Bool
                    do throws(StoreError) {
                        isThere = try await load(id)
                    } catch {
                        throw Refusal(error, of: part.document)
                    }
                    guard isThere else { throw Refusal.unknown(part.document) }
                }
            }
        } while !push.parts.allSatisfy {
            rooms[$0.document] != nil && rooms[$0.document.article] != nil
        }
    }

    /// Takes all changes of a push into their rooms, or none. Articles come first, so that notes
    /// may stand on text from the same push.
    private func judge(
        _ push: PreparedPush, by pusher: Pusher, answer: @escaping @Sendable (PushAnswer) -> Void
    ) throws(Refusal) -> WaitingPush {
        guard let first = push.parts.first else {
            preconditionFailure("a push has at least one part")
        }
        if queue.waiting.count >= limits.waiting {
            throw Refusal(
                .overloaded, of: first.document, message: "too many pushes wait for the disk")
        }
        // A change alone is all or nothing by itself; copies are for when there are several.
        let isSingle = push.parts.count == 1 && first.changes.count == 1
        let saved = isSingle ? [:] : savedRooms(of: push)
        var waiting = WaitingPush(
            id: push.id, time: pusher.time, parts: push.parts.map { ($0.document, []) }, rows: [],
            answer: answer)
        let order = push.parts.indices.sorted { left, right in
            let kinds = (push.parts[left].document.kind, push.parts[right].document.kind)
            return kinds.0 == kinds.1 ? left < right : kinds.0 == .article
        }
        do throws(Refusal) {
            for index in order {
                let part = push.parts[index]
                let taken = try take(part, by: pusher)
                waiting.parts[index].positions = taken.map(\.position)
                waiting.rows += taken.compactMap(\.row).map { (part.document, $0) }
            }
        } catch {
            for (id, room) in saved { rooms[id] = room }
            throw error
        }
        return waiting
    }

    private func savedRooms(of push: PreparedPush) -> [DocumentID: Room] {
        var saved: [DocumentID: Room] = [:]
        for part in push.parts { saved[part.document] = rooms[part.document] }
        return saved
    }

    private func take(
        _ part: PreparedPush.Part, by pusher: Pusher
    ) throws(Refusal) -> [Room.Taken] {
        guard let library = rooms[part.document]?.library,
            let role = access.role(of: pusher.user, in: library),
            !access.isRevoked(pusher.device)
        else { throw Refusal.unknown(part.document) }
        let held = rooms[part.document.article]?.replica.versionVector
        var taken: [Room.Taken] = []
        for change in part.changes {
            let result = try rooms[part.document]?.take(change, by: pusher, role: role) { id in
                held?.contains(id) ?? false
            }
            guard let result else { preconditionFailure("the room was there above") }
            taken.append(result)
        }
        return taken
    }
}
