import GlossCore
import Testing

@testable import GlossStorage

@Suite("Private annotation sets in a client's library, and articles that are forgotten")
struct PrivateSetReplicaTests {
    private let directory: TemporaryDirectory
    private let library: LibraryStore
    private let article = Fixture.article
    private let set = DocumentID.privateSet(high: 7, low: 7)
    private let other = DocumentID.privateSet(high: 8, low: 8)

    init() throws {
        directory = try TemporaryDirectory()
        library = try LibraryStore(path: directory.file("library"))
        try library.write { writer in
            for id in [article, article.annotations] {
                try writer.addReplica(ReplicaRecord(id: id, agent: Fixture.agent))
            }
            try writer.addReplica(
                ReplicaRecord(
                    id: set, agent: Fixture.agent, createdLocally: true, article: article))
        }
    }

    private func change(_ document: DocumentID, entry: Int64? = nil) -> LocalChange {
        LocalChange(
            document: document, agent: Fixture.agent, seq: 0, count: 1, bytes: [1],
            hash: Fixture.hash(1), entry: entry)
    }

    @Test("A set and its article are found from each other")
    func found() throws {
        try library.read { (reader) throws in
            #expect(try reader.sets(of: article) == [article.annotations, set])
            #expect(try reader.documents(of: article) == [article, article.annotations, set])
            #expect(try reader.article(of: set) == article)
            #expect(try reader.article(of: article.annotations) == article)
            #expect(try reader.replica(set)?.article == article)
            let missing = DocumentID(high: 1, low: 4)
            #expect(try reader.sets(of: missing) == [missing.annotations])
            #expect(try reader.article(of: other) == other.article)
        }
    }

    @Test("A set gets another id with its changes and names, if that is free")
    func renamed() throws {
        let note = OpID(agent: Fixture.agent, seq: 0)
        try library.write { (writer) throws in
            try writer.append(change(set))
            try writer.addName(NameRecord(key: 5, document: set, id: note, kind: "annotation"))
            try writer.rename(set, to: other)
            #expect(try writer.sets(of: article) == [article.annotations, other])
            #expect(try writer.changes(of: other).map(\.document) == [other])
            #expect(try writer.changes(of: set).isEmpty)
            #expect(try writer.names(in: 5...5).map(\.document) == [other])
            expectSync(.notFound) { try writer.rename(set, to: .privateSet(high: 9, low: 9)) }
            try writer.addReplica(ReplicaRecord(id: set, agent: Fixture.agent, article: article))
            expectSync(.exists) { try writer.rename(set, to: other) }
        }
    }

    @Test("What is forgotten leaves nothing behind, and takes nothing else with it")
    func forgotten() throws {
        let kept = DocumentID(high: 1, low: 4)
        try library.write { (writer) throws in
            try writer.addReplica(ReplicaRecord(id: kept, agent: Fixture.agent))
            let alone = try writer.addHistoryEntry(command: "note", time: 1)
            let both = try writer.addHistoryEntry(command: "tag", time: 2)
            let recalled = try writer.addHistoryEntry(command: "note again", time: 3)
            try writer.append(change(article, entry: alone))
            try writer.append(change(article.annotations, entry: both))
            try writer.append(change(kept, entry: both))
            let place = try writer.append(change(set, entry: recalled))
            try writer.recall(set, place)
            try writer.addHistoryEntry(command: "undo note again", time: 4, undoes: recalled)
            try writer.addName(
                NameRecord(
                    key: 5, document: set, id: OpID(agent: Fixture.agent, seq: 0),
                    kind: "annotation"))
            try writer.noteArticle(
                ArticleRecord(document: article, name: "river", title: "", archived: false))
            try writer.keepDraft(
                document: article, purpose: "text", baseVersion: [], text: "a", time: 1)
            try writer.keepReceipt(
                KeptReceipt(lineage: 1, position: 1, chain: Fixture.hash(1), signature: [1]),
                for: article)

            try writer.forget(writer.documents(of: article))
            #expect(try writer.replicas().map(\.id) == [kept])
            #expect(try writer.changes(of: kept).count == 1)
            #expect(try writer.articles().isEmpty && writer.drafts().isEmpty)
            #expect(try writer.names(in: 0...UInt64.max).isEmpty)
            #expect(try writer.recalled().isEmpty)
            #expect(try writer.history().map(\.id) == [both])
            try writer.forget([article, set])
            // It may come again, as new.
            try writer.addReplica(ReplicaRecord(id: article, agent: Fixture.agent))
            #expect(try writer.receipt(for: article) == nil)
            #expect(try writer.changes(of: article).isEmpty)
        }
    }

    @Test("A command stays, with what undid it, as long as another article has something of either")
    func undone() throws {
        let kept = DocumentID(high: 1, low: 4)
        try library.write { (writer) throws in
            try writer.addReplica(ReplicaRecord(id: kept, agent: Fixture.agent))
            // Both were about both articles; of the first what the server refused was dropped since.
            let accepted = try writer.addHistoryEntry(command: "accept", time: 1)
            try writer.append(change(article, entry: accepted))
            let dropped = try writer.append(change(kept, entry: accepted))
            let undoing = try writer.addHistoryEntry(command: "undo", time: 2, undoes: accepted)
            try writer.append(change(article.annotations, entry: undoing))
            var later = change(kept, entry: undoing)
            later.seq = 1
            let refused = try writer.append(later)
            for place in [dropped, refused] {
                try writer.markRefused(kept, place, code: "forbidden", message: "no")
            }
            try writer.drop(kept, dropped)

            try writer.forget(writer.documents(of: article))
            #expect(try writer.history().map(\.id) == [undoing, accepted])
            #expect(try writer.changes(ofEntry: undoing).map(\.document) == [kept])
            try writer.forget([kept])
            #expect(try writer.history().isEmpty)
        }
    }
}
