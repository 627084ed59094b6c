import GlossCore
import GlossProtocol
import GlossTransport
import Testing

@testable import GlossServer

@Suite("The log", .timeLimit(.minutes(1)))
struct LogTests {
    @Test("Has one line for each connection, with who and how much, and no text and no secrets")
    func oneLine() async throws {
        let kept = KeptLog()
        var secret: [UInt8] = []
        try await TestServer.withDirectory { path in
            try await TestServer.run(in: path, logger: kept.logger) { server in
                try await server.bystander().client.line.close()
                secret = try await server.inviteSecret(role: .editor)
                let client = try await server.dial()
                try await client.hello(.invitation(client.taking(secret)))
                let change = Sample.typing("Geheimnis", agent: Sample.agent(1))
                let fork = Sample.typing("Verrat", agent: Sample.agent(1))
                _ = try await client.push(id: 1, [(Sample.article, [change])])
                _ = try await client.push(id: 2, [(Sample.article, [fork])])
                await client.line.close()
            }
        }
        let ends = kept.lines.filter { $0.hasPrefix("connection ended") }
        #expect(ends.count == 2)
        let line = try #require(ends.first { $0.contains("user=ana") })
        #expect(line.contains("device=\(Sample.device(1))"))
        #expect(line.contains("pushes=2") && line.contains("refused=1"))
        let hidden = ["Geheimnis", "Verrat", Base64URL.encode(secret), "key of"]
        for text in hidden {
            #expect(!kept.lines.contains { $0.contains(text) })
        }
    }
}
