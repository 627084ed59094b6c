import GlossCore
import Testing

/// Replicas must not depend on which texts Unicode takes for one.
@Suite struct ExactTextTests {
    private let id = DocumentID(high: 1, low: 3)
    private let composed = "caf\u{e9}"
    private let decomposed = "cafe\u{301}"

    private func replica(_ changes: Change...) throws -> Replica {
        try Replica(id: id, changes: changes)
    }

    private func change(_ agent: UInt64, after: [OpID] = [], _ ops: Op...) -> Change {
        Change(
            agent: AgentID(rawValue: agent), seq: 0, dependencies: after, time: 0, ops: ops)
    }

    @Test func `tags spelled in two ways are two tags, in whatever order they come`() throws {
        let note = change(
            1,
            .annotate(
                NewAnnotation(
                    kind: .note,
                    target: Target(
                        ranges: [], quote: Quote(exact: "", prefix: "", suffix: ""), version: []),
                    body: "a")))
        let one = change(
            2, after: [note.lastID], .addTag(TagAddition(annotation: note.id, tag: composed)))
        let two = change(
            3, after: [note.lastID], .addTag(TagAddition(annotation: note.id, tag: decomposed)))
        let left = try replica(note, one, two)
        let right = try replica(note, two, one)
        #expect(left.stateChecksum == right.stateChecksum)
        #expect(left.entity(note.id)?.tags.count == 2)
    }

    @Test func `values spelled in two ways differ`() throws {
        let one = change(
            1, .write(Write(field: .title, value: .text(composed), replaces: [])))
        let two = change(
            2, .write(Write(field: .title, value: .text(decomposed), replaces: [])))
        let left = try replica(one, two)
        #expect(left.conflicts.count == 1)
        #expect(try left.conflicts == replica(two, one).conflicts)
    }

    @Test func `a resolution settles nothing that its author did not know`() throws {
        let one = change(
            1, .write(Write(field: .title, value: .text("a"), replaces: [])))
        let answer = change(
            2,
            .resolve(
                Resolution(
                    conflict: ConflictID(rawValue: 1), kind: .value, settles: [one.id], take: "A")))
        var replica = try replica(one)
        #expect(throws: ChangeError.self) { try replica.integrate(answer) }
    }
}
