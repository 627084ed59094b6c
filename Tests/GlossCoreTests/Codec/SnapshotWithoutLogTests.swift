import TestSupport
import Testing

@testable import GlossCore

/// What a document can do that was opened without its log, and what it says to the rest.
@Suite struct SnapshotWithoutLogTests {
    private let author = Author(agent: AgentID(rawValue: 9), time: 5)

    /// The article `abc` after a person typed a letter behind the `b`.
    private func document(
        with letter: Unicode.Scalar = "x", by number: UInt64 = 1
    ) throws
        -> Document
    {
        var document = Document(id: CodecSeeds.article)
        try document.replace(0..<0, with: Array("abc".unicodeScalars), by: author)
        try document.replace(
            2..<2, with: [letter], by: Author(agent: AgentID(rawValue: number), time: 6))
        return document
    }

    /// What another person, who had not seen that, typed there.
    private func change() throws -> Change {
        var document = try document(with: "y", by: 2)
        document.settle()
        return document.change(at: 1)
    }

    @Test func `a change that meets no other is taken without the log`() throws {
        let document = try document()
        var writer = document.copy()
        try writer.replace(0..<1, with: [], by: author)
        try writer.replace(3..<3, with: ["z"], by: author)
        var opened = try Document(snapshot: document.encodeSnapshot())
        for change in try writer.changes(since: document.versionVector) {
            try opened.integrate(change)
        }
        check(opened.needsLog)
        check(opened.text == writer.text)
    }

    @Test func `a change that meets another needs the log, and says so`() throws {
        let document = try document()
        let change = try change()
        var opened = try Document(snapshot: document.encodeSnapshot())
        let before = opened.encodeSnapshot()
        let error = #expect(throws: ChangeError.self) { try opened.integrate(change) }
        #expect(error?.code == .needsLog)
        check(opened.encodeSnapshot() == before)
        opened.checkAll()
        try opened.attach(history: document.encodeHistory())
        try opened.integrate(change)
        check(opened.text == "abxyc")
    }

    @Test func `the history that came along is read on demand`() throws {
        let document = try document()
        let change = try change()
        var opened = try Document(
            snapshot: document.encodeSnapshot(), history: document.encodeHistory())
        check(opened.needsLog)
        try opened.integrate(change)
        check(!opened.needsLog)
        check(opened.text == "abxyc")
    }

    @Test func `the history of another document or version is not taken`() throws {
        let document = try document()
        let change = try change()
        var opened = try Document(snapshot: document.encodeSnapshot())
        let before = opened.encodeSnapshot()
        var later = document.copy()
        try later.integrate(change)
        var other = Document(id: document.id)
        try other.replace(0..<0, with: Array("abxc".unicodeScalars), by: author)
        for history in [try later.encodeHistory(), try other.encodeHistory()] {
            let error = #expect(throws: CodecError.self) { try opened.attach(history: history) }
            #expect(error?.code == .mismatch)
            check(opened.needsLog)
            check(opened.encodeSnapshot() == before)
        }
        expectNoLog { try opened.loadLog() }
    }

    @Test func `what is older than the snapshot is refused where there is no history`() throws {
        let document = try document()
        var opened = try Document(snapshot: document.encodeSnapshot())
        let before = opened.encodeSnapshot()
        let first = OpID(agent: author.agent, seq: 2)
        expectNoLog { _ = try opened.text(at: [first]) }
        expectNoLog { _ = try opened.text(at: []) }
        expectNoLog { _ = try opened.changes(since: VersionVector()) }
        expectNoLog { _ = try opened.changes(since: VersionVector([(author.agent, 3)])) }
        expectNoLog { _ = try opened.encodeHistory() }
        expectNoLog { _ = try Replica(opened.copy()) }
        let patch = TextPatch(position: 0, deleted: 1, inserted: ["z"])
        let error = #expect(throws: ChangeError.self) {
            try opened.edit([patch], by: author, accepts: first)
        }
        #expect(error?.code == .needsLog)
        for op in [
            .visibility(Visibility(marks: [.init(span: OpSpan(start: first, count: 1), count: 1)])),
            .insert(Insertion(left: first, right: nil, text: ["z"], accepts: first)),
            .write(Write(entity: nil, field: .title, value: .text("z"), replaces: [])),
        ] as [Op] {
            let change = Change(agent: author.agent, seq: 3, dependencies: [], time: 0, ops: [op])
            let error = #expect(throws: ChangeError.self) { try opened.integrate(change) }
            #expect(error?.code == .needsLog)
        }
        check(opened.encodeSnapshot() == before)
        opened.checkAll()
    }

    @Test func `what the snapshot has is told without the log`() throws {
        var document = try document()
        var opened = try Document(snapshot: document.encodeSnapshot())
        let known = document.versionVector
        let texts = (try opened.text(at: document.frontier), opened.blame(), opened.scalars)
        #expect(texts.0 == document.text && texts.1 == document.blame())
        #expect(texts.2 == document.scalars)
        #expect(try opened.changes(since: known).isEmpty)
        for _ in 0..<3 {
            try document.replace(1..<2, with: ["ö", "z"], by: author)
            try opened.replace(1..<2, with: ["ö", "z"], by: author)
        }
        let changes = (try opened.changes(since: known), try document.changes(since: known))
        #expect(changes.0 == changes.1 && changes.0.count == 3)
        let blames = (opened.blame(), document.blame())
        #expect(blames.0 == blames.1)
        check(opened.needsLog)
    }

    @Test func `what is older than the snapshot comes from the history that came along`() throws {
        var document = try document()
        let snapshot = document.encodeSnapshot()
        let history = try document.encodeHistory()
        let first = OpID(agent: author.agent, seq: 2)
        try document.replace(0..<1, with: [], by: author)
        func opened() throws -> Document {
            var opened = try Document(snapshot: snapshot, history: history)
            try opened.replace(0..<1, with: [], by: author)
            return opened
        }
        var one = try opened()
        let texts = (try one.text(at: [first]), try document.text(at: [first]))
        #expect(texts.0 == "abc" && texts.1 == "abc")
        var other = try opened()
        let changes = (
            try other.changes(since: VersionVector()), try document.changes(since: VersionVector())
        )
        #expect(changes.0 == changes.1 && changes.0.count == 3)
        let third = try opened()
        check(try third.encodeHistory() == document.encodeHistory())
        check(third.needsLog && !one.needsLog && !other.needsLog)
        let replicas = (try Replica(try opened()), try Replica(document.copy()))
        #expect(replicas.0.log.entries.map(\.change) == replicas.1.log.entries.map(\.change))
    }

    private func expectNoLog(
        sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
    ) {
        let error = #expect(throws: CodecError.self, sourceLocation: sourceLocation) { try body() }
        #expect(error?.code == .needsLog, sourceLocation: sourceLocation)
    }

    @Test func `notes stand where they stood`() throws {
        for seed: UInt64 in 0..<60 {
            let history = try AnnotationHistoryGenerator.history(seed: seed)
            let document = try CodecSeeds.document(history.id, history.article.changes)
            let notes = try CodecSeeds.document(
                history.id.annotations, history.annotations.changes)
            var opened = try Document(snapshot: document.encodeSnapshot())
            // What showed when a note was made is in the log alone, once text was undone or moved.
            if !document.countChanges.isEmpty || !document.moves.isEmpty {
                try opened.attach(history: document.encodeHistory())
            }
            let set = try Document(snapshot: notes.encodeSnapshot())
            let article = Replica(holding: document.copy())
            let copy = Replica(holding: opened.copy())
            let index = (article.textIndex, copy.textIndex)
            check(set.entities().count == notes.entities().count)
            for entity in set.entities() {
                guard case .target(let target)? = entity.register(.target).value else { continue }
                let placements = (
                    article.placement(of: target, in: index.0),
                    copy.placement(of: target, in: index.1)
                )
                check(placements.0 == placements.1, "seed \(seed)")
            }
        }
    }
}
