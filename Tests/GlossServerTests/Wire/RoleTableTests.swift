import GlossCore
import GlossProtocol
import GlossStorage
import GlossTransport
import Testing

@testable import GlossServer

/// Somebody for whom every row of the table is tried.
private struct Actor {
    var name: String
    /// The role in the library; `nil` of somebody who is in another library only.
    var library: Role?
    /// The role on the article: nothing said, a role, or none at all.
    var document: Role??
    var isRemoved = false

    /// The role that holds; `nil` where the documents do not exist for them.
    var role: Role? {
        if library == nil || isRemoved { return nil }
        return document ?? library
    }

    static let all: [Actor] =
        [
            Actor(name: "reader", library: .reader), Actor(name: "reviewer", library: .reviewer),
            Actor(name: "editor", library: .editor), Actor(name: "owner", library: .owner),
            Actor(name: "hidden", library: .owner, document: .some(nil)),
            Actor(name: "lowered-reader", library: .owner, document: .some(.reader)),
            Actor(name: "lowered-reviewer", library: .editor, document: .some(.reviewer)),
            Actor(name: "raised-reviewer", library: .reader, document: .some(.reviewer)),
            Actor(name: "raised-editor", library: .reader, document: .some(.editor)),
            Actor(name: "raised-owner", library: .reviewer, document: .some(.owner)),
            Actor(name: "removed", library: .editor, isRemoved: true),
            Actor(name: "foreigner", library: nil),
        ]
}

/// Somebody at work: their connection, and the numbers they use next.
private struct Worker {
    var actor: Actor
    var client: TestClient
    var things: RoleTable.Things
    var articleAgent: AgentID
    var next: [DocumentID: Int]
    /// Documents in which a change of theirs depends on what they found there.
    var hasSeen: Set<DocumentID> = []

    func agent(in document: DocumentID) -> AgentID {
        document == Sample.article ? articleAgent : things.agent
    }
}

@Suite("The table of roles, over TLS", .timeLimit(.minutes(5)))
struct RoleTableTests {
    private let other = RoleTable.Things(agent: Sample.agent(0x200))
    private let character = OpID(agent: Sample.agent(99), seq: 0)

    @Test("Every role may do what the table says and nothing else, which reaches nobody")
    func table() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let watcher = try await server.join("watcher", .reader, device: 98)
            for doc in [Sample.article, Sample.set] { _ = try await watcher.follow(doc) }
            try await bystander.goesOn()
            let writer = try await server.join("other", .editor, device: 97)
            guard case .ack = try await writer.push(id: 1, [(Sample.set, [other.change])]) else {
                throw Unexpected(message: "no ack")
            }
            _ = try await server.running.administrator.perform(
                AdminRequest(.addLibrary, name: "elsewhere"))

            var taken: [DocumentID: Set<OpID>] = [
                Sample.article: [character], Sample.set: [other.change.id],
            ]
            for (index, actor) in Actor.all.enumerated() {
                var worker = try await start(actor, index, on: server)
                if actor.library != nil { taken[Sample.set]?.insert(worker.things.change.id) }
                for row in RoleTable.rows {
                    if let id = try await attempt(row, by: &worker) {
                        taken[row.document]?.insert(id)
                    }
                }
                await worker.client.line.close()
            }
            for (document, expected) in taken {
                let rows = try await server.store.rows(
                    of: document, after: 0, maxBytes: .max, maxRows: .max)
                #expect(Set(rows.map { OpID(agent: $0.agent, seq: $0.seq) }) == expected)
                #expect(rows.count == expected.count)
            }
            #expect(try await seen(by: watcher, of: taken.mapValues(\.count)) == taken)
        }
    }

    /// Somebody who has joined as an editor, has made their things, and has got their role then.
    private func start(
        _ actor: Actor, _ index: Int, on server: TestServer
    ) async throws -> Worker {
        let number = UInt64(index + 1)
        let client = try await server.join(
            actor.name, .editor, device: number, library: actor.library == nil ? "elsewhere" : nil)
        var worker = Worker(
            actor: actor, client: client,
            things: RoleTable.Things(agent: Sample.agent(0x300 + number)),
            articleAgent: Sample.agent(0x400 + number), next: [:])
        guard let role = actor.library else { return worker }
        let things = worker.things.change
        guard case .ack = try await client.push(id: 2, [(Sample.set, [things])]) else {
            throw Unexpected(message: "\(actor.name) could not make their things")
        }
        worker.next[Sample.set] = things.count
        let administrator = server.running.administrator
        if let document = actor.document {
            _ = try await administrator.perform(
                AdminRequest(
                    .documentRole, name: "\(Sample.article)", user: actor.name,
                    role: document?.rawValue ?? "none"))
        }
        _ = try await administrator.perform(
            AdminRequest(
                .role, name: actor.name, role: actor.isRemoved ? nil : role.rawValue,
                library: "main"))
        return worker
    }

    /// Pushes what a row says, and looks whether the answer is the one of the table.
    ///
    /// - Returns: the change, if it was to be taken.
    private func attempt(_ row: RoleTable.Row, by worker: inout Worker) async throws -> OpID? {
        let agent = worker.agent(in: row.document)
        let seq = worker.next[row.document, default: 0]
        let id = OpID(agent: agent, seq: seq)
        let change = try change(for: row, id, of: worker)
        try await worker.client.send(
            .push(Push(id: 5, parts: [PushPart(doc: row.document, changes: [change])])))
        let answer = try await worker.client.answer()
        let cell: Comment = "\(row) as \(worker.actor.name)"
        let expected: ErrorCode? =
            switch worker.actor.role {
            case nil: .notFound
            case let role? where role < row.least: .forbidden
            case _ where row.isInvalid: .invalidOp
            case _: nil
            }
        switch answer {
        case .ack where expected == nil:
            worker.next[row.document] = seq + 1
            worker.hasSeen.insert(row.document)
            return id
        case .nack(let nack):
            #expect(nack.code == expected, "\(cell): \(nack.message)")
            #expect(nack.doc == row.document, cell)
            if expected != .notFound { #expect(nack.agent == agent && nack.seq == seq, cell) }
        default: Issue.record("\(cell): \(answer)")
        }
        return nil
    }

    private func change(
        for row: RoleTable.Row, _ id: OpID, of worker: Worker
    ) throws -> RawChange {
        let ground = RoleTable.Ground(own: worker.things, other: other, character: character)
        // What an earlier change depends on a later one need not name, and may not.
        let seen =
            row.document == Sample.article
            ? character : OpID(agent: other.agent, seq: other.change.count - 1)
        let dependencies = worker.hasSeen.contains(row.document) ? [] : [seen]
        switch row.deed {
        case .op(let op):
            return RawChange(
                try EncodedChange(
                    Sample.change(
                        [op(ground)], agent: id.agent, seq: id.seq, dependencies: dependencies)))
        case .raw(let text):
            let listed = dependencies.map { #""d":["\#($0)"],"# }.joined()
            let line = """
                {"a":"\(id.agent)",\(listed)"o":[\(text(ground))],"s":\(id.seq),"w":1000}
                """
            return RawChange(bytes: Array(line.utf8))
        }
    }

    /// What somebody who follows both documents was sent, up to their ends.
    private func seen(
        by watcher: TestClient, of heads: [DocumentID: Int]
    ) async throws -> [DocumentID: Set<OpID>] {
        var seen: [DocumentID: Set<OpID>] = [:]
        var ends: [DocumentID: Int] = [:]
        while ends != heads, let message = try await watcher.receive() {
            switch message {
            case .ops(let page):
                for row in page.changes {
                    seen[page.doc, default: []].insert(
                        try ChangeCodec.decode(row.change.bytes).id)
                }
            case .live(let live): ends[live.doc] = live.at
            case .lag: continue
            default: throw Unexpected(message: "\(message)")
            }
        }
        return seen
    }
}
