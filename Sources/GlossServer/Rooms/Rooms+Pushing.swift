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
            try checkUndone(parts, of: pusher.user)
            let known = try await prepare(parts, for: pusher.user)
            enqueue(try judge(parts, by: pusher, known: known, answer: answer))
        } catch {
            answer(.refused(error.decision))
        }
    }

    /// Brings everything that judging needs into memory, all at once; gives for each document the
    /// marks of older changes that it needs.
    func prepare(
        _ parts: [ChangeBatch], for user: String
    ) async throws(Refusal) -> [DocumentID: KnownMarks] {
        if areReady(parts, for: user) { return [:] }
        let places = places(for: parts)
        if !pins.reserve(places) {
            await withCheckedContinuation { pins.wait(for: places, $0) }
        }
        var pinned: Set<DocumentID> = []
        defer { pins.release(pinned, places) }
        var known: [DocumentID: KnownMarks] = [:]
        while true {
            try await loadDocuments(of: parts, for: user, pinned: &pinned)
            var isComplete = true
            for part in parts {
                let marked = known[part.doc] ?? [:]
                let unmarked = (rooms[part.doc]?.positionsUnmarked(by: part.changes) ?? [])
                    .filter { marked[$0] == nil }
                if unmarked.isEmpty { continue }
                isComplete = false
                do throws(StoreError) {
                    try await known[part.doc, default: [:]].merge(
                        marks(of: part.doc, at: unmarked)
                    ) { $1 }
                } catch {
                    throw Refusal(error, of: part.doc)
                }
            }
            if isComplete { return known }
        }
    }

    /// How many documents some parts need in memory at once: each its own, and its article.
    private func places(for parts: [ChangeBatch]) -> Int {
        min(limits.rooms, parts.reduce(0) { $0 + ($1.doc.kind == .article ? 1 : 2) })
    }

    /// Whether everything that judging needs is in memory, so that nothing is to be waited for.
    private func areReady(_ parts: [ChangeBatch], for user: String) -> Bool {
        parts.allSatisfy { part in
            guard isReady(part.doc), let scope = rooms[part.doc]?.scope,
                access.role(of: user, in: scope) != nil
            else { return false }
            return rooms[part.doc]?.positionsUnmarked(by: part.changes).isEmpty ?? false
                && touch(part.doc) && touch(scope.article)
        }
    }

    /// Whether a document is in memory, and its article, with nothing in them that was refused.
    private func isReady(_ document: DocumentID) -> Bool {
        guard let article = rooms[document]?.scope.article, rooms[article] != nil else {
            return false
        }
        return spoiled[document] == nil && spoiled[article] == nil
    }

    /// What the store has of changes on disk beside the changes.
    private func marks(
        of document: DocumentID, at positions: [Int]
    ) async throws(StoreError) -> KnownMarks {
        var found: KnownMarks = [:]
        for mark in try await store.marks(of: document, at: positions) {
            found[mark.position] = Mark(mark)
        }
        if let lost = positions.first(where: { found[$0] == nil }) {
            throw Room.damaged(document, lost, "its hash is missing or malformed")
        }
        return found
    }

    /// Brings every document that judging needs into memory, all at once.
    private func loadDocuments(
        of parts: [ChangeBatch], for user: String, pinned: inout Set<DocumentID>
    ) async throws(Refusal) {
        repeat {
            for part in parts {
                if pinned.insert(part.doc).inserted { pins.pin(part.doc) }
                try await require(part.doc, of: part, for: user)
                // Which article a set belongs to is known once the set is there.
                if let article = rooms[part.doc]?.scope.article {
                    if pinned.insert(article).inserted { pins.pin(article) }
                    try await require(article, of: part, for: user)
                }
            }
        } while !parts.allSatisfy { isReady($0.doc) }
    }

    /// Brings a document into memory, or says why a part of a push cannot be judged without it.
    private func require(
        _ id: DocumentID, of part: ChangeBatch, for user: String
    ) async throws(Refusal) {
        var (isGone, isLeaving) = (false, false)
        do throws(StoreError) {
            switch try await load(id, for: user) {
            case .loaded: return
            case .leaving: isLeaving = true
            case .absent: isGone = try await self.isGone(part.doc, for: user)
            }
        } catch {
            throw Refusal(error, of: part.doc)
        }
        if isLeaving { throw Refusal.leaving(part.doc) }
        throw isGone ? Refusal.gone(part.doc) : Refusal.unknown(part.doc)
    }

    /// The article that a document is, or is a set of; of a private set only where that is in memory.
    private func article(of document: DocumentID) -> DocumentID {
        rooms[document]?.scope.article ?? document.article
    }

    /// Takes all changes of a push into their rooms, or none. Articles come first, so that notes
    /// may stand on text from the same push.
    private func judge(
        _ parts: [ChangeBatch], by pusher: Pusher, known: [DocumentID: KnownMarks],
        answer: @escaping Answer
    ) throws(Refusal) -> WaitingPush {
        try checkAdmission(of: parts)
        var heads: [DocumentID: Int] = [:]
        for part in parts { heads[part.doc] = rooms[part.doc]?.head }
        var waiting = WaitingPush(
            time: pusher.time, parts: parts.map { ($0.doc, [], nil) }, rows: [],
            answer: answer)
        let order = parts.indices.sorted { left, right in
            let kinds = (parts[left].doc.kind, parts[right].doc.kind)
            let areArticles = (kinds.0 == .article, kinds.1 == .article)
            return areArticles.0 == areArticles.1 ? left < right : areArticles.0
        }
        do throws(Refusal) {
            for index in order {
                let part = parts[index]
                let marks = known[part.doc] ?? [:]
                let taken = try take(part, by: pusher, known: marks)
                waiting.parts[index].positions = taken.map(\.position)
                waiting.parts[index].sum = taken.map(\.position).max()
                    .flatMap { rooms[part.doc]?.sum(at: $0, marks) }
                waiting.rows += taken.compactMap(\.row).map { (part.doc, $0) }
                for position in taken.lazy.filter({ $0.row == nil }).map(\.position) {
                    let time = rooms[part.doc]?.mark(at: position, marks)?.time
                    if let time, time != pusher.time {
                        waiting.earlierTimes[index, default: [:]][position] = time
                    }
                }
            }
        } catch {
            rollBack(to: heads, of: pusher.user)
            throw error
        }
        return waiting
    }

    /// Refuses what cannot be taken just now, whatever is in it.
    func checkAdmission(of parts: [ChangeBatch]) throws(Refusal) {
        guard let first = parts.first else {
            preconditionFailure("a push has at least one part")
        }
        // A purge may have begun while other documents of the push were loaded.
        for part in parts {
            if purging.contains(article(of: part.doc)) { throw Refusal.leaving(part.doc) }
            if purged.contains(article(of: part.doc)) { throw Refusal.gone(part.doc) }
        }
        if queue.waiting.count >= limits.waiting {
            throw Refusal(
                .overloaded, of: first.doc, message: "too many pushes wait for the disk")
        }
    }

    private func take(
        _ part: ChangeBatch, by pusher: Pusher, known: KnownMarks
    ) throws(Refusal) -> [Room.Taken] {
        guard let scope = rooms[part.doc]?.scope,
            let role = access.role(of: pusher.user, in: scope),
            !access.isRevoked(pusher.device)
        else { throw Refusal.unknown(part.doc) }
        let held = rooms[scope.article]?.replica.versionVector
        var taken: [Room.Taken] = []
        for change in part.changes {
            let result = try rooms[part.doc]?.take(
                change, by: pusher, role: role, known: known, limits: limits
            ) { id in
                held?.contains(id) ?? false
            }
            guard let result else { preconditionFailure("the room was there above") }
            taken.append(result)
        }
        return taken
    }
}
