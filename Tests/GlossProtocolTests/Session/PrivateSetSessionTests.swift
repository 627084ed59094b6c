import GlossCore
import GlossProtocol
import Testing

/// What a client's session has to do with private annotation sets.
@Suite struct PrivateSetSessionTests {
    private let set = PrivateSet(
        doc: .privateSet(of: Sample.article, for: "ana"), article: Sample.article)

    /// A session behind its welcome.
    private func ready(_ mode: ClientSession.Mode = .once) -> ClientSession {
        let welcome = Welcome(
            id: 0, user: "ana", device: Sample.device, label: "laptop", log: 1, libraries: [],
            limits: SessionLimits())
        var session = ClientSession(
            mode: mode, credential: Sample.credential, software: "test", now: 0)
        _ = session.handle(.connected, now: 0)
        _ = session.handle(Sample.line(.welcome(welcome)), now: 0)
        return session
    }

    private func request(_ actions: [ClientSession.Action]) throws -> DocumentsRequest {
        for case .send(.docs(let request)) in actions { return request }
        throw WireError(.badFrame, "no docs in \(actions)")
    }

    private func page(_ id: Int, _ documents: [DocumentSummary]) -> ClientSession.Event {
        Sample.line(
            .docs(
                DocumentsPage(
                    id: id, library: Sample.library, documents: documents, more: false)))
    }

    @Test func `One that was made is told of before the session may settle`() throws {
        var session = ready()
        let asked = try request(session.handle(.make(Sample.library, [set]), now: 0))
        #expect(asked.creatingSets == [set] && asked.creating.isEmpty)
        #expect(session.handle(.nothingMore, now: 0).isEmpty)
        let made = session.handle(page(asked.id, []), now: 0)
        #expect(
            made == [.setsKnown(Sample.library, [set]), .documentsKnown(Sample.library, [])])
        #expect(session.handle(.nothingMore, now: 0).contains(.settled))
    }

    @Test func `A list names them with their articles, and passes over those without`() throws {
        var session = ready()
        let asked = try request(session.handle(.list(Sample.library, creating: []), now: 0))
        let other = DocumentID.privateSet(of: Sample.article, for: "jo")
        let actions = session.handle(
            page(
                asked.id,
                [
                    DocumentSummary(doc: Sample.article, kind: .article, at: 3),
                    DocumentSummary(
                        doc: set.doc, kind: .privateAnnotations, at: 3, article: set.article),
                    DocumentSummary(doc: other, kind: .privateAnnotations, at: 3),
                ]), now: 0)
        #expect(
            actions == [
                .setsKnown(Sample.library, [set]),
                .documentsKnown(Sample.library, [Sample.article]),
            ])
        let appeared = DocumentAppeared(
            library: Sample.library, doc: set.doc, kind: .privateAnnotations, article: set.article)
        #expect(
            session.handle(Sample.line(.doc(appeared)), now: 0)
                == [.setsKnown(Sample.library, [set]), .documentsKnown(Sample.library, [])])
    }

    @Test func `Why they were not made is told of them, and not of the list`() throws {
        var session = ready()
        let listed = try request(session.handle(.list(Sample.library, creating: []), now: 0))
        let asked = try request(session.handle(.make(Sample.library, [set]), now: 0))
        let failure = Failure(id: asked.id, code: .badField, message: "what is that?")
        #expect(
            session.handle(Sample.line(.err(failure)), now: 0) == [.setsFailed([set], failure)])
        #expect(
            session.handle(page(listed.id, []), now: 0) == [.documentsKnown(Sample.library, [])])
    }

    @Test func `More than fit are asked for in several messages`() {
        var session = ready(.stay)
        let sets = (0..<1_500).map { number in
            let article = DocumentID(high: 3, low: UInt64(2 * number))
            return PrivateSet(doc: .privateSet(of: article, for: "ana"), article: article)
        }
        let sent = session.handle(.make(Sample.library, sets), now: 0).compactMap { action in
            if case .send(.docs(let request)) = action { request.creatingSets } else { nil }
        }
        #expect(sent.map(\.count) == [1_024, 476] && sent.flatMap { $0 } == sets)
    }

    @Test func `The last document that fails leaves time to have it made again`() throws {
        var session = ready()
        let local = ClientSession.LocalDocument(
            doc: set.doc, at: 0, sum: Checksum(), vector: VersionVector(),
            acknowledged: VersionVector(), own: VersionVector())
        let asked = session.handle(.follow(local), now: 0)
        guard case .send(.sub(let sub))? = asked.first else {
            Issue.record("no sub in \(asked)")
            return
        }
        #expect(session.handle(.nothingMore, now: 0).isEmpty)
        let failure = Failure(
            id: sub.id, scope: .document, doc: set.doc, code: .notFound, message: "no")
        #expect(
            session.handle(Sample.line(.err(failure)), now: 0)
                == [.documentFailed(set.doc, failure)])
        #expect(
            try request(session.handle(.make(Sample.library, [set]), now: 0)).creatingSets == [set])
    }
}
