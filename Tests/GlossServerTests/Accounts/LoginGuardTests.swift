import GlossCore
import GlossProtocol
import GlossTransport
import Testing

@testable import GlossServer

/// How often somebody may guess.
@Suite("Guessing credentials", .timeLimit(.minutes(1)))
struct LoginGuardTests {
    @Test("An address may fail a number of times, then as often as time passes")
    func debt() {
        let logins = LoginGuard()
        func fails(at now: Int) -> Bool {
            guard logins.allows("192.0.2.1", now: now) else { return false }
            logins.noteFailure("192.0.2.1", now: now)
            return true
        }
        let time = WireLimits.failedLoginTime
        #expect((0..<100).count { _ in fails(at: 1_000) } == WireLimits.failedLogins)
        #expect(logins.allows("192.0.2.2", now: 1_000))
        #expect(!fails(at: 1_000 + time - 1))
        #expect(fails(at: 1_000 + time))
        #expect(!fails(at: 1_000 + time))
        #expect((0..<100).count { _ in fails(at: 1_000 + 1_000 * time) } == WireLimits.failedLogins)
    }

    @Test("However often an address fails, one more try is good after a while")
    func manyFailures() {
        let logins = LoginGuard()
        for _ in 0..<1_000 { logins.noteFailure("192.0.2.1", now: 0) }
        #expect(!logins.allows("192.0.2.1", now: WireLimits.failedLoginTime - 1))
        #expect(logins.allows("192.0.2.1", now: WireLimits.failedLoginTime))
    }

    @Test("However many addresses fail, those that fail most are remembered")
    func addresses() {
        let logins = LoginGuard()
        for _ in 0..<WireLimits.failedLogins { logins.noteFailure("192.0.2.1", now: 0) }
        for number in 0..<(LoginGuard.addressLimit + 200) {
            logins.noteFailure("\(number)", now: 0)
        }
        #expect(!logins.allows("192.0.2.1", now: 0))
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
