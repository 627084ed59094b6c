import GlossCore
import Testing

@testable import GlossStorage

@Suite("The changes of a client's library")
struct ChangeTests {
    private let directory: TemporaryDirectory
    private let library: LibraryStore
    private let article = Fixture.article
    private let agent = Fixture.agent

    init() throws {
        directory = try TemporaryDirectory()
        library = try LibraryStore(path: directory.file("library"))
        try library.write { (writer) throws in
            for document in [Fixture.article, Fixture.article.annotations] {
                try writer.addReplica(ReplicaRecord(id: document, agent: Fixture.agent))
            }
        }
    }

    private func local(
        _ seq: Int, count: Int = 1, agent: AgentID = Fixture.agent,
        in document: DocumentID = Fixture.article, entry: Int64? = nil
    ) -> LocalChange {
        LocalChange(
            document: document, agent: agent, seq: seq, count: count, bytes: [1, UInt8(seq)],
            hash: Fixture.hash(UInt64(seq)), entry: entry)
    }

    private func received(
        _ seq: Int, agent: AgentID, position: Int = 1
    ) -> ReceivedChange {
        ReceivedChange(
            document: article, agent: agent, seq: seq, count: 1, bytes: [2],
            hash: Fixture.hash(3), position: position, user: "bob", deviceLabel: "phone",
            receivedAt: 77)
    }

    private let receipt = Receipt(position: 5, user: "ann", deviceLabel: "laptop", receivedAt: 9)

    @Test("Replicas are added once, found, and updated")
    func replicas() throws {
        try library.write { (writer) throws in
            let third = ReplicaRecord(
                id: DocumentID(high: 1, low: 0), agent: AgentID(rawValue: .max), position: 3,
                sum: .max, createdLocally: true, readPosition: 2)
            try writer.addReplica(third)
            expectSync(.exists) { try writer.addReplica(third) }
            #expect(try writer.replica(third.id) == third)
            #expect(
                try writer.replicas().map(\.id) == [article, article.annotations, third.id])
            var changed = third
            changed.agent = AgentID(rawValue: 1)
            changed.createdLocally = false
            changed.position = 8
            try writer.updateReplica(changed)
            #expect(try writer.replica(third.id) == changed)
            #expect(try writer.replica(DocumentID(high: 9, low: 0)) == nil)
            changed.id = DocumentID(high: 9, low: 0)
            expectSync(.notFound) { try writer.updateReplica(changed) }
        }
    }

    @Test("A local change is unsent, offered, then acknowledged with what the server added")
    func life() throws {
        try library.write { (writer) throws in
            let index = try writer.append(local(0, count: 3))
            #expect(index == 1)
            var expected = StoredChange(
                document: article, index: 1, agent: agent, seq: 0, count: 3, bytes: [1, 0],
                hash: Fixture.hash(0), state: .unsent)
            #expect(try writer.changes(of: article) == [expected])
            #expect(try writer.unacknowledged() == [expected])
            try writer.markOffered(article, index)
            expected.state = .offered
            #expect(try writer.unacknowledged() == [expected])
            try writer.markAcknowledged(article, index, receipt)
            expected.state = .acknowledged
            expected.position = 5
            expected.user = "ann"
            expected.deviceLabel = "laptop"
            expected.receivedAt = 9
            #expect(try writer.change(of: article, at: 1) == expected)
            #expect(try writer.unacknowledged() == [])
            try writer.markOffered(article, index)
            #expect(try writer.change(of: article, at: 1) == expected)
            expectSync(.notFound) { try writer.markOffered(article, 2) }
            expectSync(.notFound) { try writer.markAcknowledged(article, 2, receipt) }
        }
    }

    @Test("Received and local changes share one order in each document")
    func order() throws {
        let other = AgentID(rawValue: 1)
        try library.write { (writer) throws in
            #expect(try writer.append(local(0)) == 1)
            #expect(try writer.append(received(0, agent: other)) == 2)
            #expect(try writer.append(local(1)) == 3)
            #expect(try writer.append(local(0, in: article.annotations)) == 1)
            let changes = try writer.changes(of: article)
            #expect(changes.map(\.index) == [1, 2, 3])
            #expect(changes.map(\.agent) == [agent, other, agent])
            #expect(changes[1].state == .acknowledged)
            #expect(changes[1].user == "bob" && changes[1].receivedAt == 77)
            #expect(try writer.nextSeq(of: agent, in: article) == 2)
            #expect(try writer.nextSeq(of: other, in: article.annotations) == 0)
            #expect(
                try writer.change(of: article, holding: OpID(agent: agent, seq: 1))?.index == 3)
            #expect(try writer.change(of: article, holding: OpID(agent: agent, seq: 2)) == nil)
        }
    }

    @Test("The outbox keeps the order in which changes were made, across documents")
    func outbox() throws {
        try library.write { (writer) throws in
            try writer.append(local(0, in: article.annotations))
            try writer.append(local(0))
            try writer.append(local(1, in: article.annotations))
            try writer.markOffered(article, 1)
            #expect(
                try writer.unacknowledged().map(\.document)
                    == [article.annotations, article, article.annotations])
            try writer.markAcknowledged(article.annotations, 1, receipt)
            try writer.append(local(1))
            #expect(try writer.unacknowledged().map(\.index) == [1, 2, 2])
            #expect(try writer.unacknowledged(in: article).map(\.index) == [1, 2])
            #expect(try writer.unacknowledged(in: article.annotations).map(\.index) == [2])
        }
    }

    @Test("The outbox is read through its index")
    func outboxIndex() throws {
        try library.read { (reader) throws in
            let plan = try reader.connection.all(
                "EXPLAIN QUERY PLAN SELECT place FROM changes WHERE state < 2 ORDER BY added"
            ) { (row: inout Columns) throws(StoreError) in
                _ = (try row.int(), try row.int(), try row.int())
                return try row.text()
            }
            #expect(plan == ["SCAN changes USING INDEX outbox"])
        }
    }

    @Test("A refused change is out of the outbox, and can be retried, replaced or dropped")
    func refused() throws {
        try library.write { (writer) throws in
            let entry = try writer.addHistoryEntry(command: "edit", time: 1)
            for seq in 0..<3 { try writer.append(local(seq, entry: entry)) }
            try writer.markRefused(article, 2, code: "forbidden", message: "not an editor")
            #expect(try writer.refused().map(\.index) == [2])
            #expect(
                try writer.refused().first?.state
                    == .refused(code: "forbidden", message: "not an editor"))
            #expect(try writer.unacknowledged().map(\.index) == [1, 3])
            try writer.markOffered(article, 2)
            #expect(try writer.refused() == [])
            #expect(try writer.unacknowledged().map(\.index) == [1, 2, 3])

            try writer.markRefused(article, 2, code: "forbidden", message: "still")
            try writer.drop(article, 2)
            #expect(try writer.refused() == [])
            #expect(try writer.changes(of: article).map(\.index) == [1, 3])
            expectSync(.notFound) { try writer.drop(article, 2) }

            let fresh = AgentID(rawValue: 2)
            try writer.replace(at: 3, with: local(0, agent: fresh))
            let replaced = try writer.change(of: article, at: 3)
            #expect(replaced?.agent == fresh)
            #expect(replaced?.state == .unsent)
            #expect(replaced?.entry == entry)
            #expect(try writer.append(local(1, agent: fresh)) == 4)
            expectSync(.exists) { try writer.replace(at: 3, with: local(1, agent: fresh)) }
            expectSync(.notFound) { try writer.replace(at: 2, with: local(7)) }
            try writer.markAcknowledged(article, 1, receipt)
            expectSync(.invalid) { try writer.replace(at: 1, with: local(7)) }
            expectSync(.invalid) { try writer.drop(article, 1) }

            try writer.returnToOutbox(article, 1)
            try writer.replace(at: 1, with: local(0))
            #expect(try writer.change(of: article, at: 1)?.receivedAt == receipt.receivedAt)
            try writer.replace(at: 1, with: local(0, agent: AgentID(rawValue: 3)))
            #expect(try writer.change(of: article, at: 1)?.receivedAt == nil)
        }
    }

    @Test("A change can get the last place, and goes out in the order in which it was made")
    func last() throws {
        try library.write { (writer) throws in
            for seq in 0..<3 { try writer.append(local(seq)) }
            let place = try writer.moveToEnd(article, 1)
            #expect(place == 4)
            #expect(try writer.changes(of: article).map(\.seq) == [1, 2, 0])
            #expect(try writer.unacknowledged().map(\.seq) == [0, 1, 2])
            #expect(try writer.append(local(3)) == 5)
            expectSync(.notFound) { _ = try writer.moveToEnd(article, 1) }
        }
    }

    @Test("A change that was never offered can be recalled, and keeps its place and numbers")
    func recalled() throws {
        try library.write { (writer) throws in
            let entry = try writer.addHistoryEntry(command: "edit", time: 1)
            for seq in 0..<3 { try writer.append(local(seq, entry: entry)) }
            try writer.append(local(0, in: article.annotations))
            try writer.markAcknowledged(article, 1, receipt)
            try writer.markOffered(article, 2)
            expectSync(.invalid) { try writer.recall(article, 1) }
            expectSync(.invalid) { try writer.recall(article, 2) }
            expectSync(.invalid) { try writer.recall(article.annotations, 1) }
            expectSync(.notFound) { try writer.recall(article, 9) }
            try writer.markRefused(article, 2, code: "forbidden", message: "no")
            expectSync(.invalid) { try writer.recall(article, 2) }
            try writer.markOffered(article, 2)

            let kept = try #require(try writer.change(of: article, at: 3))
            #expect(
                try writer.unacknowledged(madeAfter: kept).map(\.document.kind) == [.annotations])
            try writer.recall(article, 3)
            #expect(try writer.changes(of: article).map(\.index) == [1, 2])
            #expect(try writer.unacknowledged().map(\.index) == [2, 1])
            #expect(try writer.recalled(ofEntry: entry) == [kept])
            expectSync(.exists) { try writer.append(local(2)) }
            let fresh = AgentID(rawValue: 2)
            #expect(try writer.append(local(0, agent: fresh)) == 4)
            #expect(try writer.append(received(9, agent: AgentID(rawValue: 3))) == 5)

            try writer.reinstate(entry)
            #expect(try writer.recalled() == [])
            #expect(try writer.change(of: article, at: 3) == kept)
            #expect(try writer.changes(ofEntry: entry).map(\.index) == [1, 2, 3])
            #expect(try writer.unacknowledged().map(\.index) == [2, 3, 1, 4])
            try writer.recall(article, 3)
            // Another copy of the library may have sent it.
            #expect(try writer.append(received(2, agent: agent, position: 9)) == 6)
        }
    }

    @Test("The same operations are never stored twice, and nothing malformed is stored")
    func refusals() throws {
        try library.write { (writer) throws in
            try writer.append(local(2, count: 3))
            for (seq, count) in [(2, 3), (2, 1), (4, 1), (0, 3), (0, 9)] {
                expectSync(.exists) { try writer.append(local(seq, count: count)) }
            }
            expectSync(.exists) { try writer.append(received(3, agent: agent)) }
            expectSync(.invalid) { try writer.append(local(9, count: 0)) }
            expectSync(.invalid) { try writer.append(local(9, count: .max)) }
            expectSync(.notFound) {
                try writer.append(local(0, in: DocumentID(high: 9, low: 0)))
            }
            expectSync(.notFound) { try writer.append(local(9, entry: 44)) }
            #expect(try writer.changes(of: article).count == 1)
            #expect(try writer.changes(of: DocumentID(high: 9, low: 0)) == [])
        }
    }
}
