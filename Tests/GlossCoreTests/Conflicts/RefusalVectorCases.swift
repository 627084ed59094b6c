import GlossCore
import TestSupport

extension MergeVectorCases {
    private static func typing(_ left: OpID?, _ right: OpID?, _ replaces: [OpSpan] = []) -> Op {
        .insert(Insertion(left: left, right: right, text: ["!"], replaces: replaces))
    }

    private static func deletion(_ start: OpID, _ count: Int) -> Op {
        .delete(Deletion(spans: [OpSpan(start: start, count: count)]))
    }

    private static func counting(_ start: OpID, _ count: Int) -> Op {
        let mark = Visibility.Mark(span: OpSpan(start: start, count: 1), count: count)
        return .visibility(Visibility(marks: [mark]))
    }

    static func refusedInArticles() throws -> MergeCase {
        var writers = ThreeWriters(sharing: "abcd")
        let cut = writers.first.erase(1..<2)
        let undo = try writers.first.toggle(cut)
        let other = writers.second.type("X", at: 2)
        let title = Change(
            agent: AgentID(rawValue: 2), seq: other.endSeq, dependencies: [], time: 1,
            ops: [.write(Write(field: .title, value: .text("T"), replaces: []))])
        let newcomer = AgentID(rawValue: 9)
        let shared = writers.shared.id
        func id(_ offset: Int) -> OpID { OpID(agent: shared.agent, seq: offset) }
        func refusal(
            _ op: Op, from agent: AgentID = newcomer, seq: Int = 0, after: [OpID]? = nil
        ) -> MergeCase.Refusal {
            MergeCase.Refusal(
                Change(
                    agent: agent, seq: seq, dependencies: after ?? [writers.shared.lastID],
                    time: 1, ops: [op]))
        }
        let good = typing(id(0), id(1))
        return try article(
            "Changes that break a rule are refused, and leave no trace.",
            [writers.shared, cut, undo, other, title],
            refusals: [
                refusal(typing(other.id, nil)),
                refusal(typing(nil, other.id)),
                refusal(typing(id(2), id(1))),
                refusal(typing(id(0), id(2))),
                refusal(typing(id(0), nil)),
                refusal(typing(cut.id, nil), after: [cut.lastID]),
                refusal(typing(id(0), id(1), [OpSpan(start: other.id, count: 1)])),
                refusal(deletion(other.id, 1)),
                refusal(deletion(id(2), 3)),
                refusal(deletion(cut.id, 1), after: [cut.lastID]),
                refusal(counting(id(0), 2)),
                refusal(counting(cut.id, 1), after: [undo.lastID]),
                refusal(counting(cut.id, 3), after: [undo.lastID]),
                refusal(counting(undo.id, 1), after: [undo.lastID]),
                refusal(counting(title.id, 1), after: [title.lastID]),
                refusal(.reply(NewReply(annotation: id(0), body: "?"))),
                refusal(.write(Write(entity: id(0), field: .title, value: .none, replaces: []))),
                refusal(.write(Write(field: .title, value: .none, replaces: [title.id]))),
                refusal(
                    .write(Write(field: .byline, value: .none, replaces: [title.id])),
                    after: [title.lastID]),
                refusal(good, after: [id(1)]),
                refusal(good, after: [writers.shared.lastID, cut.lastID].sorted()),
                refusal(
                    good, from: cut.agent, seq: undo.endSeq, after: [writers.shared.lastID]),
                refusal(good, from: shared.agent, seq: 2, after: []),
                MergeCase.Refusal(
                    Change(
                        agent: newcomer, seq: 0,
                        dependencies: [OpID(agent: AgentID(rawValue: 8), seq: 0)], time: 1,
                        ops: [good]), code: .missingDependency),
                MergeCase.Refusal(
                    Change(agent: newcomer, seq: 1, dependencies: [], time: 1, ops: [good]),
                    code: .missingDependency),
            ])
    }

    static func refusedInSets() throws -> MergeCase {
        var table = try Table(2, "Walls teach.")
        let note = try table.note(0, 6..<11, "teach?")
        let reply = try table.commit(0, .reply(NewReply(annotation: note, body: "yes"))).id
        let status = try table.write(0, .done, to: .status, of: note).id
        let other = try table.commit(
            1,
            .resolve(
                Resolution(
                    conflict: ConflictID(rawValue: 1), kind: .anchor, settles: [], take: "A"))
        ).id
        func refusal(_ op: Op) -> MergeCase.Refusal {
            MergeCase.Refusal(
                Change(
                    agent: AgentID(rawValue: 9), seq: 0, dependencies: [status], time: 1,
                    ops: [op]), isOfSet: true)
        }
        let text = Op.insert(Insertion(left: nil, right: nil, text: ["!"]))
        return try Self.table(
            "Operations on what is not there, or not of the right kind, are refused.", table,
            refusals: [
                refusal(text),
                refusal(.reply(NewReply(annotation: reply, body: "no"))),
                refusal(.reply(NewReply(annotation: status, body: "no"))),
                refusal(.addTag(TagAddition(annotation: reply, tag: "fact"))),
                refusal(.removeTag(TagRemoval(annotation: note, tag: "x", additions: [other]))),
                refusal(
                    .write(Write(entity: status, field: .body, value: .none, replaces: []))),
                refusal(
                    .write(Write(entity: other, field: .life, value: .withdrawn, replaces: []))),
                refusal(
                    .write(Write(entity: note, field: .body, value: .none, replaces: [status]))),
            ])
    }
}
