import GlossCore
import GlossCrypto
import GlossProtocol
import Testing

/// A server of one library that keeps its logs in memory, for ``PairedSessionTests``.
struct MemoryServer {
    struct Log {
        var rows: [CommittedChange] = []
        var hashes: [ChangeHash] = []
        var vector = VersionVector()

        func sum(at position: Int) -> Checksum {
            hashes.prefix(position).reduce(Checksum()) { $0.adding($1) }
        }
    }

    var logs: [DocumentID: Log] = [:]

    /// Appends a change; gives its position.
    mutating func append(_ change: EncodedChange, to doc: DocumentID) -> Int {
        var log = logs[doc] ?? Log()
        if let known = log.rows.first(where: { $0.change.bytes == change.bytes }) {
            return known.at
        }
        // Hashes without causes: what matters here is that both sides compute the same.
        log.hashes.append(Self.hash(change))
        log.vector[change.change.agent] = change.change.endSeq
        let at = log.rows.count + 1
        log.rows.append(
            CommittedChange(
                at: at, user: "ana", device: "laptop", time: 1_000 + at, change: RawChange(change)))
        logs[doc] = log
        return at
    }

    static func hash(_ change: EncodedChange) -> ChangeHash {
        let previous = change.change.seq == 0 ? nil : ChangeHash(digest: SHA256.hash([]))
        return ChangeHash(of: change, previous: previous, dependencies: [])
    }

    /// What the driver of a session would answer to an action, if it is for the driver.
    mutating func answer(_ action: ServerSession.Action) -> [ServerSession.Event] {
        switch action {
        case .authenticate: return [.authenticated(.admitted(Sample.admission))]
        case .listDocuments(let request):
            for doc in request.creating {
                for doc in [doc, doc.annotations] { logs[doc] = logs[doc] ?? Log() }
            }
            let docs = logs.keys.sorted()
            let summaries = docs.map {
                DocumentSummary(doc: $0, kind: $0.kind, at: logs[$0]?.rows.count ?? 0)
            }
            return [
                .listed(
                    DocumentsPage(
                        id: request.id, library: request.library, documents: summaries,
                        more: false))
            ]
        case .subscribe(let request):
            guard let log = logs[request.doc] else {
                return [
                    .subscribeRefused(
                        id: request.id, doc: request.doc, code: .notFound, message: "")
                ]
            }
            let matches = request.at <= log.rows.count && log.sum(at: request.at) == request.sum
            let following = ServerSession.Following(
                head: log.rows.count, sum: log.sum(at: log.rows.count), vector: log.vector,
                role: .editor, resume: matches ? .position : .vector)
            return [.subscribed(id: request.id, doc: request.doc, following)]
        case .push(let id, let parts):
            var acks: [AckPart] = []
            for part in parts {
                var positions: [Int] = []
                for change in part.changes { positions.append(append(change, to: part.doc)) }
                acks.append(AckPart(doc: part.doc, positions: positions))
            }
            return [.pushDecided(id: id, .committed(parts: acks, time: 77))]
                + parts.map { .advanced($0.doc, head: logs[$0.doc]?.rows.count ?? 0) }
        case .sendLog(let doc, let after):
            guard let log = logs[doc] else { return [] }
            let rows = Array(log.rows.dropFirst(after).prefix(3))
            return [
                .logRead(
                    ServerSession.LogSlice(
                        doc: doc, after: after, rows: rows, head: log.rows.count,
                        sum: log.sum(at: after + rows.count)))
            ]
        case .send, .setLineLimit, .unsubscribe, .takePresence, .give, .makeReceipt,
            .clientReported,
            .close:
            return []
        }
    }
}

/// A device that keeps the changes of its documents in memory.
struct MemoryClient {
    struct Replica {
        var changes: [EncodedChange] = []
        var at = 0
        var acknowledged: [EncodedChange] = []
        var outbox: [EncodedChange] = []
    }

    let agent: AgentID
    var replicas: [DocumentID: Replica] = [:]
    var pushed: [Int: [ChangeBatch]] = [:]
    var log: [String] = []

    init(agent: UInt64) {
        self.agent = AgentID(rawValue: agent)
    }

    func sum(_ doc: DocumentID) -> Checksum {
        let replica = replicas[doc] ?? Replica()
        return (replica.changes + replica.acknowledged).reduce(Checksum()) {
            $0.adding(MemoryServer.hash($1))
        }
    }

    func local(_ doc: DocumentID) -> ClientSession.LocalDocument {
        let replica = replicas[doc] ?? Replica()
        func vector(_ changes: [EncodedChange]) -> VersionVector {
            var vector = VersionVector()
            for change in changes.map(\.change) { vector[change.agent] = change.endSeq }
            return vector
        }
        let all = replica.changes + replica.acknowledged + replica.outbox
        return ClientSession.LocalDocument(
            doc: doc, at: replica.at, sum: sum(doc),
            vector: vector(replica.changes + replica.acknowledged),
            acknowledged: vector(replica.acknowledged),
            own: vector(all.filter { $0.change.agent == agent }))
    }

    /// Notes that the server has a change of this device.
    private mutating func settle(_ change: EncodedChange, in doc: DocumentID) {
        guard let index = replicas[doc]?.outbox.firstIndex(of: change) else { return }
        replicas[doc]?.outbox.remove(at: index)
        replicas[doc]?.acknowledged.append(change)
    }

    /// What the driver of a session would answer to an action, if it is for the driver.
    mutating func answer(_ action: ClientSession.Action) -> [ClientSession.Event] {
        switch action {
        case .welcomed:
            return [
                .list(
                    Sample.library, creating: replicas.keys.filter { $0.kind == .article }.sorted())
            ]
        case .documentsKnown(_, let docs):
            var events: [ClientSession.Event] = docs.map { .follow(local($0)) }
            for doc in docs {
                guard let outbox = replicas[doc]?.outbox, !outbox.isEmpty else { continue }
                let id = pushed.count
                pushed[id] = [ChangeBatch(doc: doc, changes: outbox)]
                events.append(.push(id: id, parts: [ChangeBatch(doc: doc, changes: outbox)]))
            }
            return events + [.nothingMore]
        case .offer(let id):
            log.append("offer")
            return [.offered(id: id)]
        case .acknowledged(let id, let parts, _):
            for part in pushed[id] ?? [] {
                for change in part.changes { settle(change, in: part.doc) }
            }
            log.append("ack \(parts.map(\.positions))")
            return []
        case .integrate(let doc, let rows, let to):
            for change in rows.map(\.change) {
                if change.change.agent == agent {
                    settle(change, in: doc)
                } else {
                    replicas[doc, default: Replica()].changes.append(change)
                }
            }
            replicas[doc]?.at = to
            return []
        case .caughtUp(let live):
            replicas[live.doc, default: Replica()].at = live.at
            return [.reached(live.doc, at: live.at, sum: sum(live.doc), state: nil)]
        case .diverged:
            log.append("\(action)")
            return [.nothingMore]
        case .settled, .failed, .documentFailed, .copied:
            log.append("\(action)")
            return []
        default: return []
        }
    }
}

/// Both sessions, wired to each other.
struct SessionPair {
    /// What becomes of a line on its way, and what else is said behind it.
    var alter: (([UInt8]) -> [[UInt8]])?

    /// A line on its way, as the other side gets it. One that is not altered is of this version.
    private func lines(_ event: ServerSession.Event) -> [ServerSession.Event] {
        guard case .line(let line) = event, let alter else { return [event] }
        return alter(line).map { .line($0) }
    }

    private func lines(_ event: ClientSession.Event) -> [ClientSession.Event] {
        guard case .line(let line) = event, let alter else { return [event] }
        return alter(line).map { .line($0) }
    }

    /// Runs both sides until nobody has anything to say.
    func run(_ client: inout MemoryClient, _ server: inout MemoryServer) {
        var left = ClientSession(
            mode: .once, credential: Sample.credential, software: "test", now: 0)
        var right = ServerSession(now: 0)
        var toLeft: [ClientSession.Event] = [.connected]
        var toRight: [ServerSession.Event] = []
        while !toLeft.isEmpty || !toRight.isEmpty {
            if !toLeft.isEmpty {
                for action in left.handle(toLeft.removeFirst(), now: 0) {
                    if case .send(let message) = action {
                        toRight += lines(
                            alter == nil ? Sample.line(message) : Sample.broken(message))
                    }
                    toLeft += client.answer(action)
                }
            }
            if !toRight.isEmpty {
                for action in right.handle(toRight.removeFirst(), now: 0) {
                    if case .send(let message) = action {
                        toLeft += lines(
                            alter == nil ? Sample.line(message) : Sample.broken(message))
                    }
                    toRight += server.answer(action)
                }
            }
        }
        #expect(left.isClosed)
        #expect(right.isClosed)
    }
}

@Suite struct PairedSessionTests {
    private func run(_ client: inout MemoryClient, _ server: inout MemoryServer) {
        SessionPair().run(&client, &server)
    }

    private func write(
        _ count: Int, in doc: DocumentID, by client: inout MemoryClient
    ) throws {
        for _ in 0..<count {
            let next = client.local(doc).own[client.agent]
            client.replicas[doc, default: .init()].outbox.append(
                try Sample.change(client.agent, seq: next))
        }
    }

    @Test func `Two devices that sync in turn end with the same changes`() throws {
        var server = MemoryServer()
        var ana = MemoryClient(agent: 0xA)
        var bo = MemoryClient(agent: 0xB)
        let doc = Sample.article
        try write(5, in: doc, by: &ana)
        run(&ana, &server)
        #expect(ana.log == ["offer", "ack [[1, 2, 3, 4, 5]]", "settled"])
        run(&bo, &server)
        #expect(bo.log == ["settled"])
        #expect(bo.replicas[doc]?.changes.count == 5)
        try write(4, in: doc, by: &bo)
        run(&bo, &server)
        try write(2, in: doc, by: &ana)
        run(&ana, &server)
        run(&bo, &server)
        run(&ana, &server)
        #expect(server.logs[doc]?.rows.count == 11)
        for client in [ana, bo] {
            #expect(client.sum(doc) == server.logs[doc]?.sum(at: 11))
            #expect(client.replicas[doc]?.at == 11)
            #expect(client.replicas[doc]?.outbox.isEmpty == true)
        }
    }

    @Test func `A push whose ack was lost is pushed again without harm`() throws {
        var server = MemoryServer()
        var ana = MemoryClient(agent: 0xA)
        try write(3, in: Sample.article, by: &ana)
        let before = ana
        run(&ana, &server)
        var again = before
        run(&again, &server)
        #expect(again.log == ["offer", "ack [[1, 2, 3]]", "settled"])
        #expect(server.logs[Sample.article]?.rows.count == 3)
    }

    @Test func `A server with another log is compared by vectors`() throws {
        var server = MemoryServer()
        var ana = MemoryClient(agent: 0xA)
        var bo = MemoryClient(agent: 0xB)
        let doc = Sample.article
        try write(2, in: doc, by: &ana)
        run(&ana, &server)
        try write(2, in: doc, by: &bo)
        run(&bo, &server)
        run(&ana, &server)
        #expect(ana.replicas[doc]?.at == 4)

        var other = MemoryServer()
        for row in (server.logs[doc]?.rows ?? []).reversed() {
            _ = other.append(try EncodedChange(row.change), to: doc)
        }
        other.logs[doc]?.vector = server.logs[doc]?.vector ?? VersionVector()
        var cy = MemoryClient(agent: 0xC)
        try write(1, in: doc, by: &cy)
        run(&cy, &other)
        run(&ana, &other)
        #expect(ana.log.last == "settled")
        #expect(ana.sum(doc) == other.logs[doc]?.sum(at: 5))
    }

    @Test func `A device that lost a change without knowing finds out`() throws {
        var server = MemoryServer()
        var ana = MemoryClient(agent: 0xA)
        let doc = Sample.article
        try write(3, in: doc, by: &ana)
        run(&ana, &server)
        server.logs[doc]?.hashes[1] = ChangeHash(digest: SHA256.hash([]))
        run(&ana, &server)
        #expect(ana.log.contains { $0.hasPrefix("diverged") })
    }
}
