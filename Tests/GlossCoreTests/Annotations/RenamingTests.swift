import GlossCore
import Testing

/// An agent's operations from a number on, given to another agent at once.
struct RenamingTests {
    private static let former = AgentID(rawValue: 7)
    private static let other = AgentID(rawValue: 9)
    private static let heir = AgentID(rawValue: 3)

    private static func id(_ agent: AgentID, _ seq: Int) -> OpID { OpID(agent: agent, seq: seq) }

    private static func change(
        _ agent: AgentID, _ seq: Int, after dependencies: [OpID] = [], _ ops: [Op]
    ) -> Change {
        Change(agent: agent, seq: seq, dependencies: dependencies, time: 1, ops: ops)
    }

    private static func insert(
        _ text: String, left: OpID?, right: OpID?, replaces: [OpSpan] = []
    ) -> Op {
        .insert(
            Insertion(
                left: left, right: right, text: Array(text.unicodeScalars), replaces: replaces))
    }

    /// Text that the two agents wrote, the first one's from 6 on in all kinds of operations.
    private static let changes: [Change] = [
        change(former, 0, [insert("abcdef", left: nil, right: nil)]),
        change(
            other, 0, after: [id(former, 5)],
            [insert("x", left: id(former, 2), right: id(former, 3))]),
        change(
            former, 6, after: [id(other, 0)],
            [
                insert(
                    "uvw", left: id(former, 5), right: nil,
                    replaces: [OpSpan(start: id(former, 4), count: 2)]),
                .delete(
                    Deletion(spans: [
                        OpSpan(start: id(former, 1), count: 1),
                        OpSpan(start: id(former, 5), count: 2),
                    ])),
            ]),
        change(
            former, 12,
            [
                .visibility(
                    Visibility(marks: [
                        .init(span: OpSpan(start: id(former, 9), count: 1), count: 1)
                    ])),
                .write(Write(field: .title, value: .text("one"), replaces: [])),
            ]),
        change(
            other, 1, after: [id(former, 13)],
            [
                .write(Write(field: .title, value: .text("two"), replaces: [id(former, 13)])),
                insert("y", left: id(former, 7), right: id(former, 8)),
            ]),
    ]

    @Test func `What was renamed means the same under its new names`() throws {
        var replica = Replica(id: DocumentID(high: 1, low: 2))
        for change in Self.changes { try replica.integrate(change) }
        let renaming = Renaming(of: Self.former, from: 6, to: Self.heir)
        var renamed = Replica(id: replica.id)
        for change in Self.changes {
            let change = try #require(replica.renamed(change, renaming))
            #expect(try renamed.integrate(change) == .applied(released: []))
        }
        #expect(renamed.scalars == replica.scalars)
        #expect(renamed.register(.title).value == .text("two"))
        #expect(renamed.versionVector[Self.former] == 6)
        #expect(renamed.versionVector[Self.heir] == 8)
        // In front of where it begins, and of others, everything keeps its name.
        #expect(replica.renamed(Self.changes[0], renaming) == Self.changes[0])
        #expect(replica.renamed(Self.changes[1], renaming) == Self.changes[1])
        let first = try #require(replica.renamed(Self.changes[2], renaming))
        #expect(first.id == Self.id(Self.heir, 0))
        // The other's operation follows the agent's own: both as dependencies would be one too many.
        #expect(first.dependencies == [Self.id(Self.other, 0)])
    }

    @Test func `What was an agent's own previous operation becomes a dependency`() throws {
        var replica = Replica(id: DocumentID(high: 1, low: 2))
        let alone = [
            Self.changes[0],
            Self.change(
                Self.former, 6, [Self.insert("z", left: Self.id(Self.former, 5), right: nil)]),
        ]
        for change in alone { try replica.integrate(change) }
        let renaming = Renaming(of: Self.former, from: 6, to: Self.heir)
        let second = try #require(replica.renamed(alone[1], renaming))
        #expect(second.dependencies == [Self.id(Self.former, 5)])
    }

    @Test func `Of a kind that is unknown nothing can be said`() {
        let replica = Replica(id: DocumentID(high: 1, low: 2))
        let renaming = Renaming(of: Self.former, from: 6, to: Self.heir)
        #expect(replica.renamed(Self.change(Self.former, 6, [.unknown]), renaming) == nil)
    }
}
