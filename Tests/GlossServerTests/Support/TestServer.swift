import FoundationEssentials
import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage
import GlossTransport
import Logging
import Testing

@testable import GlossServer

/// A whole server on a loopback port, with its store in a directory of its own.
struct TestServer {
    let running: RunningServer
    let store: SQLiteStore
    let key: ServerKey
    let directory: DataDirectory
    let library: LibraryID

    var port: Int {
        if case .tcp(_, let port) = running.listener.address { port } else { 0 }
    }

    /// Runs `body` with a server, then shuts that down and removes its files.
    static func run(_ body: (TestServer) async throws -> Void) async throws {
        try await withDirectory { try await run(in: $0, body) }
    }

    /// Runs `body` with the path of a new directory, and removes that.
    static func withDirectory(_ body: (String) async throws -> Void) async throws {
        var random = SystemRandom()
        let name = "glossd-\(String(random.next(), radix: 16))"
        let path = FileManager.default.temporaryDirectory.path + name
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    /// The same with a directory that stays.
    static func run(
        in path: String, heartbeat: Int = WireLimits.heartbeat,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let directory = DataDirectory(path: path)
        try directory.prepare()
        let key = try ServerKey.loadOrCreate(in: path)
        let store = try SQLiteStore(
            path: directory.store, lineage: 77, packing: HistoryPacking())
        var configuration = ServerConfiguration(dataDirectory: path)
        configuration.listen.port = 0
        configuration.heartbeatSeconds = heartbeat
        let running = try await RunningServer(
            configuration: configuration, directory: directory, key: key, store: store,
            logger: logger,
            onFatal: { Issue.record("\($0)") })
        if try await store.libraries().isEmpty {
            _ = try await running.administrator.prepareFirstStart()
        }
        let library = try #require(try await store.libraries().first)
        let server = TestServer(
            running: running, store: store, key: key, directory: directory, library: library.id)
        let task = Task { await running.run(drainTime: .seconds(2)) }
        do {
            try await body(server)
        } catch {
            await running.shutDown(drainTime: .zero)
            await task.value
            try? await running.close()
            throw error
        }
        await running.shutDown(drainTime: .seconds(2))
        await task.value
        try await running.close()
    }

    // MARK: People

    /// Connects somebody who has not said anything yet.
    func dial() async throws -> TestClient {
        TestClient(
            line: try await Dialer().connect(
                host: "127.0.0.1", port: port, fingerprint: key.fingerprint))
    }

    func inviteSecret(role: Role, library: String? = nil) async throws -> [UInt8] {
        let report = try await running.administrator.perform(
            AdminRequest(.invite, role: role.rawValue, library: library ?? "main"))
        let link = try #require(report.invitation.flatMap { JoinLink($0.link) })
        #expect(link.port == port)
        #expect(link.fingerprint == key.fingerprint.bytes)
        return link.secret
    }

    /// Somebody new, who has joined with a fresh invitation and is connected.
    func join(
        _ user: String, _ role: Role = .editor, device: UInt64 = 1, library: String? = nil
    ) async throws -> TestClient {
        var client = try await dial()
        let secret = try await inviteSecret(role: role, library: library)
        client.user = user
        client.device = Sample.device(device)
        try await client.hello(.invitation(client.taking(secret)))
        let answer = try await client.receive()
        guard case .welcome(let welcome) = answer else {
            throw Unexpected(message: "\(String(describing: answer))")
        }
        #expect(welcome.user == user)
        return client
    }

    /// Somebody who makes the article, follows it, and must go on whatever others do.
    func bystander() async throws -> Bystander {
        let client = try await join("bystander", device: 99)
        try await client.send(
            .docs(DocumentsRequest(id: 1, library: library, creating: [Sample.article])))
        guard case .docs(let page) = try await client.receive() else {
            throw Unexpected(message: "no list")
        }
        #expect(page.documents.map(\.doc) == [Sample.article, Sample.set])
        try await client.send(
            .sub(
                SubscribeRequest(
                    id: 2, doc: Sample.article, at: 0, sum: Checksum(), vector: VersionVector())))
        guard case .have = try await client.receive(), case .live = try await client.receive()
        else { throw Unexpected(message: "no subscription") }
        return Bystander(client: client, server: self)
    }
}

/// An answer that the test does not go on with.
struct Unexpected: Error {
    var message: String
}

/// Somebody who is not disturbed.
struct Bystander {
    let client: TestClient
    let server: TestServer

    /// Pushes a change, is acknowledged, and finds nothing in the store but that and `others` rows.
    func goesOn(others: Int = 0) async throws {
        let change = Sample.typing("x", agent: Sample.agent(99))
        let answer = try await client.push(id: 9, [(Sample.article, [change])])
        guard case .ack(let ack) = answer else {
            throw Unexpected(message: "\(answer)")
        }
        #expect(ack.parts.map(\.positions) == [[others + 1]])
        let rows = try await server.store.rows(
            of: Sample.article, after: 0, maxBytes: 1 << 20, maxRows: 100)
        #expect(rows.filter { $0.user != "bystander" }.count == others)
        let notes = try await server.store.rows(
            of: Sample.set, after: 0, maxBytes: 1 << 20, maxRows: 100)
        #expect(notes.isEmpty)
    }
}
