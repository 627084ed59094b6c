import GlossCore
import GlossProtocol
import GlossTransport

/// A member who speaks the protocol and waits for each answer.
struct BenchClient {
    private static let device = DeviceID(rawValue: 0xd1)
    private static let key = Array("a key for benches".utf8)

    private let line: LineConnection
    /// The library that was joined.
    let library: LibraryID
    private var nextID = 2

    /// Connects, and logs in with an invitation or, without one, as the device that used one before.
    init(host: String, port: Int, link: JoinLink, isNew: Bool) async throws {
        guard let fingerprint = KeyFingerprint(bytes: link.fingerprint) else {
            throw BenchError("the link has no fingerprint")
        }
        line = try await Dialer().connect(host: host, port: port, fingerprint: fingerprint)
        let credential: Credential =
            isNew
            ? .invitation(
                InvitationCredential(
                    secret: link.secret, user: "bench", label: "bench", device: Self.device,
                    key: Self.key))
            : .device(DeviceCredential(device: Self.device, key: Self.key))
        let hello = Hello(id: 1, software: "gloss-bench", auth: credential)
        try await line.send([ClientMessage.hello(hello).encode()])
        guard case .welcome(let welcome) = try await Self.next(of: line),
            let library = welcome.libraries.first
        else { throw BenchError("the server did not say welcome") }
        self.library = library.id
    }

    private static func next(of line: LineConnection) async throws -> ServerMessage {
        var lines = line.lines.makeAsyncIterator()
        guard let next = try await lines.next() else { throw BenchError("the server left") }
        return try ServerMessage.decode(next)
    }

    private mutating func ask(
        _ message: (Int) -> ClientMessage, until isAnswer: (ServerMessage) -> Bool
    ) async throws {
        let id = nextID
        nextID += 1
        try await line.send([message(id).encode()])
        while true {
            let answer = try await Self.next(of: line)
            if isAnswer(answer) { return }
            switch answer {
            case .err, .nack, .bye: throw BenchError("the server refused: \(answer)")
            default: continue
            }
        }
    }

    /// Makes articles.
    mutating func create(_ articles: [DocumentID]) async throws {
        let library = library
        try await ask { id in
            .docs(DocumentsRequest(id: id, library: library, creating: articles))
        } until: {
            if case .docs = $0 { true } else { false }
        }
    }

    /// Pushes changes, and waits until they are on disk.
    mutating func push(_ parts: [(DocumentID, [Change])]) async throws {
        try await ask { id in
            .push(
                Push(
                    id: id,
                    parts: parts.map { document, changes in
                        PushPart(
                            doc: document,
                            changes: changes.map { RawChange(bytes: ChangeCodec.encode($0)) })
                    }))
        } until: {
            if case .ack = $0 { true } else { false }
        }
    }

    /// Follows a document from its end on; its changes pass by unread.
    mutating func follow(_ document: DocumentID) async throws {
        try await ask { id in
            .sub(SubscribeRequest(id: id, doc: document, at: 0, sum: Checksum(), vector: nil))
        } until: {
            if case .live(let live) = $0 { live.doc == document } else { false }
        }
    }
}
