import TestSupport
import Testing

@testable import GlossCore

/// Files that somebody has made up with care, each wrong in one thing only.
@Suite struct CodecHostileTests {
    private static let agent = AgentID(rawValue: 1)

    /// A document of nothing but the head of a history: changes of one agent, of so many operations
    /// each and, unless `parents` says otherwise, one after the other.
    private static func head(
        _ widths: [Int], text: String, parents: [[Int]]? = nil
    ) -> Document {
        var head = Document(id: CodecSeeds.article)
        let index = head.agents.add(agent)
        for (place, width) in widths.enumerated() {
            head.agents.append(agent: index, seq: head.graph.count, count: width)
            if let parents {
                head.graph.append(count: width, parents: parents[place])
            } else {
                head.graph.append(count: width)
            }
            head.changes.append(width: width, time: 0, message: nil)
        }
        head.ops.scalars.append(contentsOf: Array(text.unicodeScalars).span)
        return head
    }

    private static func history(
        _ head: borrowing Document, _ write: (inout HistoryWriter) -> Void
    ) -> [UInt8] {
        var body = Envelope.begin(.history)
        head.writeHead(to: &body)
        body.append(head.ops.scalars)
        var writer = HistoryWriter(expecting: 4)
        write(&writer)
        writer.write(to: &body)
        return Envelope.seal(&body, weight: head.graph.count)
    }

    private func expectDamaged(
        _ comment: Comment? = nil, code: CodecError.Code = .damaged,
        sourceLocation: SourceLocation = #_sourceLocation, _ read: () throws -> Void
    ) {
        let error = #expect(throws: CodecError.self, comment, sourceLocation: sourceLocation) {
            try read()
        }
        #expect(error?.code == code, comment, sourceLocation: sourceLocation)
    }

    @Test func `what these tests make up is read where nothing is wrong with it`() throws {
        let head = Self.head([3, 2], text: "abcd")
        let bytes = Self.history(head) { writer in
            writer.insert(3, at: 0)
            writer.deleteBackward(0..<1, at: 0)
            writer.replace(1)
        }
        var document = try Document(history: bytes)
        check(document.text == "dbc")
        let again = try document.encodeHistory()
        check(again == bytes)
        let changes = try document.changes(since: VersionVector())
        #expect(changes.count == 2)
    }

    @Test func `a further span goes with a deletion`() throws {
        for flags in [OpRuns.nextSpan, OpRuns.sameSpan, OpRuns.nextSpan | OpRuns.sameSpan] {
            let head = Self.head([3, 2], text: "abcd")
            for isByID in [true, false] where isByID || flags == OpRuns.nextSpan {
                let bytes = Self.history(head) { writer in
                    writer.insert(3, at: 0)
                    writer.insert(1, at: 0)
                    if isByID {
                        writer.deleteByID(4..<5, first: 1, flags: flags, continues: false)
                    } else {
                        writer.deleteFurther(1..<2)
                    }
                }
                expectDamaged("\(flags), \(isByID)") {
                    var document = try Document(history: bytes)
                    _ = try document.changes(since: VersionVector())
                }
            }
        }
        let head = Self.head([3, 2], text: "abc")
        let bytes = Self.history(head) { writer in
            writer.insert(3, at: 0)
            writer.deleteForward(0..<1, at: 0)
            writer.stop()
            writer.deleteByID(
                4..<5, first: 2, flags: OpRuns.nextSpan | OpRuns.sameSpan, continues: false)
        }
        expectDamaged("both") { _ = try Document(history: bytes) }
    }

    @Test func `an insertion replaces what the same change deleted right in front of it`() throws {
        let replaces = HistoryForm.Escape.replaces
        for (widths, isDeleting) in [([3, 1], false), ([4, 1], true), ([3, 2], true)] {
            let head = Self.head(widths, text: "abcd")
            let bytes = Self.history(head) { writer in
                writer.insert(3, at: 0)
                writer.stop()
                if isDeleting {
                    writer.deleteByID(3..<4, first: 2, flags: 0, continues: false)
                }
                let version = isDeleting ? 4 : 3
                writer.insertByID(
                    version..<version + 1, left: 2, right: SpanTree.documentEnd, flags: replaces)
            }
            if widths == [3, 2] {
                check(try Document(history: bytes).text == "abd")
            } else {
                expectDamaged("\(widths)") { _ = try Document(history: bytes) }
            }
        }
    }

    @Test func `a change follows its agent's one before`() throws {
        let head = Self.head([1, 1], text: "ab", parents: [[], []])
        let bytes = Self.history(head) { writer in
            writer.insertByID(
                0..<1, left: SpanTree.documentStart, right: SpanTree.documentEnd, flags: 0)
            writer.insertByID(
                1..<2, left: SpanTree.documentStart, right: SpanTree.documentEnd, flags: 0)
        }
        expectDamaged { _ = try Document(history: bytes) }
    }

    @Test func `a small file never makes its reader go through the same text over and over`() throws
    {
        var document = Document(id: CodecSeeds.article)
        let author = Author(agent: Self.agent, time: 0)
        let text = [Unicode.Scalar](repeating: "a", count: 2000)
        try document.replace(0..<0, with: text, by: author)
        let suggestion = OpID(agent: AgentID(rawValue: 7), seq: 0)
        let all = OpSpan(start: OpID(agent: Self.agent, seq: 0), count: 2000)
        let change = all.start

        var accepting = document.copy()
        accepting.acceptances[suggestion] = (0..<100).map {
            Acceptance(change: change, operations: [$0..<$0 + 1], inserted: [0..<2000])
        }
        expectDamaged("accepted") { _ = try Document(snapshot: accepting.encodeSnapshot()) }

        var replacing = document.copy()
        replacing.absent.replacements = (0..<100).map { _ in
            TextIndex.Replacement(inserted: 0..<2000, replaced: [])
        }
        expectDamaged("replaced") { _ = try Document(snapshot: replacing.encodeSnapshot()) }

        var head = Self.head([2000, 1], text: String(repeating: "a", count: 2001))
        let spans = [OpSpan](repeating: all, count: 200)
        head.ops.append(OpRuns.Detail(version: 2000, replaces: spans, accepts: nil))
        let bytes = Self.history(head) { writer in
            writer.insert(2000, at: 0)
            writer.insert(1, at: 2000)
        }
        expectDamaged("said to be replaced", code: .tooLarge) {
            _ = try Document(history: bytes)
        }
    }

    @Test func `text is moved from as many characters as it has`() throws {
        for (version, count) in [(3, 3), (3, 2), (3, 1), (4, 2), (5, 1)] {
            var head = Self.head([3, 3], text: "abcdef")
            let from = OpSpan(start: OpID(agent: Self.agent, seq: 0), count: count)
            var detail = OpRuns.Detail(version: version, replaces: [], accepts: nil)
            detail.from = [from]
            head.ops.append(detail)
            let bytes = Self.history(head) { writer in
                writer.insert(3, at: 0)
                writer.insert(3, at: 3)
            }
            if version == 3, count == 3 {
                _ = try Document(history: bytes)
            } else {
                expectDamaged("\(count) of the text at \(version)") {
                    _ = try Document(history: bytes)
                }
            }
        }
    }

    @Test func `what an insertion replaces counts in the length of its file`() throws {
        var document = Document(id: CodecSeeds.article)
        let author = Author(agent: Self.agent, time: 0)
        let text = [Unicode.Scalar](repeating: "a", count: 2000)
        try document.replace(0..<0, with: text, by: author)
        let all = OpSpan(start: OpID(agent: Self.agent, seq: 0), count: 2000)
        let insertion = Insertion(
            left: nil, right: all.start, text: ["b"], replaces: [OpSpan](repeating: all, count: 100)
        )
        document.settle()
        try document.integrate(
            Change(
                agent: Self.agent, seq: 2000, dependencies: [], time: 0, ops: [.insert(insertion)]))
        let bytes = try document.encodeHistory()
        check(bytes.count > 2000)
        expectSame(document, try Document(history: bytes), "padded")
        expectSame(document, try Document(snapshot: document.encodeSnapshot()), "padded")
    }
}
