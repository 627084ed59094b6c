import GlossCore
import GlossProtocol
import GlossStorage
import Testing

@testable import GlossClient

@Suite struct PositionTests {
    let server = PretendServer()

    /// A library whose article the server has acknowledged at positions 1 to 2, one change each.
    private func pushed() throws -> (Library, DocumentID) {
        let library = try makeLibrary("mira")
        let article = try library.addArticle(name: "river", title: "", text: "Walls.").id
        try library.store.write { writer in
            for (index, change) in try writer.unacknowledged().enumerated() {
                let receipt = Receipt(
                    position: index + 1, user: "mira", deviceLabel: "laptop", receivedAt: 1)
                try writer.markAcknowledged(article, change.index, receipt)
            }
        }
        return (library, article)
    }

    private func record(_ library: Library, _ article: DocumentID) throws -> ReplicaRecord {
        try #require(try library.store.read { try $0.replica(article) })
    }

    @Test func `what was acknowledged counts although the server does not send it back`() throws {
        let (library, article) = try pushed()
        try library.store.write { try $0.advance(article, to: 2) }
        let advanced = try record(library, article)
        #expect(advanced.position == 2)

        let reader = try makeLibrary("jo")
        let twin = try makeLibrary("mira")
        _ = try twin.addArticle(name: "river", title: "", text: "Walls.")
        try server.sync(twin)
        try server.sync(reader)
        #expect(try record(reader, article).sum == advanced.sum)
    }

    @Test func `a page counts the acknowledged changes that it leaves out`() throws {
        let (library, article) = try pushed()
        _ = try library.store.write {
            try $0.integrate(article, [], to: 1, environment: library.environment)
        }
        let first = try record(library, article)
        #expect(first.position == 1)
        #expect(first.sum != 0)
        _ = try library.store.write {
            try $0.integrate(article, [], to: 2, environment: library.environment)
        }
        let second = try record(library, article)
        let (other, _) = try pushed()
        try other.store.write { try $0.advance(article, to: 2) }
        #expect(second.sum == (try record(other, article)).sum)
    }

    @Test func `a position with unknown changes before it is not reached`() throws {
        let (library, article) = try pushed()
        try library.store.write { try $0.advance(article, to: 3) }
        #expect(try record(library, article).position == 0)
    }

    @Test func `a position further than anything there can be takes no room and is not reached`()
        throws
    {
        let (library, article) = try pushed()
        try library.store.write { try $0.advance(article, to: WireLimits.integer) }
        #expect(try record(library, article).position == 0)
        _ = try library.store.write {
            try $0.integrate(article, [], to: WireLimits.integer, environment: library.environment)
        }
        #expect(try record(library, article).sum == 0)
    }

    /// The rows of a log in which the server has acknowledged all that a library has of an article.
    private func rows(
        of article: DocumentID, _ library: Library
    ) throws -> [GlossProtocol.ReceivedChange] {
        try library.store.read { try $0.changes(of: article) }.enumerated().map { index, change in
            GlossProtocol.ReceivedChange(
                at: index + 1, user: "mira", device: "laptop", time: 1,
                change: try EncodedChange(bytes: change.bytes))
        }
    }

    @Test func `rows that another process on the library took in count once`() throws {
        let author = try makeLibrary("mira")
        let article = try author.addArticle(name: "river", title: "", text: "Walls.").id
        let view = try author.view(article)
        _ = try author.edit(
            article, [TextEdit(0..<5, "Dams")], at: view.version, message: nil, command: "edit")
        let rows = try rows(of: article, author)
        let library = try makeLibrary("jo")
        try library.store.write { writer in
            try writer.addReplica(ReplicaRecord(id: article, agent: AgentID(rawValue: 7)))
            _ = try writer.integrate(
                article, rows, to: rows.count, environment: library.environment)
        }
        let before = try record(library, article)
        #expect(before.position == rows.count)
        for count in 1...rows.count {
            let authors = try library.store.write {
                try $0.integrate(
                    article, rows.suffix(count), to: rows.count, environment: library.environment)
            }
            #expect(authors.isEmpty)
            #expect(try record(library, article) == before)
        }
        let positions = try library.store.read { try $0.changes(of: article) }.map(\.position)
        #expect(positions == rows.map(\.at))
    }
}
