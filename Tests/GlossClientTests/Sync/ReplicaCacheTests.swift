import GlossCore
import GlossProtocol
import GlossStorage
import Testing

@testable import GlossClient

@Suite("Rows that come in one after the other")
struct ReplicaCacheTests {
    let mira: Library
    let article: DocumentID
    let rows: [GlossProtocol.ReceivedChange]

    /// A library that knows of an article, and what a colleague made of that.
    init() throws {
        let jo = try makeLibrary("jo")
        let article = try jo.addArticle(name: "river", title: "", text: "Walls teach.").id
        for word in ["Dams", "Locks", "Dikes"] {
            let view = try jo.view(article)
            let edits = WordDiff.edits(from: view.text, to: word + " teach.")
            _ = try jo.edit(article, edits, at: view.version, message: nil, command: "edit")
        }
        rows = try jo.store.read { try $0.changes(of: article) }.enumerated().map {
            GlossProtocol.ReceivedChange(
                at: $0 + 1, user: "jo", device: "laptop", time: 1,
                change: try EncodedChange(bytes: $1.bytes))
        }
        self.article = article
        mira = try makeLibrary("mira")
        try mira.store.write { writer in
            try writer.addReplica(ReplicaRecord(id: article, agent: AgentID(rawValue: 7)))
        }
    }

    /// Takes in the next rows, and tells whether the document was kept before and is as the file has it
    /// afterwards.
    private func take(_ places: Range<Int>, _ cache: inout ReplicaCache) throws -> Bool {
        try mira.store.write { writer in
            var former = cache
            try former.check(writer)
            let wasKept = former.take(article) != nil
            _ = try writer.integrate(
                article, Array(rows[places]), to: places.upperBound, cache: &cache,
                environment: mira.environment)
            var present = cache
            try present.check(writer)
            let stored = try writer.loadReplica(article)
            #expect(present.take(article)?.stateChecksum == stored.stateChecksum)
            return wasKept
        }
    }

    @Test("The document is kept from one to the next")
    func kept() throws {
        var cache = ReplicaCache()
        let last = rows.count - 1
        #expect(try !take(0..<(last - 1), &cache))
        #expect(try take((last - 1)..<last, &cache))
        #expect(try take(last..<rows.count, &cache))
        #expect(try mira.view(article).text == "Dikes teach.")
        #expect(try mira.articles().map(\.name) == ["river"])
    }

    @Test(
        "What is written in between, here or by another process, counts",
        arguments: [false, true])
    func between(isElsewhere: Bool) throws {
        var cache = ReplicaCache()
        let last = rows.count - 1
        _ = try take(0..<last, &cache)
        let other =
            isElsewhere
            ? try Library(directory: mira.directory, environment: mira.environment) : mira
        try other.rename(article, to: "lake")
        #expect(try !take(last..<rows.count, &cache))
        #expect(try mira.articles().map(\.name) == ["lake"])
        #expect(try mira.view(article).text == "Dikes teach.")
    }
}
