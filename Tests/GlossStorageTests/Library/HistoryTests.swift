import GlossCore
import GlossStorage
import Testing

@Suite("The history, drafts, names and articles of a client's library")
struct HistoryTests {
    private let directory: TemporaryDirectory
    private let library: LibraryStore

    init() throws {
        directory = try TemporaryDirectory()
        library = try LibraryStore(path: directory.file("library"))
    }

    @Test("Undo takes entries back from the newest on, redo brings them back in turn")
    func undoAndRedo() throws {
        try library.write { (writer) throws in
            #expect(try writer.lastUndoable() == nil)
            #expect(try writer.lastRedoable() == nil)
            let first = try writer.addHistoryEntry(command: "add note", time: 1)
            let second = try writer.addHistoryEntry(command: "edit", time: 2)
            #expect(try writer.lastUndoable()?.id == second)
            let undoSecond = try writer.addHistoryEntry(command: "undo", time: 3, undoes: second)
            #expect(try writer.historyEntry(second)?.state == .undone)
            #expect(try writer.lastUndoable()?.id == first)
            let undoFirst = try writer.addHistoryEntry(command: "undo", time: 4, undoes: first)
            #expect(try writer.lastUndoable() == nil)
            #expect(try writer.lastRedoable()?.id == undoFirst)
            try writer.addHistoryEntry(command: "redo", time: 5, undoes: undoFirst)
            #expect(try writer.historyEntry(first)?.state == .done)
            #expect(try writer.lastUndoable()?.id == first)
            #expect(try writer.lastRedoable()?.id == undoSecond)
            try writer.addHistoryEntry(command: "redo", time: 6, undoes: undoSecond)
            #expect(try writer.lastUndoable()?.id == second)
            #expect(try writer.lastRedoable() == nil)
        }
    }

    @Test("A new command ends what could be redone")
    func newCommand() throws {
        try library.write { (writer) throws in
            let first = try writer.addHistoryEntry(command: "edit", time: 1)
            try writer.addHistoryEntry(command: "undo", time: 2, undoes: first)
            let next = try writer.addHistoryEntry(command: "edit", time: 3)
            #expect(try writer.lastRedoable() == nil)
            #expect(try writer.lastUndoable()?.id == next)
            expectSync(.invalid) {
                try writer.addHistoryEntry(command: "undo", time: 4, undoes: first)
            }
            expectSync(.notFound) {
                try writer.addHistoryEntry(command: "undo", time: 4, undoes: 99)
            }
        }
    }

    @Test("Entries that stand become one, with the changes of all")
    func joining() throws {
        let article = Fixture.article
        try library.write { (writer) throws in
            try writer.addReplica(ReplicaRecord(id: article, agent: Fixture.agent))
            let first = try writer.addHistoryEntry(command: "resolve a", time: 1)
            try writer.append(
                LocalChange(
                    document: article, agent: Fixture.agent, seq: 0, count: 1, bytes: [],
                    hash: Fixture.hash(1), entry: first))
            let second = try writer.addHistoryEntry(command: "resolve b", time: 2)
            try writer.append(
                LocalChange(
                    document: article, agent: Fixture.agent, seq: 1, count: 1, bytes: [],
                    hash: Fixture.hash(1), entry: second))
            let undone = try writer.addHistoryEntry(command: "note", time: 3)
            try writer.addHistoryEntry(command: "undo note", time: 4, undoes: undone)
            let third = try writer.addHistoryEntry(command: "resolve c", time: 5)
            expectSync(.notFound) { try writer.joinHistory([first, undone], command: "both") }
            expectSync(.notFound) { try writer.joinHistory([first, 99], command: "both") }
            try writer.joinHistory([first, second, third], command: "resolve (3 conflicts)")
            #expect(try writer.changes(ofEntry: third).map(\.seq) == [0, 1])
            #expect(try writer.historyEntry(first) == nil && writer.historyEntry(second) == nil)
            #expect(try writer.lastUndoable()?.command == "resolve (3 conflicts)")
            #expect(try writer.lastRedoable() == nil, "what was undone before stays undone")
        }
    }

    @Test("What is done with a copy in memory is not in the file")
    func copyInMemory() throws {
        try library.write { (writer) throws in
            _ = try writer.addHistoryEntry(command: "edit", time: 1)
        }
        let copy = try library.copyInMemory()
        try copy.write { (writer) throws in
            #expect(try writer.lastUndoable()?.command == "edit")
            _ = try writer.addHistoryEntry(command: "note", time: 2)
        }
        #expect(try copy.read { try $0.history().count } == 2)
        #expect(try library.read { try $0.history().count } == 1)
    }

    @Test("The history lists the newest first, with the changes of each entry")
    func listing() throws {
        let article = Fixture.article
        try library.write { (writer) throws in
            try writer.addReplica(ReplicaRecord(id: article, agent: Fixture.agent))
            let first = try writer.addHistoryEntry(command: "edit", time: 1)
            let second = try writer.addHistoryEntry(command: "edit --all", time: 2)
            for (seq, entry) in [(0, first), (1, second), (2, second)] {
                try writer.append(
                    LocalChange(
                        document: article, agent: Fixture.agent, seq: seq, count: 1, bytes: [],
                        hash: Fixture.hash(1), entry: entry))
            }
            let newest = HistoryEntry(id: second, command: "edit --all", time: 2, state: .done)
            #expect(try writer.history(limit: 1) == [newest])
            #expect(try writer.history().map(\.id) == [second, first])
            #expect(try writer.changes(ofEntry: second).map(\.seq) == [1, 2])
            #expect(try writer.historyEntry(99) == nil)
        }
    }

    @Test("Drafts are kept, listed newest first, and dropped")
    func drafts() throws {
        try library.write { (writer) throws in
            let first = try writer.keepDraft(
                document: Fixture.article, purpose: "edit", baseVersion: [1, 2], text: "Helló",
                time: 5)
            let second = try writer.keepDraft(
                document: Fixture.article, purpose: "note", baseVersion: [], text: "", time: 6)
            #expect(try writer.drafts().map(\.id) == [second, first])
            #expect(
                try writer.drafts().last
                    == Draft(
                        id: first, document: Fixture.article, purpose: "edit",
                        baseVersion: [1, 2], text: "Helló", time: 5))
            try writer.dropDraft(first)
            #expect(try writer.drafts().map(\.id) == [second])
            expectSync(.notFound) { try writer.dropDraft(first) }
        }
    }

    @Test("Names are found by ranges of unsigned keys, and adding one again changes nothing")
    func names() throws {
        func name(_ key: UInt64, _ seq: Int = 0) -> NameRecord {
            NameRecord(
                key: key, document: Fixture.article, id: OpID(agent: Fixture.agent, seq: seq),
                kind: "annotation")
        }
        try library.write { (writer) throws in
            let keys: [UInt64] = [.max, 0x8000 << 48, 0x7FFF << 48, 1, 0]
            for key in keys { try writer.addName(name(key)) }
            try writer.addName(name(1))
            try writer.addName(name(1, 4))
            #expect(
                try writer.names(in: 0 ... .max)
                    == [
                        name(0), name(1), name(1, 4), name(0x7FFF << 48), name(0x8000 << 48),
                        name(.max),
                    ])
            #expect(try writer.names(in: 0x8 << 60...0x8FFF << 48).map(\.key) == [0x8000 << 48])
            #expect(try writer.names(in: 2...3) == [])
            #expect(try writer.names(in: 0 ... .max, limit: 2) == [name(0), name(1)])
        }
    }

    @Test("Articles are noted, found by name and replaced")
    func articles() throws {
        let low = DocumentID(high: 1, low: 0)
        try library.write { (writer) throws in
            let first = ArticleRecord(
                document: Fixture.article, name: "flood", title: "The Flood", archived: false)
            let twin = ArticleRecord(document: low, name: "flood", title: "", archived: true)
            try writer.noteArticle(first)
            try writer.noteArticle(twin)
            #expect(try writer.articles(named: "flood") == [twin, first])
            #expect(try writer.articles(named: "fire") == [])
            let renamed = ArticleRecord(document: low, name: "fire", title: "", archived: false)
            try writer.noteArticle(renamed)
            #expect(try writer.article(low) == renamed)
            #expect(try writer.articles() == [renamed, first])
            #expect(try writer.article(low) == renamed)
        }
    }
}
