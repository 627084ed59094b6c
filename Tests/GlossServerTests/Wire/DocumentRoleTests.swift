import GlossCore
import GlossProtocol
import GlossStorage
import GlossTransport
import Testing

@testable import GlossServer

@Suite("Roles by document, over TLS", .timeLimit(.minutes(2)))
struct DocumentRoleTests {
    private let agent = Sample.agent(1)
    private let documents = [Sample.article, Sample.set]

    @discardableResult
    private func set(
        _ role: String?, of user: String, on server: TestServer, dry: Bool? = nil
    ) async throws -> AdminReport.DocumentRole {
        let report = try await Administration.perform(
            AdminRequest(
                .documentRole, name: "\(Sample.article)", user: user, role: role, dry: dry),
            dataDirectory: server.directory.path)
        return try #require(report.documentRole)
    }

    @Test("Who may read an article no longer is told at once, and hears no more of it")
    func hidden() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let client = try await server.join("ana")
            for doc in documents { _ = try await client.follow(doc) }
            try await set("none", of: "ana", on: server)
            var revoked: [Revoked.Subject] = []
            while revoked.count < 2, let message = try await client.news() {
                guard case .revoked(let subject) = message else {
                    throw Unexpected(message: "\(message)")
                }
                revoked.append(subject.subject)
            }
            #expect(revoked == documents.map { .document($0) })
            try await bystander.goesOn()
            #expect(try await client.everything(number: 1) == [])

            try await set(nil, of: "ana", on: server)
            let shown = try await client.everything(number: 2)
            #expect(
                shown
                    == documents.map {
                        .doc(DocumentAppeared(library: server.library, doc: $0, kind: $0.kind))
                    })
            #expect(try await client.follow(Sample.article).at == 1)
        }
    }

    @Test("A hidden article answers word for word like one that does not exist")
    func alike() async throws {
        try await TestServer.run { server in
            _ = try await server.bystander()
            let client = try await server.join("ana", .owner)
            let missing = DocumentID(high: 1, low: 4)
            try await set("none", of: "ana", on: server)
            for (hidden, none) in [
                (Sample.article, missing), (Sample.set, missing.annotations),
            ] {
                for ask in [
                    { doc in .sub(.whole(doc)) },
                    { doc in
                        .push(
                            try Push(
                                id: 5, [(doc, [Sample.change([Sample.note("a")], agent: agent)])])
                        )
                    },
                ] as [(DocumentID) throws -> ClientMessage] {
                    let first = try await client.answer(to: ask(hidden)).without(hidden)
                    let second = try await client.answer(to: ask(none)).without(none)
                    #expect(first == second)
                    #expect(first.contains("not_found"))
                }
            }
            let list = try await client.answer(
                to: .docs(DocumentsRequest(id: 6, library: server.library)))
            #expect(list.contains(#""docs":[],"more":false"#))

            // An id that is taken cannot be taken again, wherever it is.
            _ = try await server.running.administrator.perform(
                AdminRequest(.addLibrary, name: "other"))
            let other = try #require(try await server.store.library(named: "other"))
            let foreign = DocumentID(high: 1, low: 6)
            _ = try await server.store.createArticle(foreign, in: other.id, now: 1)
            func make(_ doc: DocumentID) async throws -> String {
                try await client.answer(
                    to: .docs(DocumentsRequest(id: 7, library: server.library, creating: [doc])))
            }
            #expect(try await make(Sample.article) == make(foreign))
            _ = try await Administration.perform(
                AdminRequest(.purge, name: "\(Sample.article)"),
                dataDirectory: server.directory.path)
            #expect(try await make(Sample.article) == make(foreign))
            let purged = try await client.answer(to: .sub(.whole(Sample.article)))
            let none = try await client.answer(to: .sub(.whole(missing)))
            #expect(purged.without(Sample.article) == none.without(missing))
        }
    }

    @Test("A role on an article goes before that in the library, and followers hear of it")
    func changed() async throws {
        try await TestServer.run { server in
            _ = try await server.bystander()
            let reader = try await server.join("rea", .reader, device: 2)
            #expect(try await reader.follow(Sample.article).role == .reader)
            try await set("editor", of: "rea", on: server)
            #expect(
                try await reader.news()
                    == .role(RoleChange(subject: .document(Sample.article), role: .editor)))
            let text = Sample.typing("a", agent: agent)
            guard case .ack = try await reader.push(id: 5, [(Sample.article, [text])]) else {
                throw Unexpected(message: "no ack")
            }
            #expect(try await reader.follow(Sample.set).role == .editor)
            // By library it stays what it was.
            _ = try await reader.everything(number: 1)
            let making = DocumentsRequest(
                id: 6, library: server.library, creating: [DocumentID(high: 1, low: 4)])
            #expect(try await reader.answer(to: .docs(making)).contains("forbidden"))

            try await set("reader", of: "rea", on: server)
            let told = try await reader.everything(number: 2)
            #expect(
                told
                    == documents.map {
                        .role(RoleChange(subject: .document($0), role: .reader))
                    })
            let more = Sample.typing("b", agent: agent, seq: 1)
            guard case .nack(let nack) = try await reader.push(id: 7, [(Sample.article, [more])])
            else { throw Unexpected(message: "no refusal") }
            #expect(nack.code == .forbidden)
        }
    }

    @Test("A role in the library that changes is told, and does not touch roles on articles")
    func library() async throws {
        try await TestServer.run { server in
            _ = try await server.bystander()
            let client = try await server.join("ana", .editor)
            try await set("reviewer", of: "ana", on: server)
            #expect(try await client.follow(Sample.set).role == .reviewer)
            _ = try await client.everything(number: 1)
            _ = try await server.running.administrator.perform(
                AdminRequest(.role, name: "ana", role: "owner"))
            #expect(
                try await client.everything(number: 2)
                    == [.role(RoleChange(subject: .library(server.library), role: .owner))])
        }
    }

    @Test("Administration says what it would do, does it, writes it down and lists it")
    func administration() async throws {
        try await TestServer.run { server in
            _ = try await server.bystander()
            _ = try await server.join("ana", .reviewer)
            let plan = try await set("none", of: "ana", on: server, dry: true)
            #expect(!plan.written && plan.role == "none" && plan.before == "reviewer")
            #expect(try await server.store.documentRoles(of: "ana").isEmpty)
            var done = try await set("none", of: "ana", on: server)
            #expect(done.written && done.library == "main" && done.libraryRole == "reviewer")
            done.written = false
            #expect(done == plan)
            #expect(try await !set("none", of: "ana", on: server).written)
            let list = try await Administration.perform(
                AdminRequest(.documents), dataDirectory: server.directory.path)
            #expect(
                list.documents?.map(\.roles)
                    == [[AdminReport.Document.Role(user: "ana", role: "none")], nil])
            let back = try await set(nil, of: "ana", on: server)
            #expect(back.written && back.role == "reviewer" && back.before == "none")
            let entries = try Administration.audit(dataDirectory: server.directory.path)
                .filter { $0.document != nil }
            #expect(entries.map(\.event) == [.documentRoleSet, .documentRoleRemoved])
            #expect(
                entries.map(\.role) == ["none", nil] && entries.map(\.before) == [nil, "none"])
            #expect(entries.allSatisfy { $0.user == "ana" && $0.library == "main" })

            for (name, user, role) in [
                ("\(Sample.article)", "eve", "reader"), ("\(Sample.set)", "ana", "reader"),
                ("\(Sample.article)", "ana", "king"),
                ("\(DocumentID(high: 1, low: 4))", "ana", "reader"),
            ] {
                await #expect(throws: ServerError.self) {
                    try await server.running.administrator.perform(
                        AdminRequest(.documentRole, name: name, user: user, role: role))
                }
            }
        }
    }
}
