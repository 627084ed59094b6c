import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage
import GlossTransport
import Testing

@testable import GlossServer

@Suite("Logging in, over TLS", .timeLimit(.minutes(1)))
struct LoginTests {
    @Test("A device that has joined may come back with its key, and only with that")
    func comingBack() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let first = try await server.join("ana")
            await first.line.close()
            let again = try await server.dial()
            try await again.hello(first.credential)
            guard case .welcome(let welcome) = try await again.receive() else {
                throw Unexpected(message: "no welcome")
            }
            #expect(welcome.user == "ana")
            #expect(welcome.label == "laptop")
            #expect(welcome.log == 77)
            #expect(welcome.libraries.map(\.role) == [.editor])

            let wrong = DeviceCredential(device: first.device, key: [1, 2, 3])
            let unknown = DeviceCredential(device: Sample.device(55), key: [1, 2, 3])
            var answers: [Failure] = []
            for credential in [wrong, unknown] {
                let thief = try await server.dial()
                try await thief.hello(.device(credential))
                answers.append(try #require(try await thief.lastError()))
            }
            #expect(answers[0] == answers[1])
            #expect(answers[0].code == .authFailed)
            try await bystander.goesOn()
        }
    }

    /// First lines, and what each is answered with.
    private static let firstLines: [(String, ErrorCode)] = [
        (#"{"t":"ping"}"#, .authRequired), (#"{"t":"dance"}"#, .authRequired),
        (#"{"t":"hello","id":1,"v":[1],"sw":"t"}"#, .authRequired),
        (#"{"t":"hello","id":1,"v":[2,3],"sw":"t"}"#, .badVersion),
        ("hello", .badFrame), ("[]", .badFrame), (#"{"t":"hello","t":"hello"}"#, .badFrame),
        (#"{"t":"hello","x":""# + String(repeating: "x", count: 4_096) + #""}"#, .lineTooLong),
    ]

    @Test("A first line that is no valid hello ends the connection", arguments: firstLines)
    func firstLine(line: String, code: ErrorCode) async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let client = try await server.dial()
            try await client.sendBroken(line)
            let failure = try #require(try await client.lastError())
            #expect(failure.code == code)
            #expect(failure.scope == .connection)
            if code == .badVersion { #expect(failure.versions == [1]) }
            try await bystander.goesOn()
        }
    }

    @Test("A line that is not UTF-8 ends the connection")
    func invalidUTF8() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let client = try await server.join("ana")
            try await client.line.send([
                Array(#"{"t":"pi"#.utf8) + [0xff, 0xfe] + Array(#""}"#.utf8)
            ])
            #expect(try await client.lastError()?.code == .badUTF8)
            try await bystander.goesOn()
        }
    }

    @Test("A wrong, an expired and a used invitation are refused with codes of their own")
    func invitations() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let expired: [UInt8] = [9, 9, 9]
            let now = ServerClock.system.wall()
            try await server.store.addInvitation(
                InvitationRecord(
                    secretHash: SHA256.hash(expired).bytes, library: server.library,
                    role: .editor, createdAt: now - 2, expiresAt: now - 1, usesLeft: 1))
            let used = try await server.inviteSecret(role: .editor)
            var first = try await server.dial()
            first.user = "first"
            try await first.hello(.invitation(first.taking(used)))
            guard case .welcome = try await first.receive() else {
                throw Unexpected(message: "no welcome")
            }
            let cases: [([UInt8], ErrorCode)] = [
                ([1, 2, 3], .authFailed), (expired, .invitationExpired), (used, .invitationUsed),
            ]
            for (secret, code) in cases {
                var client = try await server.dial()
                client.user = "second"
                client.device = Sample.device(2)
                try await client.hello(.invitation(client.taking(secret)))
                #expect(try await client.lastError()?.code == code)
            }
            #expect(try await server.store.users().map(\.name) == ["bystander", "first"])
            try await bystander.goesOn()
        }
    }

    @Test("A name that is taken or malformed is refused, and the invitation stays good")
    func names() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let secret = try await server.inviteSecret(role: .reader)
            let cases: [(String, ErrorCode)] = [
                ("bystander", .nameTaken), ("Ana", .badField), ("a b", .badField),
                (String(repeating: "a", count: 33), .badField),
            ]
            for (name, code) in cases {
                var client = try await server.dial()
                client.user = name
                let credential = Credential.invitation(client.taking(secret))
                try await client.sendBroken(
                    .hello(Hello(id: 1, software: "test", auth: credential)))
                #expect(try await client.lastError()?.code == code, "\(name)")
            }
            var client = try await server.dial()
            client.user = String(repeating: "a", count: 32)
            try await client.hello(.invitation(client.taking(secret)))
            guard case .welcome = try await client.receive() else {
                throw Unexpected(message: "no welcome")
            }
            try await bystander.goesOn()
        }
    }

    @Test("A revoked device is cut off within a second and may not come back")
    func revocation() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let client = try await server.join("ana")
            let clock = ContinuousClock()
            _ = try await server.running.administrator.perform(
                AdminRequest(.revoke, name: client.device.description))
            // It is in force once the administrator hears so. What came before is up to the disk.
            let start = clock.now
            #expect(try await client.lastError()?.code == .deviceRevoked)
            #expect(clock.now - start < .seconds(1))
            let again = try await server.dial()
            try await again.hello(client.credential)
            #expect(try await again.lastError()?.code == .deviceRevoked)
            try await bystander.goesOn()
        }
    }
}
