import GlossCore
import GlossProtocol
import GlossTransport
import Testing

@testable import GlossServer

@Suite("Roles in a library, changed while somebody is connected", .timeLimit(.minutes(1)))
struct LibraryRoleTests {
    private func setRole(_ role: String?, on server: TestServer) async throws {
        _ = try await Administration.perform(
            AdminRequest(.role, name: "ana", role: role), dataDirectory: server.directory.path)
    }

    private func setRole(
        _ role: String, onArticleOf server: TestServer
    ) async throws {
        _ = try await Administration.perform(
            AdminRequest(.documentRole, name: "\(Sample.article)", user: "ana", role: role),
            dataDirectory: server.directory.path)
    }

    @Test("A role that somebody has already disturbs nobody, and is nothing for the audit log")
    func unchanged() async throws {
        try await TestServer.run { server in
            _ = try await server.bystander()
            let client = try await server.join("ana")
            for doc in [Sample.article, Sample.set] { _ = try await client.follow(doc) }
            _ = try await client.everything(number: 1)
            let path = server.directory.path
            let before = try Administration.audit(dataDirectory: path).count
            for _ in 0..<3 { try await setRole("editor", on: server) }
            #expect(try await client.everything(number: 2).isEmpty)
            #expect(try Administration.audit(dataDirectory: path).count == before)
            guard
                case .ack = try await client.push(
                    id: 5, [(Sample.article, [Sample.typing("x", agent: Sample.agent(1))])])
            else { throw Unexpected(message: "no ack") }
        }
    }

    @Test("What it changes for a document is told, and nothing of one with a role of its own")
    func effective() async throws {
        try await TestServer.run { server in
            _ = try await server.bystander()
            let client = try await server.join("ana")
            for doc in [Sample.article, Sample.set] { _ = try await client.follow(doc) }
            _ = try await client.everything(number: 1)
            func roles(_ role: Role, _ subjects: [Revoked.Subject]) -> [ServerMessage] {
                subjects.map { .role(RoleChange(subject: $0, role: role)) }
            }
            let library = Revoked.Subject.library(server.library)
            let documents = [Sample.article, Sample.set].map { Revoked.Subject.document($0) }
            try await setRole("reviewer", on: server)
            #expect(
                try await client.everything(number: 2) == roles(.reviewer, [library] + documents))
            try await setRole("editor", onArticleOf: server)
            #expect(try await client.everything(number: 3) == roles(.editor, documents))
            // The library's role does not reach the article any more.
            try await setRole("reader", on: server)
            #expect(try await client.everything(number: 4) == roles(.reader, [library]))
            guard
                case .ack = try await client.push(
                    id: 5, [(Sample.article, [Sample.typing("x", agent: Sample.agent(1))])])
            else { throw Unexpected(message: "no ack") }
        }
    }
}
