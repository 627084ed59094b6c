import GlossCore
import GlossProtocol
import GlossStorage
import GlossTransport

/// Drives one ``ClientSession`` over one connection: carries out its actions on the library's file
/// and the socket, one event after the other.
actor SyncDriver {
    /// What can happen to the driver.
    enum Input {
        /// A line; the reader waits until it is taken.
        case line([UInt8], taken: CheckedContinuation<Void, Never>)
        case framingFailed
        case closed
        case tick
        case stop
    }

    /// Milliseconds between looks at the clock and, when watching, at the outbox.
    private static let interval = 250

    let library: Library
    let server: Profile.Server
    let mode: SyncMode
    let lostWork: LostWork
    let connection: LineConnection
    let onEvent: @Sendable (SyncEvent) -> Void
    var session: ClientSession
    var report = SyncReport()
    /// What changes came into last.
    var cache = ReplicaCache()
    var authors: Set<String> = []
    /// Pushes that are out, by id.
    var pushes: [Int: [OutgoingPart]] = [:]
    var nextPush = 0
    /// Changes that are in a push, or that the server will not take now.
    var busy: Set<ChangePlace> = []
    /// Documents in which what was lost makes way for what has its numbers now, and how far that is.
    var makingWay: [DocumentID: MakingWay] = [:]
    /// Documents that were read anew because they differed.
    var resynced: Set<DocumentID> = []
    var followed: Set<DocumentID> = []
    /// Documents that are followed no more on this connection, since something is wrong with them.
    var givenUp: Set<DocumentID> = []
    /// Documents of which everything the server has came in on this connection.
    var caughtUp: Set<DocumentID> = []
    /// Documents that were live on this connection.
    var arrived: Set<DocumentID> = []
    /// From which position each document was asked for last.
    var asked: [DocumentID: Int] = [:]
    /// What the server said it has of each document.
    var vectors: [DocumentID: VersionVector] = [:]
    /// How far giving back by receipts is.
    var returns: [DocumentID: ReturnStage] = [:]
    /// What was given back on this connection: it has a place in the log that is not known here yet.
    var returned: [DocumentID: Set<OpID>] = [:]
    /// Why changes wait, as far as it was told.
    var toldReasons: Set<String> = []
    /// What others made, the server has lost and nobody had given back when everything it has came in.
    var lostChanges: [DocumentID: [OpID]] = [:]
    /// The lineage of the server's logs.
    private(set) var lineage: UInt64 = 0
    /// Documents whose agent retired on this connection.
    var retired: Set<DocumentID> = []
    /// Documents made here that the server does not have yet: they wait until it does.
    var unknownToServer: Set<DocumentID> = []
    /// Whether this connection was good for something: all was in line once, or changes went through.
    var hasProgressed: Bool { hasSettled || report.sent > 0 || report.received > 0 }
    private var hasSettled = false
    /// How many milliseconds the server asked to wait before the next connection, if it did.
    private(set) var askedDelay: Int?
    private(set) var libraryID: LibraryID?
    /// What the server says this user may do.
    var role = Role.reader
    /// Documents that the server has purged, now or before.
    var purged: Set<DocumentID> = []
    /// Articles that the server had lost, and that were made there again on this connection.
    var broughtBack: Set<DocumentID> = []
    /// Those of them that the server has not made yet, in the order of asking.
    var lost: [DocumentID] = []
    /// Private sets that the server was asked to make on this connection.
    var askedSets: Set<DocumentID> = []
    /// Those of them that it had before, and has not made again yet.
    var lostSets: Set<DocumentID> = []
    /// Those of them that it could not make just now.
    var deferredSets: Set<DocumentID> = []
    /// Whether the library is being listed without making new articles in it.
    var isListingAlone = false
    /// Whether it is since the server could not make them just now.
    var isListingDeferred = false
    /// Documents that it could not give just now.
    var deferredDocuments: Set<DocumentID> = []
    /// Pushes that came before something they depend on.
    var dependents: [Dependent] = []
    /// Whether pushes were taken, or refused for good, since dependents were last pushed.
    var hasMovedOn = false
    /// Changes that the server would not take just now, and when they are pushed again.
    var deferred: [ChangePlace] = []
    var retryTime: Int?
    var retryBackoff = Backoff()
    /// What the server was told to show of this device, by article.
    var shown: [DocumentID: PresenceState?] = [:]
    /// Where that was, and how many documents were followed then.
    var shownPlace: ReadingPlace?
    var askedCount = 0
    /// Who else is in each article.
    var present: [DocumentID: PresentPeers] = [:]
    private var failure: ClientError?
    /// Of the bytes that have come, how many the session was told of.
    private var stirredByteCount = 0
    /// The code with which the server ended the session, if it did.
    private(set) var refusal: ErrorCode?
    private let start: Int

    /// A change's place in the library's file.
    struct ChangePlace: Hashable {
        var document: DocumentID
        var index: Int
    }

    /// What a push has for one document.
    struct OutgoingPart {
        var document: DocumentID
        var changes: [StoredChange]
    }

    /// A push that the server will take when it has more, and what it said.
    struct Dependent {
        var parts: [OutgoingPart]
        var message: String
    }

    init(
        library: Library, server: Profile.Server, connection: LineConnection,
        credential: Credential, mode: SyncMode, lostWork: LostWork = .wait,
        onEvent: @escaping @Sendable (SyncEvent) -> Void
    ) {
        self.library = library
        self.server = server
        self.connection = connection
        self.mode = mode
        self.lostWork = lostWork
        self.onEvent = onEvent
        start = library.environment.steady()
        report.server = "\(server.host):\(server.port)"
        session = ClientSession(
            mode: mode == .once ? .once : .stay, credential: credential,
            software: "gloss/\(GlossVersion.current)", now: 0)
    }

    var now: Int { library.environment.steady() - start }

    /// Runs until the session is over.
    func run() async throws -> SyncReport {
        let (inputs, sink) = AsyncStream<Input>.makeStream()
        let reader = Task { [connection] in await SyncDriver.read(connection, into: sink) }
        let ticker = Task { [environment = library.environment] in
            while !Task.isCancelled {
                try? await environment.sleep(.milliseconds(SyncDriver.interval))
                sink.yield(.tick)
            }
        }
        defer {
            reader.cancel()
            ticker.cancel()
            sink.finish()
        }
        do {
            try await withTaskCancellationHandler {
                try await loop(inputs)
            } onCancel: {
                sink.yield(.stop)
            }
        } catch {
            connection.abort()
            await release(inputs, sink)
            throw error
        }
        await connection.close()
        await release(inputs, sink)
        if let failure { throw failure }
        return summary
    }

    /// What was done on this connection, and what stands in the way now.
    var summary: SyncReport {
        var summary = report
        summary.authors = authors.sorted()
        let lost = stillLost
        summary.lost = lost.count
        summary.lostAuthors = Set(lost.compactMap(\.user)).sorted()
        // What waited earlier may have been taken since.
        let waits =
            mode == .once || !deferred.isEmpty || !deferredSets.isEmpty || isListingAlone
            || returns.values.contains(where: \.isDeferred)
        summary.postponed = (waits ? report.postponed : []) + dependents.map(\.message)
        return summary
    }

    /// What was found lost and has not come back since.
    private var stillLost: [StoredChange] {
        let found = try? library.store.read { reader in
            try lostChanges.flatMap { document, ids in
                try ids.compactMap { try reader.change(of: document, holding: $0) }
            }
        }
        return (found ?? []).filter(\.isLost)
    }

    private func loop(_ inputs: AsyncStream<Input>) async throws {
        try await handle(.connected)
        for await input in inputs {
            switch input {
            case .line(let line, let taken):
                defer { taken.resume() }
                try await handle(.line(line))
            case .framingFailed: try await handle(.framingFailed)
            case .closed: try await handle(.peerClosed)
            case .stop: try await handle(.stop)
            case .tick:
                if mode == .watch, libraryID != nil {
                    for event in try releaseDeferred() { try await handle(event) }
                    try await pushOutbox()
                    try await showPlace()
                }
                let byteCount = connection.receivedByteCount
                if byteCount != stirredByteCount {
                    stirredByteCount = byteCount
                    try await handle(.stirred)
                }
                try await handle(.tick)
            }
            if session.isClosed { return }
        }
    }

    private static func read(
        _ connection: LineConnection, into sink: AsyncStream<Input>.Continuation
    ) async {
        do throws(TransportError) {
            for try await line in connection.lines {
                await withCheckedContinuation { taken in
                    if case .terminated = sink.yield(.line(line, taken: taken)) { taken.resume() }
                }
            }
            sink.yield(.closed)
        } catch {
            if case .lineTooLong = error { sink.yield(.framingFailed) } else { sink.yield(.closed) }
        }
    }

    /// Lets go of a reader that waits for its line to be taken.
    private func release(
        _ inputs: AsyncStream<Input>, _ sink: AsyncStream<Input>.Continuation
    ) async {
        sink.finish()
        for await input in inputs {
            if case .line(_, let taken) = input { taken.resume() }
        }
    }

    // MARK: Events and actions

    /// Gives the session an event and carries out what it says, and what follows from that.
    func handle(_ event: ClientSession.Event) async throws {
        var events = [event]
        while !events.isEmpty {
            let event = events.removeFirst()
            // There is more: what is followed again behind an answer.
            if case .nothingMore = event, awaitsAnswers { continue }
            let actions = session.handle(event, now: now)
            var lines: [[UInt8]] = []
            for action in actions {
                if case .send(let message) = action {
                    if case .sub(let request) = message { try note(request) }
                    lines.append(message.encode())
                } else {
                    events += try perform(action)
                }
            }
            // Not waited for: a server that is not read from reads nothing either. What may be under way
            // is bounded by its credit, and who reads hears that a connection is lost.
            if !lines.isEmpty { connection.send(lines) { _ in } }
        }
    }

    /// Carries out an action; gives the events that follow from it.
    private func perform(_ action: ClientSession.Action) throws -> [ClientSession.Event] {
        switch action {
        case .send, .lagging, .presenceUnknown: return []
        case .setLineLimit(let limit):
            connection.setLineLimit(limit)
            return []
        case .welcomed(let welcome): return try take(welcome)
        case .documentsKnown(_, let documents): return try know(documents)
        case .listFailed(let library, let failure): return try listFailed(library, failure)
        case .setsKnown(_, let sets): return try know(sets)
        case .setsFailed(let sets, let failure): return try setsFailed(sets, failure)
        case .serverHas(let have):
            try keep(have.role, of: have.doc)
            try noteLosses(have)
            return []
        case .given(let document, let leftOut): return try given(document, leftOut)
        case .receiptMade(let answer): return try takeReceipt(answer)
        case .giveRefused(let document, let failure): return try refuseGiven(document, failure)
        case .serverLacks(let document, let vector): return try giveBack(document, vector)
        case .copied(let document, let vector): return try goOnAsCopy(document, vector)
        case .integrate(let document, let changes, let position):
            return try integrate(document, changes, to: position)
        case .caughtUp(let live): return try catchUp(live)
        case .diverged(let document): return try readAnew(document)
        case .revoked(let revoked):
            return try unfollow(revoked)
        case .roleChanged(let change):
            try keep(change)
            return []
        case .documentFailed(let document, let failure):
            return try failed(document, failure)
        case .presence(let news):
            takePresence(news)
            return []
        case .offer(let id): return try offer(id)
        case .acknowledged(let id, let parts, let time):
            return try acknowledge(id, parts, time) + followPaused()
        case .refused(let id, let nack): return try refuse(id, nack) + followPaused()
        case .dropped(let id): return try dropped(id) + followPaused()
        case .settled:
            hasSettled = true
            try note {
                try $0.setMeta(.lastSyncAt, to: "\(library.environment.now())")
            }
            onEvent(.settled)
            return []
        case .failed(let failure):
            self.failure = ClientError(failure, server: server)
            refusal = failure.code
            askedDelay = failure.delay
            return []
        case .close: return []
        }
    }

    private func unfollow(_ revoked: Revoked) throws -> [ClientSession.Event] {
        switch revoked.subject {
        case .document(let document):
            // What is made meanwhile waits, and all goes on when it may be read again.
            for document in try documents(of: article(of: document)) {
                stopFollowing(document)
                if returns[document]?.current != nil { returns[document] = nil }
                makingWay[document] = nil
                shown[document] = nil
                present[document] = nil
            }
            fail(document, revoked.message)
            return [.nothingMore]
        case .library:
            failure = ClientError(
                .notAllowed, "The server says: \(revoked.message)",
                tries: ["ask whoever runs the server"])
            return followed.sorted().map { .unfollow($0) } + [.stop]
        }
    }

    private func take(_ welcome: Welcome) throws -> [ClientSession.Event] {
        let profile = try library.profile()
        if let joined = welcome.joined, let own = profile.library, joined != own {
            // A server that does not know `lib` has let the user in before it could be told.
            let name = welcome.libraries.first { $0.id == joined }?.name ?? "\(joined)"
            failure = ClientError(
                .refused,
                "The invitation was for the library “\(name)” and is used up: \(welcome.user) is a "
                    + "member there now. Here is “\(profile.libraryName ?? "")” as before.",
                tries: [
                    "ask whoever runs the server for another one (glossd invite --for "
                        + "\(welcome.user)), then: gloss join LINK --library DIRECTORY"
                ])
            return [.stop]
        }
        let wanted = profile.library ?? welcome.joined
        guard let summary = welcome.libraries.first(where: { $0.id == wanted }) else {
            failure = ClientError(
                .notAllowed, "You are no member of this library any more.",
                tries: [ClientError.askForInvitation])
            return [.stop]
        }
        libraryID = summary.id
        role = summary.role
        lineage = welcome.log
        let records = try library.store.write { writer in
            try writer.keep(welcome, summary, server: server)
            return try writer.replicas()
        }
        purged = Set(records.filter(\.purged).map(\.id))
        unknownToServer = Set(records.filter(\.createdLocally).map(\.id)).subtracting(purged)
        onEvent(.connected(server: report.server))
        let created = try articlesToMake()
        let known = records.map(\.id).filter { !unknownToServer.contains($0) }
        return try [.list(summary.id, creating: created)] + follow(known) + makeSets()
            + outboxEvents() + [.nothingMore]
    }

    /// Goes on without the articles that the server would not make; they stay here, unsent.
    private func listFailed(
        _ library: LibraryID, _ failure: Failure
    ) throws -> [ClientSession.Event] {
        if failure.code == .notFound, let article = lost.first {
            // It was not lost: it is in another library, or hidden from this user.
            lost.removeFirst()
            fail(article, Self.unreadable)
            return try outboxEvents() + [.nothingMore]
        }
        guard !unknownToServer.isEmpty, !isListingAlone else {
            self.failure = ClientError(failure, server: server)
            return [.nothingMore]
        }
        isListingAlone = true
        if failure.code == .gone {
            // One of them was purged. Asked for one by one, each says for itself.
            let documents = unknownToServer.filter { $0.kind != .privateAnnotations }.sorted()
            return try follow(documents) + [.list(library, creating: [])]
        }
        postpone("new articles stay here: \(failure.message)")
        if failure.isPassing {
            isListingDeferred = true
            scheduleRetry()
        }
        return [.list(library, creating: []), .nothingMore]
    }

    private func pushOutbox() async throws {
        for event in try newcomers() + outboxEvents() { try await handle(event) }
    }

    /// Has documents made that were begun here since this connection began.
    private func newcomers() throws -> [ClientSession.Event] {
        guard let libraryID else { return [] }
        let new = try library.store.read { reader in
            let waiting = Set(try reader.unacknowledged().map(\.document))
            return try waiting.filter { document in
                try !followed.contains(document) && !purged.contains(document)
                    && !unknownToServer.contains(document)
                    && reader.replica(document)?.createdLocally == true
            }
        }
        let articles = new.filter { $0.kind != .privateAnnotations }.map(\.article)
        unknownToServer.formUnion(new)
        unknownToServer.formUnion(articles.flatMap { [$0, $0.annotations] })
        let created = Set(articles).sorted()
        let list: [ClientSession.Event] =
            created.isEmpty || isListingAlone
            ? [] : [.list(libraryID, creating: created), .nothingMore]
        return try list + makeSets()
    }
}
