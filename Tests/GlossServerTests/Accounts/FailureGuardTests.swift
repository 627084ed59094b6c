import GlossCore
import GlossProtocol
import GlossTransport
import Testing

@testable import GlossServer

/// How often somebody may guess.
@Suite("Guessing credentials", .timeLimit(.minutes(1)))
struct FailureGuardTests {
    private let address = "192.0.2.1"

    /// Whether an attempt was allowed; if so it fails.
    private func fails(_ logins: FailureGuard, _ address: String, at now: Int) async -> Bool {
        guard await logins.begin(address, now: now) else { return false }
        logins.finish(address, failed: true, now: now)
        return true
    }

    /// Whether an attempt is allowed, which then succeeds.
    private func allows(_ logins: FailureGuard, _ address: String, at now: Int) async -> Bool {
        guard await logins.begin(address, now: now) else { return false }
        logins.finish(address, failed: false, now: now)
        return true
    }

    private func failures(_ logins: FailureGuard, of tries: Int, at now: Int) async -> Int {
        var count = 0
        for _ in 0..<tries { if await fails(logins, address, at: now) { count += 1 } }
        return count
    }

    @Test("An address may fail a number of times, then as often as time passes")
    func debt() async {
        let logins = FailureGuard.logins()
        let time = WireLimits.failedLoginTime
        #expect(await failures(logins, of: 100, at: 1_000) == WireLimits.failedLogins)
        #expect(await allows(logins, "192.0.2.2", at: 1_000))
        #expect(await !fails(logins, address, at: 1_000 + time - 1))
        #expect(await fails(logins, address, at: 1_000 + time))
        #expect(await !fails(logins, address, at: 1_000 + time))
        #expect(
            await failures(logins, of: 100, at: 1_000 + 1_000 * time) == WireLimits.failedLogins)
    }

    @Test("However often an address fails, one more try is good after a while")
    func manyFailures() async {
        let logins = FailureGuard.logins()
        _ = await failures(logins, of: 1_000, at: 0)
        #expect(await !allows(logins, address, at: WireLimits.failedLoginTime - 1))
        #expect(await allows(logins, address, at: WireLimits.failedLoginTime))
    }

    @Test("However many addresses fail, those that fail most are remembered")
    func addresses() async {
        let logins = FailureGuard.logins()
        _ = await failures(logins, of: WireLimits.failedLogins, at: 0)
        for number in 0..<(FailureDebts.nameLimit + 200) {
            _ = await fails(logins, "\(number)", at: 0)
        }
        #expect(await !allows(logins, address, at: 0))
    }

    @Test("Guesses that are made all at once are no more than those made one by one")
    func burst() async {
        let logins = FailureGuard.logins()
        let started = Mailslot<Bool>()
        let guesses = (0..<200).map { _ in
            Task {
                let isAllowed = await logins.begin(address, now: 0)
                started.put(isAllowed)
                guard isAllowed else { return false }
                // None is decided before as many as may be are under way.
                while started.values.count < WireLimits.failedLogins { await Task.yield() }
                logins.finish(address, failed: true, now: 0)
                return true
            }
        }
        var count = 0
        for guess in guesses { if await guess.value { count += 1 } }
        #expect(count == WireLimits.failedLogins)
    }

    @Test("Logins that succeed all at once all do")
    func crowd() async {
        let logins = FailureGuard.logins()
        let guests = (0..<200).map { _ in Task { await allows(logins, address, at: 0) } }
        for guest in guests { #expect(await guest.value) }
        #expect(await failures(logins, of: 100, at: 0) == WireLimits.failedLogins)
    }

    @Test("Many who wait are let in one after the other, and none is forgotten")
    func queue() async {
        let logins = FailureGuard.logins()
        for _ in 0..<WireLimits.failedLogins { #expect(await logins.begin(address, now: 0)) }
        let count = 1_000
        let arrived = Mailslot<Bool>()
        let guests = Task {
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<count {
                    group.addTask {
                        arrived.put(true)
                        return await allows(logins, address, at: 0)
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
        }
        for _ in 0..<count { _ = await arrived.take() }
        for _ in 0..<WireLimits.failedLogins { logins.finish(address, failed: false, now: 0) }
        #expect(await guests.value == count)
    }

    @Test("Over TLS, who guesses is told to wait, with a right key too")
    func wire() async throws {
        try await TestServer.run { server in
            let member = try await server.join("ana")
            func answer(_ key: [UInt8]) async throws -> ErrorCode? {
                let client = try await server.dial()
                try await client.hello(
                    .device(DeviceCredential(device: member.device, key: key)))
                return try await client.lastError()?.code
            }
            for guess in 0..<WireLimits.failedLogins {
                #expect(try await answer([UInt8(guess)]) == .authFailed)
            }
            #expect(try await answer([99]) == .rateLimited)
            let client = try await server.dial()
            try await client.hello(member.credential)
            #expect(try await client.lastError()?.code == .rateLimited)
            // Who is logged in goes on.
            try await member.send(.ping(Ping(number: 3)))
            #expect(try await member.receive() == .pong(Ping(number: 3)))
        }
    }

    @Test("A device has a limit of connections, and room again when one ends")
    func connectionsOfDevice() async throws {
        try await TestServer.run { server in
            let member = try await server.join("ana")
            var clients: [TestClient] = []
            for _ in 1..<WireLimits.connectionsOfDevice {
                let client = try await server.dial()
                try await client.hello(member.credential)
                guard case .welcome = try await client.receive() else {
                    throw Unexpected(message: "no welcome")
                }
                clients.append(client)
            }
            let extra = try await server.dial()
            try await extra.hello(member.credential)
            #expect(try await extra.lastError()?.code == .rateLimited)
            await clients[0].line.close()
            var isWelcome = false
            while !isWelcome {
                let again = try await server.dial()
                try await again.hello(member.credential)
                if case .welcome = try await again.receive() { isWelcome = true }
            }
        }
    }
}
