import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import GlossTransport

@Suite("Sessions that go on", .timeLimit(.minutes(1)))
struct ResumptionTests {
    private let tickets = TicketCache()

    /// Connects, has a line come back, so that the ticket has come, too; the session goes on from an
    /// earlier one or not.
    private func visit(
        _ port: Int, _ key: ServerKey, host: String = "127.0.0.1", resumes: Bool,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        let connection = try await Dialer(tickets: tickets).connect(
            host: host, port: port, fingerprint: key.fingerprint)
        try await connection.send([[1]])
        var lines = connection.lines.makeAsyncIterator()
        #expect(try await lines.next() == [1])
        await connection.close()
        #expect(connection.isResumed == resumes, sourceLocation: location)
    }

    @Test func `who comes back goes on, every time, and who has no ticket does not`() async throws {
        let key = try ServerKey()
        try await withServer(key: key, session: echo) { port in
            try await visit(port, key, resumes: false)
            for _ in 0..<3 { try await visit(port, key, resumes: true) }
            let other = try await Dialer().connect(
                host: "127.0.0.1", port: port, fingerprint: key.fingerprint)
            #expect(!other.isResumed)
            await other.close()
        }
    }

    /// Has a client take the server at one port for the one it knows from another.
    private func mistake(_ port: Int, for former: Int, _ key: ServerKey) throws {
        let known = tickets.slot(host: "127.0.0.1", port: former, fingerprint: key.fingerprint)
        tickets.slot(host: "127.0.0.1", port: port, fingerprint: key.fingerprint)
            .keep(try #require(known.ticket))
    }

    @Test func `a server that was started anew goes on with what the one before gave`() async throws
    {
        let key = try ServerKey()
        var former = 0
        try await withServer(key: key, session: echo) { port in
            former = port
            try await visit(port, key, resumes: false)
        }
        try await withServer(key: key, session: echo) { port in
            try mistake(port, for: former, key)
            try await visit(port, key, resumes: true)
        }
    }

    @Test func `a connection that broke off does not spend its ticket`() async throws {
        let key = try ServerKey()
        try await withServer(key: key, session: echo) { port in
            try await visit(port, key, resumes: false)
            for _ in 0..<2 {
                let connection = try await Dialer(tickets: tickets).connect(
                    host: "127.0.0.1", port: port, fingerprint: key.fingerprint)
                #expect(connection.isResumed)
                connection.abort()
            }
            try await visit(port, key, resumes: true)
        }
    }

    @Test func `a server with another key is found out, ticket or not`() async throws {
        let (key, other) = (try ServerKey(), try ServerKey())
        var former = 0
        try await withServer(key: key, session: echo) { port in
            former = port
            try await visit(port, key, resumes: false)
        }
        try await withServer(key: other, session: echo) { port in
            try mistake(port, for: former, key)
            await #expect(
                throws: TransportError.serverKeyMismatch(
                    expected: key.fingerprint, found: other.fingerprint)
            ) { try await visit(port, key, resumes: false) }
            try await visit(port, other, resumes: false)
        }
    }

    @Test func `a server that has got another key takes no ticket of the one before`() async throws
    {
        let (key, other) = (try ServerKey(), try ServerKey())
        let presented = PresentedKey(key)
        let listener = try await Listener.bind(
            host: "127.0.0.1", port: 0, presenting: presented)
        guard case .tcp(_, let port) = listener.address else { return }
        try await run(listener, session: echo) {
            try await visit(port, key, resumes: false)
            try await visit(port, key, resumes: true)
            presented.current = other
            await #expect(
                throws: TransportError.serverKeyMismatch(
                    expected: key.fingerprint, found: other.fingerprint)
            ) { try await visit(port, key, resumes: false) }
            presented.current = key
            try await visit(port, key, resumes: true)
        }
    }

    @Test func `a ticket is for the host and the key it was given for`() async throws {
        let (key, other) = (try ServerKey(), try ServerKey())
        try await withServer(key: key, session: echo) { port in
            try await visit(port, key, resumes: false)
            try await visit(port, key, host: "localhost", resumes: false)
            let slot = tickets.slot(host: "127.0.0.1", port: port, fingerprint: other.fingerprint)
            #expect(slot.ticket == nil)
        }
    }

    @Test func `a ticket that stands under a wrong pin is found out once the session goes on`()
        async throws
    {
        let (key, other) = (try ServerKey(), try ServerKey())
        try await withServer(key: key, session: echo) { port in
            try await visit(port, key, resumes: false)
            let ticket = tickets.slot(
                host: "127.0.0.1", port: port, fingerprint: key.fingerprint
            ).ticket
            // As no client does: what another server gave, under the pin of this one.
            tickets.slot(host: "127.0.0.1", port: port, fingerprint: other.fingerprint)
                .keep(try #require(ticket))
            await #expect(
                throws: TransportError.serverKeyMismatch(
                    expected: other.fingerprint, found: key.fingerprint)
            ) { try await visit(port, other, resumes: false) }
        }
    }

    @Test func `tickets are good for two periods, and their keys follow from key and time`() throws
    {
        let key = try ServerKey()
        let time = Mutex(TicketKeys.period * 1_000 + 5)
        let pem = try #require(key.material.pem())
        let again = ServerKey(
            material: try #require(KeyMaterial(pem: pem)), fingerprint: key.fingerprint)
        let keys = TicketKeys(PresentedKey(key)) { time.withLock { $0 } }
        let same = TicketKeys(PresentedKey(again)) { time.withLock { $0 } }
        let other = TicketKeys(PresentedKey(try ServerKey())) { time.withLock { $0 } }
        let names = keys.current.map(\.name)
        #expect(Set(names).count == 2 && names == same.current.map(\.name))
        #expect(keys.current.map(\.cipher) == same.current.map(\.cipher))
        #expect(Set(names).isDisjoint(with: other.current.map(\.name)))
        let all = keys.current.flatMap { [$0.cipher, $0.mac] }
        #expect(Set(all).count == 4)
        time.withLock { $0 += TicketKeys.period }
        #expect(keys.current[1].name == names[0])
        #expect(!names.contains(keys.current[0].name))
    }
}
