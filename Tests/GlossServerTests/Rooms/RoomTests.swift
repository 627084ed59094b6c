import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage
import Testing

@testable import GlossServer

@Suite("Rooms")
struct RoomTests {
    private let agent = Sample.agent(1)

    @Test("Changes get positions in their order, and their hashes add up to the checksum")
    func positions() async throws {
        let desk = try await Desk()
        let changes = [
            Sample.typing("Wall", agent: agent), Sample.typing("s", agent: agent, seq: 4),
        ]
        let decision = try await desk.push([(Sample.article, changes)])
        #expect(decision.positions == [1, 2])
        let rows = try await desk.rows()
        let status = try #require(
            try await desk.rooms.status(of: Sample.article, at: 1, for: "ana"))
        #expect(status.head == 2)
        #expect(status.sum.rawValue == rows[1].sum)
        #expect(status.sumAtPosition?.rawValue == rows[0].sum)
        #expect(status.vector[agent] == 5)
    }

    @Test("A change pushed again is acknowledged at the position it has")
    func duplicate() async throws {
        let desk = try await Desk()
        let change = Sample.typing("Wall", agent: agent)
        let first = try await desk.push([(Sample.article, [change])])
        let again = try await desk.push([(Sample.article, [change])])
        #expect(first.positions == [1])
        #expect(again.positions == [1])
        #expect(try await desk.rows().count == 1)
    }

    @Test("A push may hold changes that are there and changes that are not")
    func partlyDuplicate() async throws {
        let desk = try await Desk()
        let first = Sample.typing("Wall", agent: agent)
        let second = Sample.typing("s", agent: agent, seq: 4)
        _ = try await desk.push([(Sample.article, [first])])
        #expect(try await desk.push([(Sample.article, [first, second])]).positions == [1, 2])
        #expect(try await desk.rows().count == 2)
    }

    @Test("Of changes that were there the acknowledgement says when they were received")
    func earlierTimes() async throws {
        let desk = try await Desk()
        let words = ["Wall", "s", " and", " gates"]
        var changes: [Change] = []
        for word in words {
            changes.append(
                Sample.typing(word, agent: agent, seq: changes.reduce(0) { $0 + $1.count }))
        }
        _ = try await desk.push([(Sample.article, Array(changes[..<2]))], at: 1_000)
        _ = try await desk.push([(Sample.article, [changes[2]])], at: 2_000)
        let again = try await desk.push([(Sample.article, changes)], at: 2_000)
        guard case .committed(let parts, 2_000) = again else {
            throw Unexpected(message: "\(again)")
        }
        #expect(parts.map(\.earlierTimes) == [[1: 1_000, 2: 1_000]])
        #expect(try await desk.rows().map(\.receivedAt) == [1_000, 1_000, 2_000, 2_000])
        let last = try await desk.push([(Sample.article, [changes[3]])], at: 3_000)
        guard case .committed(let parts, 3_000) = last else { throw Unexpected(message: "\(last)") }
        #expect(parts.map(\.earlierTimes) == [[4: 2_000]])
    }

    @Test("The same number with other bytes is a fork")
    func fork() async throws {
        let desk = try await Desk()
        _ = try await desk.push([(Sample.article, [Sample.typing("Wall", agent: agent)])])
        for text in ["Wahl", "Wa", "Walls"] {
            let other = Sample.typing(text, agent: agent)
            #expect(try await desk.push([(Sample.article, [other])]).code == .agentFork)
        }
        #expect(try await desk.rows().count == 1)
    }

    @Test("An agent of another device, or of another user, may not be used")
    func foreignAgent() async throws {
        let desk = try await Desk(["ana": .editor, "bo": .editor])
        _ = try await desk.push([(Sample.article, [Sample.typing("Wall", agent: agent)])])
        let next = [Sample.typing("s", agent: agent, seq: 4)]
        #expect(
            try await desk.push([(Sample.article, next)], by: "ana", device: 2).code == .agentFork)
        #expect(
            try await desk.push([(Sample.article, next)], by: "bo", device: 1).code == .agentFork)
        #expect(try await desk.push([(Sample.article, next)]).positions == [2])
    }

    @Test("A gap in the numbers and an unknown cause are missing dependencies, and named")
    func missing() async throws {
        let desk = try await Desk()
        let gap = Sample.typing("s", agent: agent, seq: 4)
        let unknown = OpID(agent: Sample.agent(9), seq: 3)
        let orphan = Sample.change(
            [.insert(Insertion(left: nil, right: nil, text: ["x"]))], agent: agent,
            dependencies: [unknown])
        for (change, missing) in [(gap, OpID(agent: agent, seq: 3)), (orphan, unknown)] {
            guard case .refused(let refusal) = try await desk.push([(Sample.article, [change])])
            else {
                Issue.record("refused")
                return
            }
            #expect(refusal.code == .missingDependency)
            #expect(refusal.missing == [missing])
            #expect(refusal.change == change.id)
        }
        #expect(try await desk.rows().isEmpty)
    }

    @Test("A note or check waits for the text it was made on, unless the push brings that too")
    func articleFrontier() async throws {
        let desk = try await Desk()
        let text = Sample.typing("Wall", agent: agent)
        let note = Sample.change(
            [Sample.note("true?", version: [text.lastID])], agent: Sample.agent(2))
        let alone = try await desk.push([(Sample.set, [note])])
        #expect(alone.code == .missingDependency)
        let together = try await desk.push([(Sample.set, [note]), (Sample.article, [text])])
        #expect(together.positions == [1, 1])
        let later = Sample.typing("s", agent: agent, seq: 4)
        let target = Target(
            ranges: [], quote: Quote(exact: "", prefix: "", suffix: ""), version: [later.lastID])
        let write = Write(
            entity: note.id, field: .check,
            value: .check(Check(verdict: .confirmed, target: target)), replaces: [])
        let check = Sample.change([.write(write)], agent: Sample.agent(2), seq: 1)
        let early = try await desk.push([(Sample.set, [check])])
        #expect(early.code == .missingDependency)
        let whole = try await desk.push([(Sample.set, [check]), (Sample.article, [later])])
        #expect(whole.positions == [2, 2])
    }

    @Test("Of a push that is refused in its last part nothing stays")
    func allOrNothing() async throws {
        let desk = try await Desk()
        let text = Sample.typing("Wall", agent: agent)
        let bad = Sample.change(
            [.reply(NewReply(annotation: OpID(agent: agent, seq: 77), body: "?"))],
            agent: Sample.agent(2))
        let refused = try await desk.push([(Sample.article, [text]), (Sample.set, [bad])])
        #expect(refused.code == .invalidOp)
        #expect(try await desk.rows().isEmpty)
        #expect(try await desk.push([(Sample.article, [text])]).positions == [1])
    }

    @Test("Rooms beyond the limit are let go and read again with the same result")
    func eviction() async throws {
        var limits = Rooms.Limits()
        limits.rooms = 2
        let desk = try await Desk(limits: limits)
        var documents: [DocumentID] = []
        for number in 1...5 {
            let id = DocumentID(high: UInt64(number), low: 8)
            _ = try await desk.store.createArticle(id, in: Sample.library, now: 1)
            documents.append(id)
        }
        for round in 0..<3 {
            for id in documents {
                let change = Sample.typing("x", agent: agent, seq: round)
                #expect(try await desk.push([(id, [change])]).positions == [round + 1])
            }
        }
        #expect(await desk.rooms.count <= 2)
        let last = try #require(try await desk.rooms.status(of: documents[0], at: 0, for: "ana"))
        #expect(last.head == 3)
    }

    @Test("More pushes than fit into memory take turns, and none pushes out what another needs")
    func crowd() async throws {
        var limits = Rooms.Limits()
        limits.rooms = 2
        let desk = try await Desk(limits: limits)
        var sets: [DocumentID] = []
        for number in UInt64(1)...6 {
            let id = DocumentID(high: number, low: 8)
            _ = try await desk.store.createArticle(id, in: Sample.library, now: 1)
            let note = Sample.change([Sample.note("true?")], agent: Sample.agent(2))
            _ = try await desk.push([(id, [Sample.typing("x", agent: agent)])])
            _ = try await desk.push([(id.annotations, [note])])
            sets.append(id.annotations)
        }
        await desk.rooms.unload()
        let before = desk.store.rowReads
        desk.store.holdRows()
        var slots: [Task<ServerSession.PushDecision, any Error>] = []
        for set in sets {
            let note = Sample.change([Sample.note("sure?")], agent: Sample.agent(2), seq: 1)
            slots.append(Task { try await desk.push([(set, [note])]) })
        }
        for _ in 0..<100 { await Task.yield() }
        desk.store.releaseRows()
        for slot in slots { #expect(try await slot.value.positions == [2]) }
        for document in sets + sets.map(\.article) {
            let reads = (desk.store.rowReads[document] ?? 0) - (before[document] ?? 0)
            #expect(reads == 1, "\(document)")
        }
    }

    @Test(
        "What is refused behind a push on its way to disk takes nothing of that with it",
        arguments: [true, false])
    func rollingBack(isWritten: Bool) async throws {
        let desk = try await Desk()
        let agent = agent
        desk.store.hold()
        if !isWritten { desk.store.failNextCommit(StoreError(.io, "as planned")) }
        let first = try await desk.submit([(Sample.article, [Sample.typing("a", agent: agent)])])
        await desk.store.heldCommit()
        let second = Sample.typing("b", agent: agent, seq: 1)
        let gap = Sample.typing("c", agent: agent, seq: 9)
        let refused = try await desk.push([(Sample.article, [second, gap])])
        #expect(refused.code == .missingDependency)
        // Nothing may stand on what was refused.
        let note = Sample.change(
            [Sample.note("true?", version: [second.lastID])], agent: Sample.agent(2))
        let noted = Task { try await desk.push([(Sample.set, [note])]) }
        let next = Sample.typing("d", agent: Sample.agent(3))
        let behind = Task { try await desk.push([(Sample.article, [next])]) }
        for _ in 0..<100 { await Task.yield() }
        desk.store.release()
        #expect(await first.take().positions == (isWritten ? [1] : nil))
        #expect(try await behind.value.positions == [isWritten ? 2 : 1])
        #expect(try await desk.rows().count == (isWritten ? 2 : 1))
        #expect(try await noted.value.code == .missingDependency)
    }

    /// Fills the article with single letters, and sees that no document is in memory.
    private func desk(letters: Int) async throws -> Desk {
        let desk = try await Desk()
        for start in stride(from: 0, to: letters, by: 400) {
            let changes = (start..<min(start + 400, letters)).map {
                Sample.typing("x", agent: agent, seq: $0)
            }
            _ = try await desk.push([(Sample.article, changes)])
        }
        await desk.rooms.unload()
        return desk
    }

    @Test("Who follows a document, from wherever, has it loaded for nobody")
    func following() async throws {
        let desk = try await desk(letters: 10)
        let status = try #require(
            try await desk.rooms.status(of: Sample.article, at: 4, for: "ana"))
        #expect(status.head == 10 && status.vector[agent] == 10)
        #expect(try await status.sumAtPosition?.rawValue == desk.rows()[3].sum)
        #expect(try await desk.rooms.slice(of: Sample.article, after: 4).rows.count == 6)
        #expect(await desk.rooms.count == 0)
        _ = try await desk.push([
            (Sample.article, [Sample.typing("y", agent: agent, seq: 10)])
        ])
        #expect(await desk.rooms.count == 1)
        let loaded = try #require(
            try await desk.rooms.status(of: Sample.article, at: 11, for: "ana"))
        #expect(loaded.head == 11 && loaded.sumAtPosition == loaded.sum)
        #expect(loaded.state != nil)
    }

    @Test("What is older than what a room keeps of it is still known, and told from a fork")
    func oldChanges() async throws {
        let count = 1_000
        let desk = try await desk(letters: count)
        for isReloaded in [true, false] {
            let old = Sample.typing("x", agent: agent, seq: 17)
            let decision = try await desk.push([(Sample.article, [old])])
            guard case .committed(let parts, _) = decision else {
                Issue.record("\(decision)")
                return
            }
            #expect(parts.map(\.positions) == [[18]])
            #expect(try await parts.first?.sum?.rawValue == desk.rows()[17].sum)
            let fork = Sample.typing("z", agent: agent, seq: 17)
            #expect(try await desk.push([(Sample.article, [fork])]).code == .agentFork)
            let other = Sample.agent(isReloaded ? 7 : 8)
            let last = OpID(agent: agent, seq: 40)
            let late = Sample.change(
                [.insert(Insertion(left: last, right: nil, text: ["y"]))], agent: other,
                dependencies: [last])
            #expect(
                try await desk.push([(Sample.article, [late])]).positions
                    == [count + (isReloaded ? 1 : 2)])
            let row = try #require(
                try await desk.store.row(of: Sample.article, holding: late.id))
            let cause = try #require(
                try await desk.store.row(of: Sample.article, holding: last))
            let hash = ChangeHash(
                of: try EncodedChange(late), previous: nil,
                dependencies: [try #require(ChangeHash(bytes: cause.hash))])
            #expect(row.hash == hash.digest.bytes)
        }
    }

    @Test("A document takes no more bytes of changes than it may, and what it has again")
    func documentSize() async throws {
        var limits = Rooms.Limits()
        let changes = (0..<3).map { Sample.typing("x", agent: agent, seq: $0) }
        limits.documentBytes = try changes.reduce(0) { try $0 + EncodedChange($1).bytes.count }
        let desk = try await Desk(limits: limits)
        let more = Sample.typing("y", agent: agent, seq: 3)
        #expect(try await desk.push([(Sample.article, changes + [more])]).code == .tooLarge)
        #expect(try await desk.rows().isEmpty)
        #expect(try await desk.push([(Sample.article, changes)]).positions == [1, 2, 3])
        for isLoaded in [true, false] {
            if !isLoaded { await desk.rooms.unload() }
            guard case .refused(let refusal) = try await desk.push([(Sample.article, [more])])
            else {
                Issue.record("taken")
                return
            }
            #expect(refusal.code == .tooLarge && refusal.code.retry == .never)
            #expect(try await desk.push([(Sample.article, changes)]).positions == [1, 2, 3])
        }
        // Another document has a limit of its own.
        #expect(try await desk.push([(Sample.set, [])]).positions == [])
        let note = Sample.change([Sample.note("true?")], agent: Sample.agent(2))
        #expect(try await desk.push([(Sample.set, [note])]).positions == [1])
    }

    @Test("A document takes changes of no more agents than a vector may have")
    func documentAgents() async throws {
        var limits = Rooms.Limits()
        limits.documentAgents = 2
        let desk = try await Desk(limits: limits)
        for number in 1...2 {
            let change = Sample.typing("x", agent: Sample.agent(UInt64(number)), seq: 0)
            #expect(try await desk.push([(Sample.article, [change])]).positions == [number])
        }
        for isLoaded in [true, false] {
            if !isLoaded { await desk.rooms.unload() }
            let new = Sample.typing("y", agent: Sample.agent(3), seq: 0)
            #expect(try await desk.push([(Sample.article, [new])]).code == .tooLarge)
            let known = Sample.typing("z", agent: Sample.agent(2), seq: isLoaded ? 1 : 2)
            #expect(
                try await desk.push([(Sample.article, [known])]).positions == [isLoaded ? 3 : 4])
        }
    }
}
