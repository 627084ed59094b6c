import TestSupport
import Testing

@testable import GlossCore

/// Single changes that broke the engine once.
@Suite struct HostileCasesTests {
    private let mira = AgentID(rawValue: 1)
    private let jo = AgentID(rawValue: 2)

    @Test("Counts whose sum is beyond all numbers are refused, not added up")
    func endlessCounts() throws {
        let start = OpID(agent: mira, seq: 0)
        for count in [Int.max, Int.max / 2 + 1, -.max, .min] {
            let spans = [OpSpan(start: start, count: count), OpSpan(start: start, count: count)]
            let deletion = Op.delete(Deletion(spans: spans))
            let mark = Visibility.Mark(span: spans[0], count: 1)
            try expectRefused([deletion])
            try expectRefused([deletion, deletion])
            try expectRefused([.visibility(Visibility(marks: [mark]))])
        }
    }

    @Test("A span that counts backwards does not take numbers away from other operations")
    func backwardCounts() throws {
        let start = OpID(agent: mira, seq: 0)
        try expectRefused([
            .insert(Insertion(left: nil, right: start, text: ["v", "w", "x", "y", "z"])),
            .write(Write(field: .title, value: .none, replaces: [])),
            .delete(Deletion(spans: [OpSpan(start: start, count: -4)])),
        ])
    }

    @Test("An operation number that no agent reaches names nothing, however large it is")
    func endlessNumbers() throws {
        for agent in [mira, jo, AgentID(rawValue: 3)] {
            for seq in [Int.max, .max - 1, OpID.limit, -1, .min] {
                let id = OpID(agent: agent, seq: seq)
                try expectRefused([.insert(Insertion(left: id, right: nil, text: ["x"]))])
                try expectRefused([.insert(Insertion(left: nil, right: id, text: ["x"]))])
                try expectRefused([
                    .delete(Deletion(spans: [OpSpan(start: id, count: 1)]))
                ])
                try expectRefused([.write(Write(field: .title, value: .none, replaces: [id]))])
            }
        }
    }

    @Test("A refused change leaves no table of what is undone behind if there was none")
    func undoBeforeTheWrongPart() throws {
        let start = OpID(agent: mira, seq: 0)
        let mark = Visibility.Mark(span: OpSpan(start: start, count: 2), count: 1)
        try expectRefused([
            .visibility(Visibility(marks: [mark])),
            .insert(Insertion(left: start, right: nil, text: ["x"])),
        ])
    }

    @Test("A refused change leaves a run of erasing as it was, not turned round")
    func erasingBeforeTheWrongPart() throws {
        let erased = OpSpan(start: OpID(agent: mira, seq: 0), count: 1)
        let unknown = OpSpan(start: OpID(agent: mira, seq: 99), count: 1)
        try expectRefused([
            .delete(Deletion(spans: [erased])), .delete(Deletion(spans: [unknown])),
        ])
    }

    @Test("A refused change of notes leaves no note, value, tag or reply behind")
    func notesBeforeTheWrongPart() throws {
        var document = Document(id: CheckedDocument.id.annotations)
        let target = Target(
            ranges: [], quote: Quote(exact: "", prefix: "", suffix: ""), version: [])
        let note = NewAnnotation(kind: .note, target: target, body: "why?", tags: ["a"])
        let first = OpID(agent: mira, seq: 0)
        try document.integrate(
            Change(agent: mira, seq: 0, dependencies: [], time: 0, ops: [.annotate(note)]))
        let before = DocumentState(document)
        let right: [Op] = [
            .annotate(note), .reply(NewReply(annotation: first, body: "so")),
            .addTag(TagAddition(annotation: first, tag: "b")),
            .removeTag(TagRemoval(annotation: first, tag: "a", additions: [first])),
            .write(Write(entity: first, field: .status, value: .done, replaces: [])),
            .write(Write(field: .title, value: .yes, replaces: [])),
        ]
        let wrong = Op.reply(NewReply(annotation: OpID(agent: jo, seq: 9), body: "no"))
        for count in 0...right.count {
            let ops = Array(right[..<count]) + [wrong]
            let change = Change(agent: jo, seq: 0, dependencies: [first], time: 0, ops: ops)
            do throws(ChangeError) {
                try document.integrate(change)
                Issue.record("\(change) was taken")
            } catch {
                #expect(error.code == .invalidOp)
            }
            document.checkInvariants()
            let difference = DocumentState(document).difference(from: before)
            #expect(difference == nil, "after \(count)")
        }
        let isNew = try document.integrate(
            Change(agent: jo, seq: 0, dependencies: [first], time: 0, ops: right))
        #expect(isNew)
    }

    /// Offers operations as a change of Jo's, and of somebody new, to a document of Mira's and Jo's,
    /// and expects that it is refused and nothing of it is left.
    private func expectRefused(
        _ ops: [Op], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var document = Document(id: CheckedDocument.id)
        try document.replace(
            0..<0, with: Array("abcdef".unicodeScalars), by: Author(agent: mira, time: 0))
        try document.replace(1..<2, with: [], by: Author(agent: jo, time: 0))
        let before = DocumentState(document)
        let dependency = OpID(agent: jo, seq: 0)
        let changes = [
            Change(agent: jo, seq: 1, dependencies: [], time: 0, ops: ops),
            Change(
                agent: AgentID(rawValue: 4), seq: 0, dependencies: [dependency], time: 0, ops: ops),
        ]
        for change in changes {
            do throws(ChangeError) {
                try document.integrate(change)
                Issue.record("\(change) was taken", sourceLocation: sourceLocation)
                return
            } catch {
                #expect(error.code == .invalidOp, sourceLocation: sourceLocation)
            }
            document.checkInvariants()
            let difference = DocumentState(document).difference(from: before)
            #expect(difference == nil, sourceLocation: sourceLocation)
        }
    }
}
