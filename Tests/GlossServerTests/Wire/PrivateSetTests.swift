import GlossCore
import GlossProtocol
import GlossStorage
import Testing

@testable import GlossServer

@Suite("Private annotation sets, over TLS", .timeLimit(.minutes(2)))
struct PrivateSetTests {
    private let set = DocumentID.privateSet(of: Sample.article, for: "ana")
    /// An article that nobody has made.
    private let missing = DocumentID(high: 1, low: 4)

    private func asking(
        _ library: LibraryID, for user: String = "ana", of article: DocumentID = Sample.article,
        id: Int = 6
    ) -> ClientMessage {
        .docs(
            DocumentsRequest(
                id: id, library: library,
                creatingSets: [
                    PrivateSet(doc: .privateSet(of: article, for: user), article: article)
                ]))
    }

    /// A server with an article, and ana, a reader who has made her set of it.
    private func withSet(_ body: (TestServer, TestClient) async throws -> Void) async throws {
        try await TestServer.run { server in
            try await server.bystander().goesOn()
            let ana = try await server.join("ana", .reader)
            let list = try await ana.answer(to: asking(server.library))
            #expect(
                list.contains(
                    #"{"doc":"\#(set)","kind":"private","at":0,"of":"\#(Sample.article)"}"#))
            try await body(server, ana)
        }
    }

    private func note(_ body: String, seq: Int = 0, version: [OpID] = []) -> Change {
        Sample.change(
            [Sample.note(body, version: version)], agent: Sample.agent(0x51), seq: seq)
    }

    private func code(of answer: ServerMessage) -> ErrorCode? {
        switch answer {
        case .nack(let nack): nack.code
        case .err(let failure): failure.code
        default: nil
        }
    }

    @Test("The id follows from article and user, and tells what it is")
    func ids() {
        #expect(set.kind == .privateAnnotations && "\(set)".hasPrefix("ffffffff"))
        #expect(set == .privateSet(of: Sample.article, for: "ana"))
        #expect(
            "\(Sample.article)" == "00000000000000070000000000000002"
                && "\(set)" == "ffffffff5074a074c54025937f50c583")
        #expect(set != .privateSet(of: Sample.article, for: "anb"))
        #expect(set != .privateSet(of: missing, for: "ana"))
    }

    @Test("A reader may do everything in theirs, and their other devices get it at once")
    func own() async throws {
        try await withSet { server, ana in
            let report = try await server.running.administrator.perform(
                AdminRequest(.invite, name: "ana", role: "reader"))
            let link = try #require(report.invitation.flatMap { JoinLink($0.link) })
            var phone = try await server.dial()
            phone.device = Sample.device(2)
            try await phone.hello(.invitation(phone.taking(link.secret)))
            guard case .welcome = try await phone.receive() else {
                throw Unexpected(message: "no welcome")
            }
            let other = DocumentID(high: 1, low: 6)
            _ = try await server.store.createArticle(other, in: server.library, now: 1)
            let second = DocumentID.privateSet(of: other, for: "ana")
            _ = try await ana.answer(to: asking(server.library, of: other))
            #expect(
                try await phone.everything(number: 1) == [
                    .doc(
                        DocumentAppeared(
                            library: server.library, doc: second, kind: .privateAnnotations,
                            article: other))
                ])

            #expect(try await phone.follow(set).role == .owner)
            let suggestion = Sample.change(
                [Sample.suggestion("b")], agent: Sample.agent(0x51), seq: 0)
            let rest = Sample.change(
                [
                    .write(
                        Write(
                            entity: suggestion.id, field: .verdict, value: .rejected, replaces: [])
                    ),
                    .write(Write(field: .title, value: .text("mine"), replaces: [])),
                ], agent: Sample.agent(0x51), seq: 1)
            guard case .ack(let ack) = try await ana.push(id: 7, [(set, [suggestion, rest])])
            else { throw Unexpected(message: "no ack") }
            #expect(ack.parts.map(\.positions) == [[1, 2]])
            while case .live? = try await phone.receive() {}
            let agent = Sample.agent(0x52)
            let tag = Sample.change(
                [.addTag(TagAddition(annotation: suggestion.id, tag: "a"))], agent: agent,
                dependencies: [rest.lastID])
            guard case .ack = try await phone.push(id: 8, [(set, [tag])]) else {
                throw Unexpected(message: "no ack")
            }
            let text = Sample.change(
                [.insert(Insertion(left: nil, right: nil, scalar: "x"))], agent: agent, seq: 1)
            #expect(try await code(of: phone.push(id: 9, [(set, [text])])) == .invalidOp)
        }
    }

    @Test("What notes stand on must be in the article")
    func targets() async throws {
        try await withSet { server, ana in
            let there = OpID(agent: Sample.agent(99), seq: 0)
            let absent = OpID(agent: Sample.agent(99), seq: 50)
            #expect(
                try await code(of: ana.push(id: 7, [(set, [note("a", version: [absent])])]))
                    == .missingDependency)
            guard case .ack = try await ana.push(id: 8, [(set, [note("a", version: [there])])])
            else { throw Unexpected(message: "no ack") }
        }
    }

    @Test("To everybody else it answers word for word like one that does not exist")
    func alike() async throws {
        try await withSet { server, ana in
            let none = DocumentID.privateSet(of: missing, for: "ana")
            let owner = try await server.join("mira", .owner, device: 3)
            _ = try await server.running.administrator.perform(
                AdminRequest(.addLibrary, name: "other"))
            let foreigner = try await server.join("zoe", .owner, device: 4, library: "other")
            guard case .ack = try await ana.push(id: 7, [(set, [note("a")])]) else {
                throw Unexpected(message: "no ack")
            }
            for client in [owner, foreigner] {
                for ask in [
                    { doc in .sub(.whole(doc)) },
                    { doc in .push(try Push(id: 5, [(doc, [note("b")])])) },
                    // Its id cannot be taken for an article, nor by whom it does not belong to.
                    { doc in
                        .docs(
                            DocumentsRequest(
                                id: 6, library: server.library,
                                creatingSets: [PrivateSet(doc: doc, article: Sample.article)]))
                    },
                ] as [(DocumentID) throws -> ClientMessage] {
                    let first = try await client.answer(to: ask(set)).without(set)
                    let second = try await client.answer(to: ask(none)).without(none)
                    #expect(first == second)
                    #expect(!first.contains("ana"))
                }
            }
            for doc in [set, none] {
                let even = "\(doc)".dropLast() + "0"
                for id in ["\(doc)", String(even)] {
                    try await owner.sendBroken(
                        #"{"t":"docs","id":9,"lib":"\#(server.library)","new":[{"doc":"\#(id)"}]}"#)
                    #expect(try await code(of: owner.answer()) == .badField)
                }
            }
            let list = try await owner.answer(
                to: .docs(DocumentsRequest(id: 6, library: server.library)))
            #expect(!list.contains("private") && list.contains("\(Sample.set)"))
            #expect(try await owner.everything(number: 1) == [])
            #expect(try await foreigner.everything(number: 1) == [])
        }
    }

    @Test("A set of an article that may not be read cannot be made, and is not told apart")
    func unreadable() async throws {
        try await withSet { server, ana in
            _ = try await server.running.administrator.perform(
                AdminRequest(.addLibrary, name: "other"))
            let other = try #require(try await server.store.library(named: "other"))
            let foreign = DocumentID(high: 1, low: 6)
            let hidden = DocumentID(high: 1, low: 8)
            _ = try await server.store.createArticle(foreign, in: other.id, now: 1)
            _ = try await server.store.createArticle(hidden, in: server.library, now: 1)
            _ = try await server.running.administrator.perform(
                AdminRequest(.documentRole, name: "\(hidden)", user: "ana", role: "none"))
            let answers = try await [missing, foreign, hidden].asyncMap {
                try await ana.answer(to: asking(server.library, of: $0))
            }
            #expect(Set(answers).count == 1 && answers[0].contains("not_found"))
        }
    }

    @Test("Who loses the article loses their set with it, and has both again later")
    func lost() async throws {
        try await withSet { server, ana in
            guard case .ack = try await ana.push(id: 7, [(set, [note("a")])]) else {
                throw Unexpected(message: "no ack")
            }
            _ = try await ana.follow(set)
            _ = try await ana.everything(number: 1)
            func role(_ role: String?) async throws {
                _ = try await server.running.administrator.perform(
                    AdminRequest(
                        .documentRole, name: "\(Sample.article)", user: "ana", role: role))
            }
            try await role("none")
            guard case .revoked(let revoked) = try await ana.news() else {
                throw Unexpected(message: "not told")
            }
            #expect(revoked.subject == .document(set))
            let none = DocumentID.privateSet(of: missing, for: "ana")
            for ask in [
                { doc in .sub(.whole(doc)) },
                { doc in .push(try Push(id: 5, [(doc, [note("b", seq: 1)])])) },
            ] as [(DocumentID) throws -> ClientMessage] {
                let first = try await ana.answer(to: ask(set)).without(set)
                let second = try await ana.answer(to: ask(none)).without(none)
                #expect(first == second && first.contains("not_found"))
            }
            try await role(nil)
            let shown = try await ana.everything(number: 2)
            #expect(
                shown.count == 3
                    && shown.contains(
                        .doc(
                            DocumentAppeared(
                                library: server.library, doc: set, kind: .privateAnnotations,
                                article: Sample.article)))
            )
            #expect(try await ana.follow(set).at == 1)
            _ = try await ana.everything(number: 3)
            _ = try await server.running.administrator.perform(AdminRequest(.role, name: "ana"))
            guard case .revoked = try await ana.news() else {
                throw Unexpected(message: "not told")
            }
            let sub = try await ana.answer(to: .sub(.whole(set)))
            #expect(sub.contains("not_found"))
        }
    }

    @Test("It is purged with its article: gone for whose it was, never there for others")
    func purged() async throws {
        try await withSet { server, ana in
            let owner = try await server.join("mira", .owner, device: 3)
            _ = try await ana.follow(set)
            _ = try await ana.everything(number: 1)
            let report = try await Administration.perform(
                AdminRequest(.purge, name: "\(Sample.article)"),
                dataDirectory: server.directory.path)
            #expect(report.purge?.documents.map(\.kind) == ["article", "annotations", "private"])
            guard case .err(let failure) = try await ana.news() else {
                throw Unexpected(message: "not told")
            }
            #expect(failure.code == .gone && failure.doc == set)
            for ask in [
                .sub(.whole(set)), .push(try Push(id: 5, [(set, [note("a")])])),
                asking(server.library),
            ] as [ClientMessage] {
                #expect(try await ana.answer(to: ask).contains(#""code":"gone""#))
            }
            let none = DocumentID.privateSet(of: missing, for: "ana")
            let first = try await owner.answer(to: .sub(.whole(set))).without(set)
            #expect(try await owner.answer(to: .sub(.whole(none))).without(none) == first)
        }
    }

    @Test("Compaction, checksums, lists of the administrator and backups have it like the others")
    func kept() async throws {
        try await withSet { server, ana in
            let notes = (0..<40).map { note("note \($0)", seq: $0) }
            guard case .ack(let ack) = try await ana.push(id: 7, [(set, notes)]) else {
                throw Unexpected(message: "no ack")
            }
            let path = server.directory.path
            let before = try await server.store.rows(
                of: set, after: 0, maxBytes: .max, maxRows: .max)
            let compacted = try await Administration.perform(
                AdminRequest(.compact), dataDirectory: path)
            #expect(compacted.compactions?.contains { $0.id == "\(set)" } == true)
            #expect(
                try await server.store.rows(of: set, after: 0, maxBytes: .max, maxRows: .max)
                    == before)
            let list = try await Administration.perform(
                AdminRequest(.documents), dataDirectory: path)
            let listed = try #require(list.documents?.last)
            #expect(listed.kind == "private" && listed.user == "ana" && listed.head == 40)
            #expect(listed.of == "\(Sample.article)")
            #expect(listed.sum == ack.parts.first?.sum?.description)
            _ = try await Administration.perform(
                AdminRequest(.backup, path: path + "/copy.db"), dataDirectory: path)
            let report = try await Backups.verify(path + "/copy.db")
            #expect(report.problems.isEmpty && report.documents == 3)
        }
    }
}
