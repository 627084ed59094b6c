import GlossCore
import GlossCrypto
import GlossProtocol
import GlossTransport

/// An account of the load, and its device.
struct GuestAccount: Sendable {
    var credential: DeviceCredential
    var host: String
    var port: Int
    var fingerprint: KeyFingerprint
    /// A device comes back with the ticket it has.
    var dialer = Dialer(tickets: TicketCache())

    /// Joins by an invitation, under a name of its own.
    static func join(_ link: JoinLink, as user: String) async throws -> GuestAccount {
        guard let fingerprint = KeyFingerprint(bytes: link.fingerprint) else {
            throw BenchError("an invitation without a fingerprint")
        }
        var random = SystemRandom()
        let device = DeviceID(rawValue: random.next())
        let key = randomBytes(32)
        let account = GuestAccount(
            credential: DeviceCredential(device: device, key: key), host: link.host,
            port: link.port, fingerprint: fingerprint)
        let guest = try await account.connect(
            as: .invitation(
                InvitationCredential(
                    secret: link.secret, user: user, label: "bench", device: device, key: key)))
        await guest.line.close()
        return account
    }

    /// A connection that is logged in.
    func connect(as credential: Credential? = nil) async throws -> Guest {
        let line = try await dialer.connect(
            host: host, port: port, fingerprint: fingerprint, timeout: .seconds(60))
        let hello = Hello(
            id: 1, software: "gloss-bench", capabilities: Capability.allCases,
            auth: credential ?? .device(self.credential))
        try await line.send([ClientMessage.hello(hello).encode()])
        var lines = line.lines.makeAsyncIterator()
        guard let first = try await lines.next(),
            case .welcome(let welcome) = try ServerMessage.decode(first),
            let library = welcome.libraries.first
        else { throw BenchError("no welcome") }
        return Guest(line: line, library: library.id)
    }
}

/// One connection of the load.
struct Guest: Sendable {
    let line: LineConnection
    let library: LibraryID

    func send(_ messages: ClientMessage...) async throws {
        try await line.send(messages.map { $0.encode() })
    }

    /// Sends a message; that it could not be sent shows where answers are awaited.
    func sendWithoutWaiting(_ message: ClientMessage) {
        line.send([message.encode()]) { _ in }
    }

    /// The next line that is neither a ping, which it answers, nor news of a document.
    func next() async throws -> Answer {
        var lines = line.lines.makeAsyncIterator()
        while let bytes = try await lines.next() {
            switch Answer(bytes) {
            case .ping: try await send(.pong(Ping()))
            case .other: continue
            case .refusal(let text): throw BenchError("the server refused: \(text)")
            case let answer: return answer
            }
        }
        throw BenchError("the server closed")
    }

    /// Pushes changes, and waits until they are on disk.
    func push(_ parts: [(DocumentID, [Change])]) async throws {
        let parts = parts.map { document, changes in
            PushPart(
                doc: document, changes: changes.map { RawChange(bytes: ChangeCodec.encode($0)) })
        }
        try await send(.push(Push(id: 1, parts: parts)))
        while true {
            if case .acknowledged = try await next() { return }
        }
    }

    /// Makes articles.
    func create(_ articles: [DocumentID]) async throws {
        for start in stride(from: 0, to: articles.count, by: WireLimits.documents) {
            let some = Array(articles[start..<min(start + WireLimits.documents, articles.count)])
            try await send(.docs(DocumentsRequest(id: 2 + start, library: library, creating: some)))
            while true {
                if case .documents = try await next() { break }
            }
        }
    }

    /// Follows a document from a place in its log, and returns when everything has come.
    func follow(_ document: DocumentID, from place: Place = Place()) async throws {
        try await send(
            .sub(
                SubscribeRequest(
                    id: 1, doc: document, at: place.at, sum: place.sum, vector: nil)))
        while true {
            if case .live = try await next() { return }
        }
    }

    /// Follows a document from its start, and says where its log ends.
    func end(of document: DocumentID) async throws -> Place {
        try await send(
            .sub(SubscribeRequest(id: 1, doc: document, at: 0, sum: Checksum(), vector: nil)))
        var lines = line.lines.makeAsyncIterator()
        while let bytes = try await lines.next() {
            guard case .live = Answer(bytes), case .live(let live) = try ServerMessage.decode(bytes)
            else { continue }
            return Place(at: live.at, sum: live.sum)
        }
        throw BenchError("the server closed")
    }
}

/// A place in a log.
struct Place: Sendable {
    var at = 0
    var sum = Checksum()
}

/// What a line of a server says, as far as the load needs to know. Decoding all of it would cost
/// the generator more than it costs the server.
enum Answer {
    case acknowledged(id: Int)
    /// Changes that were sent at these times; ``Pen`` writes them into the text.
    case changes(sent: [Int], bytes: Int)
    case live
    case documents
    case ping
    case other
    case refusal(String)

    init(_ line: [UInt8]) {
        self = line.withUnsafeBufferPointer { Self.read($0) }
    }

    private static func read(_ line: UnsafeBufferPointer<UInt8>) -> Answer {
        // {"t":"ack",…
        guard line.count > 8 else { return .other }
        switch (line[6], line[7], line[8]) {
        case (UInt8(ascii: "a"), UInt8(ascii: "c"), _):
            return .acknowledged(id: number(in: line, from: 16))
        case (UInt8(ascii: "o"), UInt8(ascii: "p"), _), (UInt8(ascii: "r"), UInt8(ascii: "o"), _):
            var times: [Int] = []
            for index in line.indices where line[index] == Pen.mark {
                times.append(number(in: line, from: index + 1))
            }
            return .changes(sent: times, bytes: line.count)
        case (UInt8(ascii: "l"), UInt8(ascii: "i"), _): return .live
        case (UInt8(ascii: "d"), UInt8(ascii: "o"), UInt8(ascii: "c")):
            return line.count > 9 && line[9] == UInt8(ascii: "s") ? .documents : .other
        case (UInt8(ascii: "p"), UInt8(ascii: "i"), _): return .ping
        case (UInt8(ascii: "n"), UInt8(ascii: "a"), _), (UInt8(ascii: "e"), UInt8(ascii: "r"), _),
            (UInt8(ascii: "b"), UInt8(ascii: "y"), _):
            return .refusal(String(decoding: line, as: UTF8.self))
        default: return .other
        }
    }

    private static func number(in line: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var value = 0
        var index = start
        while index < line.count, (0x30...0x39).contains(line[index]) {
            value = value * 10 + Int(line[index] - 0x30)
            index += 1
        }
        return value
    }
}
