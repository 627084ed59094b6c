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
        for change in writer.changes(since: document.versionVector) {
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
        for history in [later.encodeHistory(), other.encodeHistory()] {
            let error = #expect(throws: CodecError.self) { try opened.attach(history: history) }
            #expect(error?.code == .mismatch)
            check(opened.needsLog)
            check(opened.encodeSnapshot() == before)
        }
        let error = #expect(throws: CodecError.self) { try opened.loadLog() }
        #expect(error?.code == .mismatch)
    }

    @Test func `notes stand where they stood`() throws {
        for seed: UInt64 in 0..<60 {
            let history = try AnnotationHistoryGenerator.history(seed: seed)
            let document = try CodecSeeds.document(history.id, history.article.changes)
            let notes = try CodecSeeds.document(
                history.id.annotations, history.annotations.changes)
            var opened = try Document(snapshot: document.encodeSnapshot())
            if !document.countChanges.isEmpty {
                try opened.attach(history: document.encodeHistory())
            }
            let set = try Document(snapshot: notes.encodeSnapshot())
            let article = Replica(document.copy())
            let copy = Replica(opened.copy())
            let index = (article.textIndex, copy.textIndex)
            check(set.store.entities.count == notes.store.entities.count)
            for entity in set.store.entities {
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
