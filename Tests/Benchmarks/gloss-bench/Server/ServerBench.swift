import GlossCore
import GlossCrypto
import GlossProtocol
import GlossTransport

/// The load on one server: its accounts, its connections, its clock.
actor ServerBench {
    /// Connections that one device opens at most.
    private static let connectionsPerAccount = 16
    /// Connections that are being opened at once.
    private static let handshakesAtOnce = 64

    nonisolated let server: BenchServer
    nonisolated let watch = Stopwatch()
    /// Seconds that each load lasts.
    nonisolated let seconds: Int
    private var accounts: [GuestAccount] = []

    init(_ server: BenchServer, seconds: Int) {
        self.server = server
        self.seconds = seconds
    }

    /// Accounts for so many connections.
    func accounts(for connections: Int) async throws -> [GuestAccount] {
        let wanted = (connections - 1) / Self.connectionsPerAccount + 1
        if accounts.isEmpty {
            guard let link = await server.firstInvitation else { throw BenchError("no invitation") }
            accounts.append(try await GuestAccount.join(link, as: "owner"))
        }
        var link: JoinLink?
        for number in accounts.count..<max(wanted, accounts.count) {
            if link == nil || number % 1_000 == 0 { link = try await server.invite(uses: 1_000) }
            guard let link else { continue }
            accounts.append(try await GuestAccount.join(link, as: "guest\(number)"))
        }
        return (0..<connections).map { accounts[$0 % wanted] }
    }

    /// Opens so many connections, and does something with each before it is handed over.
    func guests(
        _ count: Int, prepare: @escaping @Sendable (Int, Guest) async throws -> Void = { _, _ in }
    ) async throws -> [Guest] {
        let accounts = try await accounts(for: count)
        return try await withThrowingTaskGroup(of: (Int, Guest).self) { group in
            var found = [Guest?](repeating: nil, count: count)
            for number in 0..<count {
                if number >= Self.handshakesAtOnce, let (index, guest) = try await group.next() {
                    found[index] = guest
                }
                group.addTask {
                    let guest = try await accounts[number].connect()
                    try await prepare(number, guest)
                    return (number, guest)
                }
            }
            for try await (index, guest) in group { found[index] = guest }
            return found.compactMap { $0 }
        }
    }

    /// New articles, made by the first account.
    func articles(_ count: Int) async throws -> [DocumentID] {
        var random = SystemRandom()
        let articles = (0..<count).map { _ in DocumentID.article(using: &random) }
        let guest = try await accounts(for: 1)[0].connect()
        try await guest.create(articles)
        await guest.line.close()
        return articles
    }

    /// A pen for an article.
    nonisolated func pen(_ article: DocumentID, changeBytes: Int = 256) -> Pen {
        var random = SystemRandom()
        return Pen(article, agent: AgentID(rawValue: random.next()), changeBytes: changeBytes)
    }

    /// Closes connections.
    nonisolated func close(_ guests: [Guest]) async {
        for guest in guests { guest.line.abort() }
        // The server is to have noticed before the next load starts.
        try? await Task.sleep(for: .seconds(1))
    }
}
