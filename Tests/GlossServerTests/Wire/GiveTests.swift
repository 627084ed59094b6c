import Glibc
import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage
import Testing

@testable import GlossServer

@Suite("Giving back by receipts, over TLS", .timeLimit(.minutes(1)))
struct GiveTests {
    /// Some rows of a log and what a server has said of them, for a client to give back.
    private struct Lost {
        var rows: [CommittedChange]
        var log: UInt64
        var receipt: LogReceipt
        var hashes: [SHA256Digest]
        var document = Sample.article

        func stretch(from: Int = 1) -> SignedStretch {
            var chain = LogChain(of: document)
            for (row, hash) in zip(rows.prefix(from - 1), hashes) {
                chain.append(user: row.user, device: row.device, time: row.time, hash: hash)
            }
            return SignedStretch(
                doc: document, log: log, from: from, chain: chain.digest,
                at: receipt.chain.position, signature: receipt.signature)
        }

        func given(from: Int = 1) -> [GivenRow] {
            rows.dropFirst(from - 1).map {
                GivenRow(user: $0.user, device: $0.device, time: $0.time, change: $0.change)
            }
        }

        func give(id: Int = 9, from: Int = 1) -> Give {
            Give(id: id, stretch: stretch(from: from), rows: given(from: from))
        }

        /// Signs as much of it as there is.
        mutating func sign(_ server: TestServer) async throws {
            var chain = LogChain(of: document)
            for (row, hash) in zip(rows, hashes) {
                chain.append(user: row.user, device: row.device, time: row.time, hash: hash)
            }
            let key = try #require(try await server.store.info().receiptKey)
            receipt = try LogReceipt(
                signing: chain, of: document, log: log,
                with: Ed25519.PrivateKey(rawRepresentation: key))
        }

        /// Adds a row by somebody else, as if that had been lost, too.
        mutating func addRow(_ server: TestServer) async throws {
            let change = try EncodedChange(Sample.typing("z", agent: Sample.agent(2)))
            rows.append(
                CommittedChange(
                    at: rows.count + 1, user: "zoe", device: "desk", time: 9,
                    change: RawChange(change)))
            hashes.append(ChangeHash(of: change, previous: nil, dependencies: []).digest)
            try await sign(server)
        }
    }

    private static let agent = Sample.agent(1)

    /// Follows the article and gives its log and the receipt for it.
    private static func lost(_ client: TestClient, log: UInt64, _ count: Int) async throws -> Lost {
        try await client.send(
            .sub(SubscribeRequest(id: 6, doc: Sample.article, at: 0, sum: Checksum(), vector: nil)))
        var rows: [CommittedChange] = []
        while let message = try await client.receive() {
            if case .ops(let page) = message { rows += page.changes }
            guard case .live(let live) = message, let receipt = live.receipt else { continue }
            #expect(live.at == count && rows.count == count)
            var hashes: [SHA256Digest] = []
            for row in rows {
                let change = try EncodedChange(row.change)
                let hash = ChangeHash(
                    of: change, previous: hashes.last.map { ChangeHash(digest: $0) },
                    dependencies: [])
                hashes.append(hash.digest)
            }
            return Lost(rows: rows, log: log, receipt: receipt, hashes: hashes)
        }
        throw Unexpected(message: "the connection has ended")
    }

    /// Has `ana` write on a server that is then put back to before that; `body` gets a server that
    /// lacks it, and what is lost.
    private func afterLoss(
        _ body: (TestServer, TestClient, Lost) async throws -> Void
    ) async throws {
        try await TestServer.withDirectory { path in
            var lost: Lost?
            let copy = path + ".copy"
            var reader: Credential?
            try await TestServer.run(in: path) { server in
                _ = try await server.bystander()
                let client = try await server.join("ben", .reader, device: 2)
                reader = client.credential
                let ana = try await server.join("ana", .editor)
                try await server.store.backup(to: copy)
                for (seq, text) in ["a", "b", "c"].enumerated() {
                    _ = try await ana.push(
                        id: 10 + seq,
                        [(Sample.article, [Sample.typing(text, agent: Self.agent, seq: seq)])])
                }
                lost = try await Self.lost(client, log: server.store.info().lineage, 3)
            }
            let database = DataDirectory(path: path).store
            for suffix in ["", "-wal", "-shm"] { unlink(database + suffix) }
            #expect(rename(copy, database) == 0)
            try await TestServer.run(in: path) { server in
                try await server.store.setLineage(78)
                var client = try await server.dial()
                (client.user, client.device) = ("ben", Sample.device(2))
                try await client.hello(reader)
                guard case .welcome = try await client.receive() else {
                    throw Unexpected(message: "the connection has ended")
                }
                try await body(server, client, try #require(lost))
            }
        }
    }

    @Test("A reader gives back what an editor wrote: under that name, device and time, and agent")
    func reader() async throws {
        try await afterLoss { server, client, lost in
            try await client.send(.give(lost.give()))
            guard case .ack(let ack) = try await client.answer() else {
                Issue.record("no ack")
                return
            }
            #expect(ack.parts.map(\.positions) == [[1, 2, 3]])
            let rows = try await server.store.rows(
                of: Sample.article, after: 0, maxBytes: .max, maxRows: .max)
            #expect(rows.map(CommittedChange.init) == lost.rows)
            #expect(rows.allSatisfy { $0.device == Sample.device(1) })
            // Once more, and in part, is no error.
            for from in [1, 3] {
                try await client.send(.give(lost.give(id: 20 + from, from: from)))
                guard case .ack(let again) = try await client.answer() else {
                    Issue.record("no ack")
                    return
                }
                #expect(again.parts[0].positions == Array(from...3))
            }
            #expect(try await server.store.document(Sample.article)?.head == 3)
            // The agent is ana's, and no one else's.
            let forged = try await client.push(
                id: 30, [(Sample.article, [Sample.typing("d", agent: Self.agent, seq: 3)])])
            guard case .nack(let nack) = forged else {
                Issue.record("taken from a reader")
                return
            }
            #expect([.agentFork, .forbidden].contains(nack.code))
        }
    }

    @Test("What is not just as it was signed is refused, and leaves nothing")
    func hostile() async throws {
        try await afterLoss { server, client, lost in
            var attempts: [(String, Give)] = []
            func attempt(_ name: String, _ alter: (inout Give) -> Void) {
                var give = lost.give(id: 40 + attempts.count)
                alter(&give)
                attempts.append((name, give))
            }
            attempt("another user") { $0.rows[0].user = "ben" }
            attempt("another device") { $0.rows[1].device = "desk" }
            attempt("another time") { $0.rows[2].time += 1 }
            attempt("a row less, in front") {
                $0.rows.removeFirst()
                $0.stretch.at -= 1
            }
            attempt("a row less, behind") {
                $0.rows.removeLast()
                $0.stretch.at -= 1
            }
            attempt("other positions") {
                $0.stretch.from += 1
                $0.stretch.at += 1
            }
            attempt("a forged signature") { $0.stretch.signature[0] ^= 1 }
            attempt("another lineage") { $0.stretch.log = 78 }
            attempt("another chain in front") { $0.stretch.chain = SHA256.hash([1]) }
            attempt("another document") { $0.stretch.doc = Sample.set }
            for (name, give) in attempts {
                try await client.send(.give(give))
                guard case .nack(let nack) = try await client.answer() else {
                    Issue.record("taken: \(name)")
                    continue
                }
                #expect(nack.id == give.id, "\(name)")
                // Nothing is judged before the receipt: without a row in front there is no chain.
                let expected =
                    name == "a row less, in front" ? ErrorCode.missingDependency : .invalidReceipt
                #expect(nack.code == expected, "\(name): \(nack)")
            }
            var swapped = lost.give(id: 60)
            swapped.rows.swapAt(0, 1)
            try await client.send(.give(swapped))
            if case .nack = try await client.answer() {} else { Issue.record("taken: swapped") }
            #expect(try await server.store.document(Sample.article)?.head == 0)
            // It has harmed nobody.
            try await client.send(.give(lost.give(id: 61)))
            guard case .ack = try await client.answer() else {
                Issue.record("no ack")
                return
            }
        }
    }

    @Test("What cannot be taken any more is left out with the reason, and the rest is taken")
    func leftOut() async throws {
        try await afterLoss { server, client, lost in
            var lost = lost
            try await lost.addRow(server)
            // Meanwhile the first number was used otherwise.
            let cyd = try await server.join("cyd", .editor, device: 4)
            let other = try await cyd.push(
                id: 30, [(Sample.article, [Sample.typing("o", agent: Self.agent)])])
            if case .ack = other {} else { Issue.record("no ack") }
            try await client.send(.give(lost.give()))
            guard case .ack(let ack) = try await client.answer() else {
                Issue.record("no ack")
                return
            }
            #expect(ack.parts.map(\.positions) == [[2]])
            let left = ack.parts[0].leftOut
            // The second builds on the first as it was; by the third the agent is another's.
            #expect(left.map(\.code) == [.agentFork, .missingDependency, .agentFork])
            #expect(left.map(\.retry) == [.never, .later, .never])
            #expect(left.map(\.change.seq) == [0, 1, 2])
            let rows = try await server.store.rows(
                of: Sample.article, after: 0, maxBytes: .max, maxRows: .max)
            #expect(rows.map(\.user) == ["cyd", "zoe"])
        }
    }

    @Test("What is left out of one stretch takes only what builds on it out of the next")
    func stretches() async throws {
        try await afterLoss { server, client, lost in
            var lost = lost
            try await lost.addRow(server)
            let cyd = try await server.join("cyd", .editor, device: 4)
            _ = try await cyd.push(
                id: 30, [(Sample.article, [Sample.typing("o", agent: Self.agent)])])
            func answer(_ give: Give) async throws -> ServerMessage? {
                try await client.send(.give(give))
                return try await client.answer()
            }
            var first = lost
            first.rows.removeLast(3)
            first.hashes.removeLast(3)
            try await first.sign(server)
            guard case .ack(let ack) = try await answer(first.give(id: 60)) else {
                throw Unexpected(message: "no ack")
            }
            #expect(ack.parts[0].leftOut.map(\.code) == [.agentFork])
            // By the log, the second has another cause; by a false one, it has one that was not signed.
            var second = lost.give(id: 61, from: 2)
            let cause = OpID(agent: Self.agent, seq: 0)
            for causes in [[], [GivenCause(id: cause, hash: SHA256.hash([1]))]] {
                second.causes = causes
                guard case .nack(let nack) = try await answer(second) else {
                    throw Unexpected(message: "taken")
                }
                #expect(nack.code == .invalidReceipt)
            }
            second.causes = [GivenCause(id: cause, hash: lost.hashes[0])]
            guard case .ack(let rest) = try await answer(second) else {
                throw Unexpected(message: "no ack")
            }
            #expect(rest.parts[0].positions == [2])
            #expect(rest.parts[0].leftOut.map(\.code) == [.missingDependency, .agentFork])
            let rows = try await server.store.rows(
                of: Sample.article, after: 0, maxBytes: .max, maxRows: .max)
            #expect(rows.map(\.user) == ["cyd", "zoe"])
        }
    }

    @Test("A receipt in front of a stretch is made for what was signed, and for nothing else")
    func receipts() async throws {
        try await afterLoss { _, client, lost in
            let outlines = zip(lost.rows, lost.hashes).map {
                RowOutline(user: $0.user, device: $0.device, time: $0.time, hash: $1)
            }
            func ask(
                _ id: Int, _ stretch: SignedStretch, _ rows: [RowOutline]
            ) async throws
                -> ServerMessage?
            {
                try await client.send(
                    .receipt(ReceiptRequest(id: id, stretch: stretch, rows: rows)))
                return try await client.receive()
            }
            let rest = Array(outlines.dropFirst())
            guard case .receipt(let answer) = try await ask(7, lost.stretch(from: 2), rest) else {
                Issue.record("no receipt")
                return
            }
            #expect(answer.at == 1 && answer.id == 7)
            // The first row alone is given by it, then the others.
            var first = Lost(
                rows: Array(lost.rows.prefix(1)), log: lost.log,
                receipt: LogReceipt(
                    chain: LogChain(position: 1, digest: lost.stretch(from: 2).chain),
                    signature: answer.signature),
                hashes: lost.hashes
            ).give(id: 8)
            try await client.send(.give(first))
            if case .ack = try await client.answer() {} else { Issue.record("no ack") }
            try await client.send(.give(lost.give(id: 9, from: 2)))
            if case .ack = try await client.answer() {} else { Issue.record("no ack") }
            // A receipt of an earlier position is none of a later one.
            first = lost.give(id: 10)
            first.stretch.signature = answer.signature
            try await client.send(.give(first))
            if case .nack(let nack) = try await client.answer() {
                #expect(nack.code == .invalidReceipt)
            } else {
                Issue.record("taken")
            }
            var forged = rest
            forged[1].user = "ben"
            guard case .err(let failure) = try await ask(11, lost.stretch(from: 2), forged) else {
                Issue.record("signed")
                return
            }
            #expect(failure.code == .invalidReceipt && failure.scope == .message)
        }
    }

    @Test("Who shows false receipts has to wait, and nobody else has")
    func guessing() async throws {
        try await afterLoss { server, client, lost in
            var forged = lost.give()
            forged.stretch.signature[0] ^= 1
            let outlines = zip(lost.rows, lost.hashes).map {
                RowOutline(user: $0.user, device: $0.device, time: $0.time, hash: $1)
            }
            for guess in 0..<WireLimits.falseReceipts {
                if guess % 2 == 0 {
                    forged.id = 100 + guess
                    try await client.send(.give(forged))
                    guard case .nack(let nack) = try await client.answer() else {
                        throw Unexpected(message: "taken")
                    }
                    #expect(nack.code == .invalidReceipt)
                } else {
                    try await client.send(
                        .receipt(
                            ReceiptRequest(id: 100 + guess, stretch: forged.stretch, rows: outlines)
                        ))
                    guard case .err(let failure) = try await client.answer() else {
                        throw Unexpected(message: "signed")
                    }
                    #expect(failure.code == .invalidReceipt)
                }
            }
            try await client.send(.give(lost.give(id: 200)))
            guard case .nack(let nack) = try await client.answer() else {
                throw Unexpected(message: "taken")
            }
            #expect(nack.code == .rateLimited && nack.retry == .later)
            try await client.send(
                .receipt(ReceiptRequest(id: 201, stretch: lost.stretch(), rows: outlines)))
            guard case .err(let failure) = try await client.answer() else {
                throw Unexpected(message: "signed")
            }
            #expect(failure.code == .rateLimited && failure.scope == .message)
            #expect(try await server.store.document(Sample.article)?.head == 0)
            let other = try await server.join("dan", .reader, device: 7)
            try await other.send(.give(lost.give(id: 202)))
            guard case .ack = try await other.answer() else {
                throw Unexpected(message: "no ack")
            }
        }
    }

    @Test("What cannot be verified for lack of what is in front counts like a false receipt")
    func unverifiable() async throws {
        try await afterLoss { server, client, lost in
            for number in 0..<WireLimits.falseReceipts {
                try await client.send(.give(lost.give(id: 100 + number, from: 2)))
                guard case .nack(let nack) = try await client.answer() else {
                    throw Unexpected(message: "taken")
                }
                #expect(nack.code == .missingDependency)
            }
            try await client.send(.give(lost.give(id: 200)))
            guard case .nack(let nack) = try await client.answer() else {
                throw Unexpected(message: "taken")
            }
            #expect(nack.code == .rateLimited && nack.retry == .later)
            #expect(try await server.store.document(Sample.article)?.head == 0)
        }
    }

    @Test("A log that has grown has a receipt at its end a second later, at the latest")
    func trailing() async throws {
        try await TestServer.run { server in
            _ = try await server.bystander()
            let client = try await server.join("ben", .reader, device: 2)
            let ana = try await server.join("ana", .editor)
            try await client.send(
                .sub(
                    SubscribeRequest(
                        id: 6, doc: Sample.article, at: 0, sum: Checksum(), vector: nil)))
            for (seq, text) in ["a", "b", "c"].enumerated() {
                _ = try await ana.push(
                    id: 10 + seq,
                    [(Sample.article, [Sample.typing(text, agent: Self.agent, seq: seq)])])
            }
            var signed: [Int] = []
            while signed.last != 3, let message = try await client.receive() {
                if case .live(let live) = message, live.receipt != nil { signed.append(live.at) }
            }
            #expect(signed.last == 3 && signed.count <= 3)
        }
    }

    @Test("Of a device that the server does not know, nobody gets the agent")
    func unknownDevice() async throws {
        try await afterLoss { server, client, lost in
            // As if the copy were from before ana's device.
            let key = try #require(try await server.store.info().receiptKey)
            var rows = lost.rows
            var chain = LogChain(of: Sample.article)
            for index in rows.indices {
                rows[index].user = "zoe"
                chain.append(
                    user: "zoe", device: rows[index].device, time: rows[index].time,
                    hash: lost.hashes[index])
            }
            let receipt = try LogReceipt(
                signing: chain, of: Sample.article, log: lost.log,
                with: Ed25519.PrivateKey(rawRepresentation: key))
            let give = Lost(rows: rows, log: lost.log, receipt: receipt, hashes: lost.hashes)
            try await client.send(.give(give.give()))
            if case .ack = try await client.answer() {} else { Issue.record("no ack") }
            let agent = try await server.store.agents(of: Sample.article).first
            #expect(agent?.user == "zoe" && agent?.device == .nobody)
            // Nobody may say that they are that device, and who is zoe later is not either.
            var stranger = try await server.dial()
            (stranger.user, stranger.device) = ("zoe", .nobody)
            let secret = try await server.inviteSecret(role: .editor)
            try await stranger.sendBroken(
                .hello(
                    Hello(id: 1, software: "test", auth: .invitation(stranger.taking(secret)))))
            guard case .err(let failure) = try await stranger.receive() else {
                Issue.record("welcomed")
                return
            }
            #expect(failure.code == .badField)
            let zoe = try await server.join("zoe", .editor, device: 5)
            let push = try await zoe.push(
                id: 30, [(Sample.article, [Sample.typing("d", agent: Self.agent, seq: 3)])])
            guard case .nack(let nack) = push else {
                Issue.record("taken")
                return
            }
            #expect(nack.code == .agentFork)
        }
    }
}
