import GlossCore
import GlossProtocol
import TestSupport
import Testing

/// A transcript, said by client sessions.
///
/// Ids of messages are a client's own choice, so they are translated both ways. What Gloss's client
/// would never push is left out with its refusal: changes that no decoder takes, and changes of a
/// document that it does not follow.
struct ClientReplay {
    private let transcript: Transcript
    private var sessions: [Int: ClientSession] = [:]
    private var said: [Int: [ClientMessage]] = [:]
    /// The session's id for each one of the transcript, by connection.
    private var ids: [Int: [Int: Int]] = [:]
    private var followed: [Int: Set<DocumentID>] = [:]
    /// How many pushes sessions have sent.
    private(set) var pushCount = 0

    init(_ transcript: Transcript) throws {
        self.transcript = transcript
    }

    /// What a session said and the transcript has not.
    var unsaid: [ClientMessage] { said.sorted { $0.key < $1.key }.flatMap(\.value) }

    mutating func play(_ index: Int) throws {
        let step = transcript.steps[index]
        guard let line = step.line, step.connection > 0 else { return }
        if step.isOfClient {
            try expect(try ClientMessage.decode(line), on: step.connection, index)
        } else if let message = translated(try ServerMessage.decode(line), on: step.connection) {
            handle(.line(message.encode()), on: step.connection)
        }
    }

    // MARK: Clients

    private mutating func expect(
        _ message: ClientMessage, on connection: Int, _ index: Int
    ) throws {
        if said[connection, default: []].isEmpty {
            guard try cause(message, on: connection, index) else { return }
        }
        let first = said[connection]?.first
        #expect(first != nil, "\(transcript.name) \(index): nothing where there is \(message)")
        guard let first else { return }
        said[connection]?.removeFirst()
        if let id = message.id, let own = first.id { ids[connection, default: [:]][id] = own }
        #expect(first.with(id: 0) == message.with(id: 0), "\(transcript.name) \(index)")
    }

    /// Has the session say something, if Gloss's client would.
    private mutating func cause(
        _ message: ClientMessage, on connection: Int, _ index: Int
    ) throws -> Bool {
        switch message {
        case .hello(let hello):
            let credential = try #require(hello.auth)
            sessions[connection] = ClientSession(
                mode: .stay, credential: credential, software: hello.software, now: 0)
            handle(.connected, on: connection)
        case .docs(let request):
            handle(.list(request.library, creating: request.creating), on: connection)
        case .sub(let request):
            followed[connection, default: []].insert(request.doc)
            let vector = try request.vector ?? laterVector(request.doc, on: connection, index)
            handle(
                .follow(
                    ClientSession.LocalDocument(
                        doc: request.doc, at: request.at, sum: request.sum, vector: vector,
                        acknowledged: VersionVector(), own: VersionVector())), on: connection)
        case .push(let push):
            let isFollowed = push.parts.allSatisfy {
                followed[connection, default: []].contains($0.doc)
            }
            let batches = try? push.parts.map { part in
                ChangeBatch(doc: part.doc, changes: try part.changes.map { try EncodedChange($0) })
            }
            guard isFollowed, let batches else { return false }
            pushCount += 1
            handle(.push(id: pushCount, parts: batches), on: connection)
        case .unsub(let unsubscribe): handle(.unfollow(unsubscribe.doc), on: connection)
        case .pres(let report): handle(.show(report.doc, report.state), on: connection)
        case .bye: handle(.stop, on: connection)
        case .ping, .pong, .err: break
        case .give, .receipt: return false
        }
        return true
    }

    /// The vector that a client sends when its position did not do.
    private func laterVector(
        _ doc: DocumentID, on connection: Int, _ index: Int
    ) throws -> VersionVector {
        for step in transcript.steps.dropFirst(index + 1)
        where step.isOfClient && step.connection == connection {
            if let line = step.line, case .sub(let request) = try ClientMessage.decode(line),
                request.doc == doc, let vector = request.vector
            {
                return vector
            }
        }
        return VersionVector()
    }

    private mutating func handle(_ event: ClientSession.Event, on connection: Int) {
        var events = [event]
        while !events.isEmpty {
            for action in sessions[connection]?.handle(events.removeFirst(), now: 0) ?? [] {
                switch action {
                case .send(let message): said[connection, default: []].append(message)
                case .offer(let id): events.append(.offered(id: id))
                case .caughtUp(let live):
                    events.append(
                        .reached(live.doc, at: live.at, sum: live.sum, state: live.state))
                case .failed(let failure):
                    #expect(
                        [.shuttingDown, .deviceRevoked].contains(failure.code),
                        "\(transcript.name): \(failure)")
                default: break
                }
            }
        }
    }

    // MARK: Servers

    /// A message with the id that the session knows; `nil` if it answers what was left out.
    private func translated(_ message: ServerMessage, on connection: Int) -> ServerMessage? {
        let known = ids[connection] ?? [:]
        switch message {
        case .welcome(var welcome):
            guard let id = known[welcome.id] else { return nil }
            welcome.id = id
            return .welcome(welcome)
        case .docs(var page):
            guard let id = known[page.id] else { return nil }
            page.id = id
            return .docs(page)
        case .have(var have):
            guard let id = known[have.id] else { return nil }
            have.id = id
            return .have(have)
        case .ack(var ack):
            guard let id = known[ack.id] else { return nil }
            ack.id = id
            return .ack(ack)
        case .nack(var nack):
            guard let id = known[nack.id] else { return nil }
            nack.id = id
            return .nack(nack)
        case .err(var failure):
            failure.id = failure.id.flatMap { known[$0] }
            return .err(failure)
        default: return message
        }
    }
}

extension ClientMessage {
    /// Its id, where it has one that an answer repeats.
    fileprivate var id: Int? {
        switch self {
        case .hello(let hello): hello.id
        case .docs(let request): request.id
        case .sub(let request): request.id
        case .push(let push): push.id
        case .give(let give): give.id
        case .receipt(let request): request.id
        case .unsub, .pres, .ping, .pong, .err, .bye: nil
        }
    }

    /// The same under another id.
    fileprivate func with(id: Int) -> ClientMessage {
        switch self {
        case .hello(var hello):
            hello.id = id
            // Those of the transcripts do without.
            hello.capabilities = []
            return .hello(hello)
        case .docs(var request):
            request.id = id
            return .docs(request)
        case .sub(var request):
            request.id = id
            return .sub(request)
        case .push(var push):
            push.id = id
            return .push(push)
        case .give(var give):
            give.id = id
            return .give(give)
        case .receipt(var request):
            request.id = id
            return .receipt(request)
        case .unsub, .pres, .ping, .pong, .err, .bye: return self
        }
    }
}
