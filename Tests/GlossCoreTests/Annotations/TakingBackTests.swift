import GlossCore
import TestSupport
import Testing

/// What is taken back is taken back once, and comes back once.
@Suite struct TakingBackTests {
    private let article = DocumentID(high: 1, low: 2)
    private let mira = Author(agent: AgentID(rawValue: 0xa), time: 1)
    private let jo = Author(agent: AgentID(rawValue: 0xb), time: 2)

    @Test func `an edit that is undone cannot be undone again, nor redone twice`() throws {
        for seed in 1...40 as ClosedRange<UInt64> {
            var random = SeededRandom(seed: seed)
            var replica = Replica(id: article)
            var changes: [Change] = []
            for _ in 0..<12 {
                let start = random.below(replica.textCount + 1)
                let end = min(replica.textCount, start + random.below(5))
                let edit = TextEdit(start..<end, random.chance(0.7) ? "word " : "")
                if let change = try replica.edit([edit], by: random.chance(0.5) ? mira : jo) {
                    changes.append(change)
                }
            }
            for change in changes.shuffled(using: &random) {
                let before = replica.text
                let undo = try replica.commit(replica.inverse(of: [change]), by: mira)
                let undone = replica.text
                #expect(replica.inverse(of: [change]).isEmpty, "seed \(seed)")
                let redo = try replica.commit(replica.inverse(of: [undo]), by: jo)
                #expect(replica.text == before, "seed \(seed)")
                #expect(replica.inverse(of: [undo]).isEmpty, "seed \(seed)")
                _ = try replica.commit(replica.inverse(of: [redo]), by: mira)
                #expect(replica.text == undone, "seed \(seed)")
                if let op = replica.reinstatement(of: change) {
                    _ = try replica.commit([op], by: jo)
                }
                #expect(replica.text == before, "seed \(seed)")
                #expect(replica.reinstatement(of: change) == nil, "seed \(seed)")
            }
        }
    }

    @Test func `an edit and its undo taken back together leave things as they were before`() throws
    {
        var replica = Replica(id: article)
        _ = try replica.edit([TextEdit(0..<0, "Rivers go on.")], by: mira)
        let edit = try #require(try replica.edit([TextEdit(7..<9, "run")], by: mira))
        let undo = try replica.commit(replica.inverse(of: [edit]), by: mira)
        #expect(replica.inverse(of: [edit, undo]).isEmpty)
        let redo = try replica.commit(replica.inverse(of: [undo]), by: mira)
        #expect(replica.text == "Rivers run on.")
        _ = try replica.commit(replica.inverse(of: [edit, undo, redo]), by: mira)
        #expect(replica.text == "Rivers go on.")
    }

    @Test func `a third version stays when one of three sides is taken back`() throws {
        var ours = Replica(id: article)
        _ = try ours.commit([ours.write(.text("one"), to: .title)], by: mira)
        var theirs = ours
        let write = try ours.commit([ours.write(.text("mira's"), to: .title)], by: mira)
        try ours.integrate(theirs.commit([theirs.write(.text("jo's"), to: .title)], by: jo))
        var ana = Replica(id: article)
        for change in theirs.log.entries.map(\.change).prefix(1) { try ana.integrate(change) }
        let third = Author(agent: AgentID(rawValue: 0xc), time: 3)
        try ours.integrate(ana.commit([ana.write(.text("ana's"), to: .title)], by: third))
        #expect(ours.conflicts.map(\.versions.count) == [3])
        _ = try ours.commit(ours.inverse(of: [write]), by: mira)
        #expect(ours.conflicts.map { $0.versions.map(\.content) } == [["jo's", "ana's"]])
    }

    @Test func `blame tells whose words stood there before`() throws {
        var replica = Replica(id: article)
        let first = try #require(
            try replica.edit([TextEdit(0..<0, "Rivers go on. Walls stand.")], by: mira))
        let change = try #require(
            try replica.edit([TextEdit(7..<9, "run"), TextEdit(14..<19, "Dams")], by: jo))
        #expect(replica.text == "Rivers run on. Dams stand.")
        #expect(
            replica.blame().map { replica.text(at: $0.range) } == [
                "Rivers ", "run", " on. ", "Dams", " stand.",
            ])
        let former = try #require(
            replica.formerText(of: [7..<10, 15..<19, 0..<10, 0..<2], before: change.id))
        #expect(former.map(\.text) == ["go", "Walls", "Rivers go", "Ri"])
        #expect(former[0].characters == [OpSpan(start: OpID(agent: first.agent, seq: 7), count: 2)])
        #expect(
            replica.formerText(of: [0..<1], before: OpID(agent: AgentID(rawValue: 9), seq: 0))
                == nil)
    }
}

extension Replica {
    fileprivate func text(at range: Range<Int>) -> String {
        String(String.UnicodeScalarView(scalars[range]))
    }
}
