import GlossCore
import GlossProtocol
import GlossStorage
import GlossTransport
import Testing

@testable import GlossServer

@Suite("Purging, over TLS", .timeLimit(.minutes(1)))
struct PurgeTests {
    private let agent = Sample.agent(1)

    private func purge(_ server: TestServer, dry: Bool = false) async throws -> AdminReport.Purge {
        let report = try await Administration.perform(
            AdminRequest(.purge, name: "\(Sample.article)", dry: dry),
            dataDirectory: server.directory.path)
        #expect(report.schema == "glossd.purge/1")
        return try #require(report.purge)
    }

    private func subscribe(_ client: TestClient, _ doc: DocumentID) async throws {
        try await client.send(
            .sub(
                SubscribeRequest(
                    id: 20, doc: doc, at: 0, sum: Checksum(), vector: VersionVector())))
    }

    @Test("Members who follow it are told at once, and whoever asks later, too")
    func members() async throws {
        try await TestServer.run { server in
            let follower = try await server.bystander().client
            let client = try await server.join("ana")
            let text = Sample.typing("Wall", agent: agent)
            _ = try await client.push(id: 5, [(Sample.article, [text])])
            let plan = try await purge(server, dry: true)
            #expect(!plan.purged && plan.library == "main")
            #expect(plan.documents.map(\.changes) == [1, 0])
            #expect(try await server.store.document(Sample.article)?.head == 1)

            var done = try await purge(server)
            #expect(done.purged && done.unreclaimed == nil)
            done.purged = false
            #expect(done == plan)
            while let message = try await follower.receive() {
                guard case .err(let failure) = message else { continue }
                #expect(failure.scope == .document && failure.doc == Sample.article)
                #expect(failure.code == .gone && failure.retry == .never && failure.id == nil)
                break
            }
            let more = Sample.typing("s", agent: agent, seq: 4)
            for doc in [Sample.article, Sample.set] {
                guard case .nack(let nack) = try await client.push(id: 6, [(doc, [more])]) else {
                    Issue.record("taken")
                    return
                }
                #expect(nack.code == .gone && nack.retry == .never && nack.doc == doc)
                try await subscribe(client, doc)
                guard case .err(let failure) = try await client.answer() else {
                    Issue.record("followed")
                    return
                }
                #expect(failure.code == .gone && failure.scope == .document && failure.id == 20)
            }
            try await client.send(
                .docs(
                    DocumentsRequest(
                        id: 21, library: server.library, creating: [Sample.article])))
            guard case .err(let failure) = try await client.answer() else {
                Issue.record("made again")
                return
            }
            #expect(failure.code == .gone && failure.id == 21 && failure.scope == .message)
            try await client.send(.docs(DocumentsRequest(id: 22, library: server.library)))
            guard case .docs(let page) = try await client.receive() else {
                Issue.record("no list")
                return
            }
            #expect(page.documents.isEmpty)
            // Again it does no harm, and says that there was nothing left.
            let again = try await purge(server)
            #expect(again.purged && again.documents.isEmpty)
        }
    }

    @Test("Who is no member of its library learns nothing of it")
    func foreigners() async throws {
        try await TestServer.run { server in
            _ = try await server.bystander()
            _ = try await Administration.perform(
                AdminRequest(.addLibrary, name: "other"), dataDirectory: server.directory.path)
            _ = try await purge(server)
            let foreigner = try await server.join("zoe", library: "other")
            let other = try #require(try await server.store.library(named: "other"))
            try await subscribe(foreigner, Sample.article)
            guard case .err(let failure) = try await foreigner.answer() else {
                Issue.record("followed")
                return
            }
            #expect(failure.code == .notFound)
            let text = Sample.typing("Wall", agent: agent)
            guard
                case .nack(let nack) = try await foreigner.push(
                    id: 6, [(Sample.article, [text])])
            else {
                Issue.record("taken")
                return
            }
            #expect(nack.code == .notFound)
            try await foreigner.send(
                .docs(DocumentsRequest(id: 21, library: other.id, creating: [Sample.article])))
            guard case .err(let refusal) = try await foreigner.answer() else {
                Issue.record("made again")
                return
            }
            #expect(refusal.code == .notFound)
        }
    }

    @Test("On a stopped server it is the same, and it stays purged after the next start")
    func stopped() async throws {
        try await TestServer.withDirectory { path in
            try await TestServer.run(in: path) { server in
                let client = try await server.bystander().client
                _ = try await client.push(
                    id: 5, [(Sample.article, [Sample.typing("Wall", agent: agent)])])
                await client.line.close()
            }
            let report = try await Administration.perform(
                AdminRequest(.purge, name: "\(Sample.article)"), dataDirectory: path)
            #expect(report.purge?.purged == true)
            try await TestServer.run(in: path) { server in
                let client = try await server.join("ana")
                try await subscribe(client, Sample.article)
                guard case .err(let failure) = try await client.answer() else {
                    Issue.record("followed")
                    return
                }
                #expect(failure.code == .gone)
            }
        }
    }

    @Test("What is on its way to disk goes first, and nobody else's push fails because of it")
    func inFlight() async throws {
        let desk = try await Desk()
        let other = DocumentID(high: 5, low: 8)
        _ = try await desk.store.createArticle(other, in: Sample.library, now: 1)
        let follower = NotedGrowth()
        await desk.rooms.follow(Sample.article, follower)
        desk.store.hold()
        let mine = try await desk.submit([(Sample.article, [Sample.typing("a", agent: agent)])])
        let others = try await desk.submit([(other, [Sample.typing("a", agent: agent)])])
        await desk.store.heldCommit()
        let rooms = desk.rooms
        async let purged = rooms.purge(Sample.article, now: 9)
        while await !rooms.purging.contains(Sample.article) { await Task.yield() }
        let late = try await desk.push([
            (Sample.article, [Sample.typing("b", agent: agent, seq: 1)])
        ])
        #expect(late.code == .overloaded)
        desk.store.release()
        #expect(await mine.take().positions == [1])
        #expect(await others.take().positions == [1])
        #expect(try await purged.map(\.head) == [1, 0])
        #expect(await follower.slot.take() == 1)
        #expect(await follower.slot.take() == -1)
        #expect(try await desk.push([(Sample.set, [])]).code == .gone)
        #expect(
            try await desk.push([(other, [Sample.typing("b", agent: agent, seq: 1)])]).positions
                == [2])
    }

    @Test("While a purge may yet fail nothing final is said, and after a failure all goes on")
    func undecided() async throws {
        let desk = try await Desk()
        desk.store.hold()
        desk.store.failNextPurge(StoreError(.diskFull, "as planned"))
        let first = try await desk.submit([(Sample.article, [Sample.typing("a", agent: agent)])])
        await desk.store.heldCommit()
        let rooms = desk.rooms
        let purge = Task { try await rooms.purge(Sample.article, now: 9) }
        while await !rooms.purging.contains(Sample.article) { await Task.yield() }
        let more = Sample.typing("b", agent: agent, seq: 1)
        let note = Sample.change([Sample.note("true?")], agent: Sample.agent(2))
        for (document, change) in [(Sample.article, more), (Sample.set, note)] {
            let decision = try await desk.push([(document, [change])])
            #expect(decision.code == .overloaded && decision.code?.retry == .later)
            #expect(try await desk.push([(document, [change])], by: "zoe").code == .notFound)
        }
        desk.store.release()
        #expect(await first.take().positions == [1])
        await #expect(throws: StoreError.self) { try await purge.value }
        #expect(try await desk.push([(Sample.article, [more])]).positions == [2])
        #expect(try await desk.push([(Sample.set, [note])]).positions == [1])
    }
}
