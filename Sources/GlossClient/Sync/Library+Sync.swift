import GlossCore
import GlossProtocol
import GlossStorage
import GlossTransport

extension Library {
    /// Exchanges changes with the server.
    ///
    /// - Parameters:
    ///   - mode: once, or until the task is cancelled, connecting again whenever that is needed. That is
    ///     how it ends then, with a report.
    ///   - lostWork: what becomes of others' work that a restored server lacks.
    ///   - timeout: how long connecting may take.
    ///   - onEvent: told what happens, in order.
    /// - Throws: ``ClientError``: `invalid` without a server, `unreachable`, `notAllowed`,
    ///   `refused` or `library`. What was exchanged before stays exchanged.
    public func sync(
        _ mode: SyncMode = .once, lostWork: LostWork = .wait, timeout: Duration = .seconds(10),
        onEvent: @escaping @Sendable (SyncEvent) -> Void = { _ in }
    ) async throws -> SyncReport {
        try await sync(
            mode, lostWork: lostWork, dial: Library.dial(timeout: timeout), onEvent: onEvent)
    }

    /// Makes a connection to a server; fails with `ClientError`.
    typealias Dial = @Sendable (Profile.Server) async throws -> LineConnection

    /// Exchanges changes over the connections that `dial` makes.
    func sync(
        _ mode: SyncMode, lostWork: LostWork = .wait, dial: Dial,
        onEvent: @escaping @Sendable (SyncEvent) -> Void
    ) async throws -> SyncReport {
        let (server, credential) = try signIn()
        var backoff = Backoff()
        var random = EnvironmentRandom(environment: environment)
        var total = SyncReport()
        while true {
            var driver: SyncDriver?
            do {
                let connected = SyncDriver(
                    library: self, server: server, connection: try await dial(server),
                    credential: credential, mode: mode, lostWork: lostWork, onEvent: onEvent)
                driver = connected
                let report = try await connected.run()
                if mode == .once { return report }
                total.add(report)
                backoff.reset()
            } catch let error as ClientError {
                guard mode == .watch, error.code == .unreachable else { throw error }
                // A connection that was good for something is no failure in a row.
                if await driver?.hasProgressed == true { backoff.reset() }
                let delay = backoff.next(asked: await driver?.askedDelay, using: &random)
                if let driver { total.add(await driver.summary) }
                if Task.isCancelled { return total }
                onEvent(.disconnected(reason: error.message, retryIn: delay))
                try? await environment.sleep(.milliseconds(delay))
            } catch is CancellationError where mode == .watch {
                return total
            }
            if Task.isCancelled { return total }
        }
    }

    /// The server, and what this device shows it.
    ///
    /// - Throws: ``ClientError`` `invalid` if there is none.
    func signIn() throws -> (Profile.Server, Credential) {
        let profile = try profile()
        guard let server = profile.server, let secret = try read({ try $0.meta(.deviceSecret) }),
            let key = Base64URL.decode(secret)
        else {
            throw ClientError(
                .invalid, "This library has no server.", tries: ["gloss join LINK"])
        }
        return (server, .device(DeviceCredential(device: profile.device, key: key)))
    }

    /// The server that an invitation is for, as `host:port`.
    ///
    /// - Throws: ``ClientError`` `invalid` for what is no invitation.
    public static func server(of link: String) throws -> String {
        let link = try checked(link)
        return "\(link.host):\(link.port)"
    }

    static func checked(_ link: String) throws -> JoinLink {
        if let link = JoinLink(link) { return link }
        throw ClientError(
            .invalid, "That is no invitation: it starts with gloss:// and is copied whole.",
            tries: ["gloss join 'gloss://…'"])
    }

    /// How servers are really reached.
    static func dial(timeout: Duration) -> Dial {
        let dialer = Dialer(tickets: TicketCache())
        return { server in
            guard let fingerprint = KeyFingerprint(bytes: server.fingerprint) else {
                throw ClientError(.library, "The server's key is not in the library.")
            }
            do throws(TransportError) {
                return try await dialer.connect(
                    host: server.host, port: server.port, fingerprint: fingerprint,
                    timeout: timeout)
            } catch {
                throw ClientError(error, server: server)
            }
        }
    }
}

extension ClientError {
    /// What the transport had to say about a server.
    init(_ error: TransportError, server: Profile.Server) {
        let name = "\(server.host):\(server.port)"
        switch error {
        case .serverKeyMismatch:
            self.init(
                .refused,
                "\(name) is not the server that the invitation was for: it has another key. Nothing was sent.",
                tries: ["ask whoever runs the server for a new invitation"])
        case .handshakeFailed(let reason):
            self.init(
                .refused, "\(name) does not speak TLS 1.3 as a glossd does: \(reason).",
                tries: ["check the address"])
        default:
            self.init(
                .unreachable, "\(name) cannot be reached: \(error). Local work is safe.",
                tries: ["gloss sync"])
        }
    }

    /// What a server had to say.
    init(_ failure: Failure, server: Profile.Server) {
        let name = "\(server.host):\(server.port)"
        switch failure.code {
        case .timedOut, .shuttingDown, .overloaded, .slowConsumer, .rateLimited, .internal, .moved:
            self.init(
                .unreachable, "\(name): \(failure.message). Local work is safe.",
                tries: ["gloss sync"])
        case .nameTaken:
            self.init(
                .notAllowed, "\(name): \(failure.message) (\(failure.code.rawValue)).",
                tries: ["gloss join LINK --as NAME"])
        case .badField where failure.message.hasPrefix("a name"):
            self.init(
                .invalid, "\(name): \(failure.message).", tries: ["gloss join LINK --as NAME"])
        case .authRequired, .authFailed, .authExpired, .deviceRevoked, .invitationUsed,
            .invitationExpired, .forbidden:
            self.init(
                .notAllowed, "\(name): \(failure.message) (\(failure.code.rawValue)).",
                tries: [ClientError.askForInvitation])
        // A code of a newer server: what to do about it came with it.
        case .unrecognized where failure.retry == .reauth:
            self.init(
                .notAllowed, "\(name): \(failure.message).",
                tries: [ClientError.askForInvitation])
        case .unrecognized where failure.retry != .never:
            self.init(
                .unreachable, "\(name): \(failure.message). Local work is safe.",
                tries: ["gloss sync"])
        default:
            self.init(
                .refused, "\(name): \(failure.message) (\(failure.code.rawValue)).",
                tries: ["gloss outbox, for what stays here meanwhile"])
        }
    }
}
