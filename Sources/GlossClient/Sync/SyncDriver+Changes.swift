import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

extension SyncDriver {
    // MARK: In

    /// Takes in a page of the server's log, in one transaction.
    func integrate(
        _ document: DocumentID, _ changes: [GlossProtocol.ReceivedChange], to position: Int
    ) throws -> [ClientSession.Event] {
        let newcomers: [String]
        do {
            newcomers = try write(document, changes, to: position)
        } catch let error as ChangeError {
            return try giveUp(document, "the server sent a wrong change: \(error)")
        } catch is NumberTaken {
            return try makeWay(in: document)
        }
        if !newcomers.isEmpty {
            report.received += newcomers.count
            let article = try article(of: document)
            report.articles.insert(article)
            authors.formUnion(newcomers)
            onEvent(
                .received(
                    article: article, count: newcomers.count,
                    authors: Set(newcomers).sorted()))
        }
        return []
    }

    /// Writes a page of the server's log; gives the authors of what is new. What stands in the way makes
    /// way once all that was signed has been given back.
    private func write(
        _ document: DocumentID, _ changes: [GlossProtocol.ReceivedChange], to position: Int
    ) throws -> [String] {
        var cache = cache
        self.cache = ReplicaCache()
        let newcomers: [String]
        do {
            newcomers = try library.store.write { writer in
                try writer.integrate(
                    document, changes, to: position, cache: &cache,
                    environment: library.environment)
            }
        } catch is NumberTaken where makingWay[document] != nil {
            cache = ReplicaCache()
            let counts: (leftOut: Int, refused: Int)
            (newcomers, counts) = try library.store.write { writer in
                let counts = try writer.giveWay(
                    in: document, to: changes, environment: library.environment)
                let newcomers = try writer.integrate(
                    document, changes, to: position, cache: &cache,
                    environment: library.environment)
                return (newcomers, counts)
            }
            report.unreturned += counts.leftOut
            report.refused += counts.refused
            hasMovedOn = true
            releaseDependents()
        }
        self.cache = cache
        return newcomers
    }

    /// Writes what is no change of a document.
    func note(_ body: (LibraryWriter) throws -> Void) throws {
        var cache = cache
        self.cache = ReplicaCache()
        try library.store.write { writer in
            try cache.check(writer)
            try body(writer)
            try cache.note(writer)
        }
        self.cache = cache
    }

    /// Everything the server has of a document is here: what waits for that can go out.
    func catchUp(_ live: Live) throws -> [ClientSession.Event] {
        arrived.insert(live.doc)
        let reached = try reached(live)
        // Where the checksum differs, that is what has to be said.
        let isSame =
            if case .reached(_, at: live.at, sum: live.sum, _) = reached { true } else { false }
        // What was wrong is no more, as of an article that may be read again.
        if isSame { report.failures.removeAll { $0.document == live.doc } }
        let anew = isSame ? try keepReceipt(live) : []
        return try returnLost(live.doc) + outboxEvents() + (anew.isEmpty ? [reached] : anew)
    }

    /// What this device has at the position where the server says all has come.
    private func reached(_ live: Live) throws -> ClientSession.Event {
        let known = try library.store.read { try $0.replica(live.doc) }
        if let known, known.position < live.at {
            try note { try $0.advance(live.doc, to: live.at) }
        }
        return try library.store.read { reader in
            let sum = try reader.checksum(of: live.doc, at: live.at)
            guard let sum, live.state != nil else {
                return .reached(live.doc, at: live.at, sum: sum ?? Checksum(), state: nil)
            }
            let stored = try reader.changes(of: live.doc)
            let isWhole =
                stored.count == live.at && stored.allSatisfy { $0.state == .acknowledged }
            let state = isWhole ? try reader.loadReplica(live.doc).stateChecksum : nil
            return .reached(live.doc, at: live.at, sum: sum, state: state)
        }
    }

    /// Puts changes of this device that the server has lost back into the outbox.
    func giveBack(_ document: DocumentID, _ vector: VersionVector) throws -> [ClientSession.Event] {
        report.returned += try library.store.write { try $0.giveBack(document, beyond: vector) }
        return try outboxEvents() + [.nothingMore]
    }

    /// Has an article or a private set made again that the server has lost whole, as one does that was
    /// restored from a copy older than that.
    ///
    /// - Returns: `nil` if that was tried before, or the role does not allow it.
    func bringBack(_ document: DocumentID) throws -> [ClientSession.Event]? {
        if document.kind == .privateAnnotations { return try bringBackSet(document) }
        let article = document.article
        // The other document of the pair fails, too.
        if broughtBack.contains(article) { return unknownToServer.contains(article) ? [] : nil }
        guard let libraryID, role >= .editor else { return nil }
        broughtBack.insert(article)
        lost.append(article)
        followed.subtract([article, article.annotations])
        unknownToServer.formUnion([article, article.annotations])
        return [.list(libraryID, creating: [article])]
    }

    /// Puts what this device made of articles that the server had lost back into the outbox, once it
    /// has made them again.
    func restore(_ documents: Set<DocumentID>) throws {
        let articles = lost.filter { documents.contains($0) }
        lost.removeAll { documents.contains($0) }
        report.returned += try library.store.write { writer in
            try articles.flatMap { [$0, $0.annotations] }.reduce(0) { count, document in
                try count + writer.giveBackAll(document)
            }
        }
    }

    /// Goes on under fresh agents if a server has more under the old ones than was made here: another copy
    /// of this library writes under them. Another process on this library may have made and pushed it
    /// since the document was asked for.
    func goOnAsCopy(
        _ document: DocumentID, _ vector: VersionVector
    ) throws -> [ClientSession.Event] {
        let known = try library.store.read { try $0.localDocument(document) }
        if known.own.entries.allSatisfy({ vector[$0.agent] <= $0.next }) {
            caughtUp.remove(document)
            return [.follow(known), .nothingMore]
        }
        return try goOnAsCopy(document)
    }

    /// Goes on under fresh agents: another copy of this library writes under the old ones.
    func goOnAsCopy(_ document: DocumentID) throws -> [ClientSession.Event] {
        guard retired.insert(document).inserted else {
            caughtUp.remove(document)
            fail(
                document,
                "the server has work under names that were made here just now; if this library was "
                    + "copied, sync one of the copies only")
            return try outboxEvents() + [.nothingMore]
        }
        busy = busy.filter { $0.document != document }
        caughtUp.remove(document)
        let (counts, local) = try library.store.write { writer in
            let counts = try writer.retireAgent(in: document, environment: library.environment)
            return (counts, try writer.localDocument(document))
        }
        report.refused += counts.refused
        report.unreturned += counts.leftOut
        let follow: [ClientSession.Event] = makingWay[document] == .paused ? [] : [.follow(local)]
        return try follow + outboxEvents() + [.nothingMore]
    }

    // MARK: Out

    /// Pushes for what is in the outbox and not on its way: one for each command, once everything
    /// the server has of its documents is here. Only then it is certain that no copy of this library
    /// writes under the same agents. What follows a command that waits in an article or its notes
    /// waits, too: it may build on it.
    /// Nothing else builds on what is in a private set, so nothing else waits for that.
    func outboxEvents() throws -> [ClientSession.Event] {
        let waiting = try library.store.read { try $0.unacknowledged() }
            .filter {
                !purged.contains($0.document)
                    && !busy.contains(ChangePlace(document: $0.document, index: $0.index))
            }
        var events: [ClientSession.Event] = []
        var group: [StoredChange] = []
        // Those of the group.
        var (documents, bytes): (Set<DocumentID>, Int) = ([], 0)
        // Articles, and private sets.
        var held: Set<DocumentID> = []
        func flush() throws {
            defer { (group, documents, bytes) = ([], [], 0) }
            let articles = Set(try group.map { try article(of: $0.document) })
            let sets = Set(group.map(\.document).filter { $0.kind == .privateAnnotations })
            guard held.isDisjoint(with: articles.union(sets)),
                try group.allSatisfy({ try isOpen($0.document) })
            else { return held.formUnion(sets.isEmpty ? articles : sets) }
            if !group.isEmpty { events.append(try push(group)) }
        }
        for change in waiting {
            let isSame =
                group.last?.entry == change.entry && change.entry != nil
                && group.last?.isPrivate == change.isPrivate
            let isFull =
                bytes + change.bytes.count > WireLimits.pushBytes
                || group.count >= WireLimits.pushChanges
                || documents.count >= WireLimits.pushDocuments
                    && !documents.contains(change.document)
            if !isSame || isFull { try flush() }
            group.append(change)
            documents.insert(change.document)
            bytes += change.bytes.count
        }
        try flush()
        return events
    }

    /// Whether what waits in a document may go out. Notes stand on text, so what the server has of the
    /// article comes first: it may have something else under the names of what it has lost. Where lost
    /// work is left out, or makes way, all documents of the article do: what stands on it in any of them
    /// is made again before it is sent.
    private func isOpen(_ document: DocumentID) throws -> Bool {
        guard caughtUp.contains(document) else { return false }
        let article = try article(of: document)
        let isAlone = lostWork == .wait && makingWay.isEmpty
        return try (isAlone ? [article] : documents(of: article)).allSatisfy {
            caughtUp.contains($0) || !(followed.contains($0) || makingWay[$0] == .paused)
        }
    }

    private func push(_ changes: [StoredChange]) throws -> ClientSession.Event {
        let id = nextPush
        nextPush += 1
        let documents = Set(changes.map(\.document)).sorted()
        let parts = documents.map { document in
            OutgoingPart(document: document, changes: changes.filter { $0.document == document })
        }
        pushes[id] = parts
        for change in changes {
            busy.insert(ChangePlace(document: change.document, index: change.index))
        }
        return .push(
            id: id,
            parts: try parts.map { part in
                ChangeBatch(
                    doc: part.document,
                    changes: try part.changes.map { try EncodedChange(bytes: $0.bytes) })
            })
    }

    /// Marks the changes of a push before any of their bytes reaches a socket. If another command
    /// took one back meanwhile, or made it anew, none of them is sent.
    func offer(_ id: Int) throws -> [ClientSession.Event] {
        let changes = pushes[id]?.flatMap(\.changes) ?? []
        let isOffered = try library.store.write { writer in
            for change in changes {
                let present = try writer.change(of: change.document, at: change.index)
                guard let present, present.bytes == change.bytes else { return false }
            }
            for change in changes where change.state != .offered {
                try writer.markOffered(change.document, change.index)
            }
            return true
        }
        if isOffered { return [.offered(id: id)] }
        pushes[id] = nil
        release(changes)
        return try [.cancelled(id: id)] + outboxEvents() + [.nothingMore] + followPaused()
    }

    func acknowledge(_ id: Int, _ acks: [AckPart], _ time: Int) throws -> [ClientSession.Event] {
        let parts = pushes.removeValue(forKey: id) ?? []
        var count = 0
        try library.store.write { writer in
            let profile = try writer.profile()
            for (part, ack) in zip(parts, acks) {
                for (change, position) in zip(part.changes, ack.positions) {
                    // What was made anew meanwhile is something else.
                    let present = try writer.change(of: change.document, at: change.index)
                    guard present?.bytes == change.bytes else { continue }
                    try writer.markAcknowledged(
                        change.document, change.index,
                        Receipt(
                            position: position, user: profile.user, deviceLabel: profile.label,
                            receivedAt: ack.earlierTimes[position] ?? time))
                    count += 1
                }
            }
        }
        release(parts.flatMap(\.changes))
        report.sent += count
        if count > 0 { onEvent(.acknowledged(count: count)) }
        hasMovedOn = true
        retryBackoff.reset()
        return releaseDependents() ? try outboxEvents() + nothingMore : []
    }

    /// A push was not sent, as one of its documents is followed no more. What it had of others may go out
    /// without that.
    func dropped(_ id: Int) throws -> [ClientSession.Event] {
        release((pushes.removeValue(forKey: id) ?? []).flatMap(\.changes))
        releaseDependents()
        return try outboxEvents() + nothingMore
    }

    /// What the server refuses for good is kept with the reason; what it will take later waits.
    func refuse(_ id: Int, _ nack: Nack) throws -> [ClientSession.Event] {
        let parts = pushes.removeValue(forKey: id) ?? []
        // What was made anew under another agent, and is refused so again, is refused like anything
        // else: trying once more would have no end.
        let isAgain = retired.contains(nack.doc) && caughtUp.contains(nack.doc)
        if nack.code == .agentFork, !isAgain {
            release(parts.flatMap(\.changes))
            releaseDependents()
            // The rest of what was on its way under the old agent; or what the session refused to send, as
            // the server seemed to have more than was made here, and is asked for again.
            let isHeld = nack.agent == nil && !caughtUp.contains(nack.doc)
            if retired.contains(nack.doc) || isHeld {
                return try outboxEvents() + nothingMore
            }
            return try goOnAsCopy(nack.doc)
        }
        if nack.code == .gone {
            release(parts.flatMap(\.changes))
            releaseDependents()
            return try keepPurged(article(of: nack.doc))
        }
        guard nack.retry == .never else {
            if try !releaseStale(parts) {
                if nack.code == .missingDependency {
                    dependents.append(Dependent(parts: parts, message: nack.message))
                } else {
                    postpone(nack.message)
                    deferred += parts.flatMap(\.changes).map {
                        ChangePlace(document: $0.document, index: $0.index)
                    }
                }
                scheduleRetry()
            }
            releaseDependents()
            return try outboxEvents() + nothingMore
        }
        let counts = try library.store.write { writer in
            try writer.refuse(parts.flatMap(\.changes), nack, environment: library.environment)
        }
        release(parts.flatMap(\.changes))
        report.refused += counts.refused
        report.unreturned += counts.leftOut
        onEvent(.refused(count: counts.refused, message: nack.message))
        hasMovedOn = true
        releaseDependents()
        return try outboxEvents() + nothingMore
    }

    /// Sets a time for pushing again what the server would not take, unless there is one.
    func scheduleRetry() {
        guard retryTime == nil else { return }
        var random = EnvironmentRandom(environment: library.environment)
        retryTime = now + retryBackoff.next(using: &random)
    }

    /// Lets what the server would not take be pushed again, and gives back what it would not take back,
    /// when it is time. Who syncs once has left by then.
    func releaseDeferred() throws -> [ClientSession.Event] {
        guard let time = retryTime, time <= now else { return [] }
        retryTime = nil
        busy.subtract(deferred)
        deferred = []
        askedSets.subtract(deferredSets)
        deferredSets = []
        hasMovedOn = true
        for dependent in dependents { tell(dependent.message) }
        releaseDependents()
        return try returnDeferred() + followDeferred()
    }

    /// Lets what was sent before something that it depends on be pushed once more, if more has gone
    /// out or was made anew: when nothing is on its way any more, so that all of it goes once for
    /// many pushes.
    ///
    /// - Returns: whether there was any.
    @discardableResult
    func releaseDependents() -> Bool {
        guard hasMovedOn, pushes.isEmpty, !dependents.isEmpty else { return false }
        hasMovedOn = false
        for dependent in dependents { release(dependent.parts.flatMap(\.changes)) }
        dependents = []
        return true
    }

    /// That there is nothing more to push, unless some of it waits for pushes that are out.
    private var nothingMore: [ClientSession.Event] {
        dependents.isEmpty || pushes.isEmpty ? [.nothingMore] : []
    }

    /// Lets go of changes that were made anew, or refused, after they were pushed: what the server
    /// says of the old ones is no matter.
    ///
    /// - Returns: whether none is left that waits as it was pushed.
    private func releaseStale(_ parts: [OutgoingPart]) throws -> Bool {
        let pushed = parts.flatMap(\.changes)
        let stale = try library.store.read { reader in
            try pushed.filter { change in
                let present = try reader.change(of: change.document, at: change.index)
                if case .refused? = present?.state { return true }
                return present?.bytes != change.bytes
            }
        }
        release(stale)
        return stale.count == pushed.count
    }

    /// Lets changes be pushed again, if they are still in the outbox.
    private func release(_ changes: [StoredChange]) {
        for change in changes {
            busy.remove(ChangePlace(document: change.document, index: change.index))
        }
    }
}

extension StoredChange {
    /// Whether it is in a private annotation set.
    fileprivate var isPrivate: Bool { document.kind == .privateAnnotations }
}
