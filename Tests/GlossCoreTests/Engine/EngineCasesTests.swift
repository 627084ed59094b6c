import GlossCore
import TestSupport
import Testing

/// Cases that random histories showed to be easy to get wrong.
@Suite struct EngineCasesTests {
    @Test("A span may begin before the change that names it and end inside it")
    func spanFromBeforeIntoTheChange() throws {
        var writer = SimulatedReplica(agent: AgentID(rawValue: 1))
        let typed = writer.type("a", at: 0)
        writer.perform(writer.insertion(of: "bc", at: 1))
        writer.perform(writer.deletion(of: 0..<2))
        let edited = writer.commit()
        #expect(edited.ops[1] == .delete(Deletion(spans: [OpSpan(start: typed.id, count: 2)])))
        try expectEverywhere("c", [typed, edited])
    }

    @Test("Undoing only the new words of an acceptance lets another acceptance show")
    func acceptanceWithItsWordsUndone() throws {
        var writers = ThreeWriters(sharing: "a cat")
        let suggestion = OpID(agent: AgentID(rawValue: 99), seq: 0)
        let target = Array(writers.first.list.visibleIDs[2..<5])
        writers.first.perform(writers.first.deletion(of: target, accepting: suggestion))
        let words = writers.first.perform(
            writers.first.insertion(
                of: "dog", after: target.last, replacing: target, accepting: suggestion))
        let one = writers.first.commit()
        let two = writers.second.accept(suggestion, "dogs", on: target)
        try expectEverywhere("a dog", [writers.shared], [one], [two])
        writers.first.receive(two)
        let ids = (0..<3).map { OpID(agent: words.agent, seq: words.seq + $0) }
        let undo = writers.first.change(try #require(writers.first.toggling(ids)))
        try expectEverywhere("a dogs", [writers.shared], [one], [two], [undo])
    }
}
