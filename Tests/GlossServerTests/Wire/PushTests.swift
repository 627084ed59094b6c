import GlossCore
import GlossProtocol
import GlossStorage
import GlossTransport
import Testing

@testable import GlossServer

@Suite("Pushing and following, over TLS", .timeLimit(.minutes(1)))
struct PushTests {
    private let agent = Sample.agent(1)

    /// Joins as `role`, pushes, and gives the refusal; the bystander goes on.
    private func refusal(
        _ role: Role = .editor, of parts: [(DocumentID, [Change])], after good: [Change] = []
    ) async throws -> Nack? {
        var found: Nack?
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let client = try await server.join("ana", role)
            if !good.isEmpty { _ = try await client.push(id: 4, [(Sample.article, good)]) }
            if case .nack(let nack) = try await client.push(id: 5, parts) { found = nack }
            // The connection is still good for something.
            try await client.send(.ping(Ping(number: 3)))
            while let message = try await client.receive() {
                if case .pong(let pong) = message {
                    #expect(pong.number == 3)
                    break
                }
            }
            try await bystander.goesOn(others: good.count)
        }
        return found
    }

    @Test("A reader's text is forbidden")
    func reader() async throws {
        let nack = try await refusal(
            .reader, of: [(Sample.article, [Sample.typing("a", agent: agent)])])
        #expect(nack?.code == .forbidden)
        #expect(nack?.retry == .never)
        #expect(nack?.agent == agent)
        #expect(nack?.seq == 0)
    }

    @Test("A reference to a character that nobody typed is invalid")
    func unknownReference() async throws {
        let change = Sample.change(
            [.insert(Insertion(left: OpID(agent: agent, seq: 40), right: nil, text: ["x"]))],
            agent: agent)
        #expect(try await refusal(of: [(Sample.article, [change])])?.code == .invalidOp)
    }

    @Test("A cause that the server lacks is a missing dependency")
    func unknownCause() async throws {
        let cause = OpID(agent: Sample.agent(8), seq: 2)
        let change = Sample.change(
            [.insert(Insertion(left: nil, right: nil, text: ["x"]))], agent: agent,
            dependencies: [cause])
        let nack = try await refusal(of: [(Sample.article, [change])])
        #expect(nack?.code == .missingDependency)
        #expect(nack?.retry == .later)
        #expect(nack?.missing == [cause])
    }

    @Test("A gap in the numbers is a missing dependency")
    func gap() async throws {
        let nack = try await refusal(
            of: [(Sample.article, [Sample.typing("b", agent: agent, seq: 1)])])
        #expect(nack?.code == .missingDependency)
    }

    @Test("The same number with other bytes is a fork")
    func fork() async throws {
        let nack = try await refusal(
            of: [(Sample.article, [Sample.typing("b", agent: agent)])],
            after: [Sample.typing("a", agent: agent)])
        #expect(nack?.code == .agentFork)
    }

    @Test("Of a push with a good and a bad part nothing is stored")
    func halfBad() async throws {
        let bad = Sample.change(
            [.reply(NewReply(annotation: OpID(agent: agent, seq: 5), body: "?"))], agent: agent)
        let nack = try await refusal(
            of: [(Sample.article, [Sample.typing("a", agent: agent)]), (Sample.set, [bad])])
        #expect(nack?.doc == Sample.set)
        #expect(nack?.code == .invalidOp)
    }

    @Test("A change beyond its limit is too large, and one that is no change invalid")
    func oversized() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let client = try await server.join("ana")
            let long = String(repeating: "x", count: WireLimits.change)
            for (change, code) in [
                (#"{"a":"\#(agent)","m":"\#(long)","o":[],"s":0,"w":1}"#, ErrorCode.tooLarge),
                (#"{"a":"\#(agent)","o":[],"s":0,"w":1}"#, .invalidOp),
                (#"{"s":0,"a":"\#(agent)","o":[],"w":1}"#, .invalidOp),
            ] {
                let doc = Sample.article
                try await client.sendBroken(
                    #"{"t":"push","id":7,"p":[{"doc":"\#(doc)","c":[\#(change)]}]}"#)
                guard case .nack(let nack) = try await client.answer() else {
                    throw Unexpected(message: "no refusal")
                }
                #expect(nack.code == code)
                #expect(nack.retry == .never)
            }
            try await bystander.goesOn()
        }
    }

    @Test("A message of an unknown type is answered, and the connection goes on")
    func unknownType() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let client = try await server.join("ana")
            try await client.sendBroken(#"{"t":"dance","id":12}"#)
            guard case .err(let failure) = try await client.answer() else {
                throw Unexpected(message: "no error")
            }
            #expect(failure.code == .unknownType)
            #expect(failure.scope == .message)
            #expect(failure.id == 12)
            let change = Sample.typing("a", agent: agent)
            guard case .ack = try await client.push(id: 5, [(Sample.article, [change])]) else {
                throw Unexpected(message: "no ack")
            }
            try await bystander.goesOn(others: 1)
        }
    }

    @Test("A line beyond a megabyte ends the connection")
    func longLine() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let client = try await server.join("ana")
            let line = client.line
            async let sent: Void = line.send([[UInt8](repeating: 0x20, count: WireLimits.line + 1)])
            #expect(try await client.lastError()?.code == .lineTooLong)
            _ = try? await sent
            try await bystander.goesOn()
        }
    }

    @Test("A document of another library and one that does not exist answer alike")
    func otherLibrary() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            _ = try await server.running.administrator.perform(
                AdminRequest(.addLibrary, name: "other"))
            let stranger = try await server.join("eve", .owner, library: "other")
            var answers: [ServerMessage] = []
            for doc in [Sample.article, DocumentID(high: 1, low: 4)] {
                try await stranger.send(
                    .sub(SubscribeRequest(id: 3, doc: doc, at: 0, sum: Checksum(), vector: nil)))
                guard case .err(var failure) = try await stranger.answer() else {
                    throw Unexpected(message: "no error")
                }
                #expect(failure.code == .notFound)
                failure.doc = nil
                answers.append(.err(failure))
                let change = Sample.typing("a", agent: agent)
                guard case .nack(var nack) = try await stranger.push(id: 5, [(doc, [change])])
                else { throw Unexpected(message: "no refusal") }
                #expect(nack.code == .notFound)
                nack.doc = Sample.article
                answers.append(.nack(nack))
            }
            #expect(answers.prefix(2) == answers.suffix(2))
            try await stranger.send(.docs(DocumentsRequest(id: 8, library: server.library)))
            guard case .err(let failure) = try await stranger.answer() else {
                throw Unexpected(message: "no error")
            }
            #expect(failure.code == .notFound)
            try await bystander.goesOn()
        }
    }

    @Test("What one pushes, the other gets, with who and when and the same checksum")
    func fanOut() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let client = try await server.join("ana")
            let change = Sample.typing("Walls", agent: agent)
            guard case .ack(let ack) = try await client.push(id: 5, [(Sample.article, [change])])
            else { throw Unexpected(message: "no ack") }
            guard case .ops(let page) = try await bystander.client.receive(),
                case .live(let live) = try await bystander.client.receive()
            else { throw Unexpected(message: "no rows") }
            #expect(page.changes.map(\.user) == ["ana"])
            #expect(page.changes.map(\.device) == ["laptop"])
            #expect(page.changes.map(\.change) == [RawChange(try EncodedChange(change))])
            #expect(live.at == 1)
            #expect(live.sum == ack.parts.first?.sum)
            #expect(page.changes.map(\.time) == [ack.time])
            try await bystander.goesOn(others: 1)
        }
    }

    @Test("Who loses membership is told at once, gets nothing more and may push nothing")
    func lostRole() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let client = try await server.join("ana")
            try await client.send(
                .sub(
                    SubscribeRequest(
                        id: 3, doc: Sample.article, at: 0, sum: Checksum(),
                        vector: VersionVector())))
            guard case .have = try await client.receive(), case .live = try await client.receive()
            else { throw Unexpected(message: "no subscription") }
            _ = try await server.running.administrator.perform(
                AdminRequest(.role, name: "ana", role: nil))
            guard case .revoked(let revoked) = try await client.receive() else {
                throw Unexpected(message: "not told")
            }
            #expect(revoked.subject == .library(server.library))
            try await bystander.goesOn()
            let change = Sample.typing("a", agent: agent)
            guard case .nack(let nack) = try await client.push(id: 5, [(Sample.article, [change])])
            else { throw Unexpected(message: "no refusal") }
            #expect(nack.code == .notFound)
        }
    }
}
