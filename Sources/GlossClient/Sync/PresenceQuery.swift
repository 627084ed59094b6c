import GlossCore
import GlossProtocol
import GlossStorage
import GlossTransport

/// Asks a server who is in some articles: follows them for that long, unseen, and takes nothing in.
struct PresenceQuery {
    let server: Profile.Server
    let library: LibraryID?
    let connection: LineConnection
    let now: () -> Int
    private var session: ClientSession
    private var articles: [ClientSession.LocalDocument]
    /// Articles that the server has not answered for.
    private var waiting: Set<DocumentID>
    private var found: [DocumentID: PresentPeers] = [:]
    private var failure: ClientError?

    init(
        _ articles: [ClientSession.LocalDocument], of library: LibraryID?, server: Profile.Server,
        credential: Credential, connection: LineConnection, now: @escaping () -> Int
    ) {
        self.articles = articles
        self.library = library
        self.server = server
        self.connection = connection
        self.now = now
        waiting = Set(articles.map(\.doc))
        session = ClientSession(
            mode: .stay, credential: credential, software: "gloss/\(GlossVersion.current)",
            now: now())
    }

    /// Who is in the articles that the server knows and this user may read.
    mutating func run() async throws -> [DocumentID: PresentPeers] {
        try await handle(.connected)
        var lines = connection.lines.makeAsyncIterator()
        while !session.isClosed {
            let line: [UInt8]?
            do throws(TransportError) { line = try await lines.next() } catch {
                throw ClientError(error, server: server)
            }
            try await handle(line.map { .line($0) } ?? .peerClosed)
        }
        if let failure { throw failure }
        return found
    }

    private mutating func handle(_ event: ClientSession.Event) async throws {
        var events = [event]
        while !events.isEmpty {
            var lines: [[UInt8]] = []
            for action in session.handle(events.removeFirst(), now: now()) {
                if case .send(let message) = action {
                    lines.append(message.encode())
                } else {
                    events += perform(action)
                }
            }
            guard !lines.isEmpty else { continue }
            do throws(TransportError) { try await connection.send(lines) } catch {
                if !session.isClosed { throw ClientError(error, server: server) }
            }
        }
    }

    private mutating func perform(_ action: ClientSession.Action) -> [ClientSession.Event] {
        switch action {
        case .setLineLimit(let limit):
            connection.setLineLimit(limit)
            return []
        case .welcomed(let welcome):
            guard let library, welcome.libraries.contains(where: { $0.id == library }) else {
                failure = ClientError(
                    .notAllowed, "You are no member of this library any more.",
                    tries: [ClientError.askForInvitation])
                return [.stop]
            }
            if articles.isEmpty { return [.stop] }
            return articles.flatMap { [.follow($0), .show($0.doc, nil)] }
        case .presence(let news):
            _ = found[news.doc, default: PresentPeers()].take(news)
            return done(with: news.doc)
        // What cannot be followed has nobody in it that this device may know of.
        case .documentFailed(let doc, _), .copied(let doc, _): return done(with: doc)
        case .revoked(let revoked):
            if case .document(let doc) = revoked.subject { return done(with: doc) }
            failure = ClientError(.notAllowed, "The server says: \(revoked.message)")
            return [.stop]
        case .presenceUnknown:
            failure = ClientError(
                .refused,
                "\(server.host):\(server.port) does not tell who is there; it is older than that.")
            return [.stop]
        case .failed(let failure):
            self.failure = self.failure ?? ClientError(failure, server: server)
            return []
        default: return []
        }
    }

    private mutating func done(with doc: DocumentID) -> [ClientSession.Event] {
        waiting.remove(doc)
        return waiting.isEmpty ? [.stop] : [.unfollow(doc)]
    }
}
