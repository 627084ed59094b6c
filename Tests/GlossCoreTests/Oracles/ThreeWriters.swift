import GlossCore
import TestSupport
import Testing

/// Three copies of one text, their agents in ascending order.
struct ThreeWriters {
    /// The change that wrote the shared text, by a fourth agent. Unused if that is empty.
    let shared: Change
    var first = SimulatedReplica(agent: AgentID(rawValue: 1))
    var second = SimulatedReplica(agent: AgentID(rawValue: 2))
    var third = SimulatedReplica(agent: AgentID(rawValue: 1 << 63))

    init(sharing text: String) {
        var author = SimulatedReplica(agent: AgentID(rawValue: 77))
        shared = author.type(text.isEmpty ? " " : text, at: 0)
        if text.isEmpty { return }
        first.receive(shared)
        second.receive(shared)
        third.receive(shared)
    }
}

extension SimulatedReplica {
    /// One change that types.
    mutating func type(_ text: String, at offset: Int) -> Change {
        change(insertion(of: text, at: offset))
    }

    /// One change that deletes.
    mutating func erase(_ range: Range<Int>) -> Change {
        change(deletion(of: range))
    }

    /// One change that deletes from the end on.
    mutating func backspace(_ range: Range<Int>) -> Change {
        change(backspacing(over: range))
    }

    /// One change that undoes or redoes another.
    mutating func toggle(_ other: Change) throws -> Change {
        change(try #require(toggling(other)))
    }

    /// One change that puts other words for some characters.
    mutating func accept(_ suggestion: OpID, _ text: String, on target: [OpID]) -> Change {
        perform(insertion(of: text, after: target.last, replacing: target, accepting: suggestion))
        perform(deletion(of: target, accepting: suggestion))
        return commit()
    }
}

/// Expects the text from both oracles and from the engine, in every order of the branches behind
/// `base` that respects causes.
func expectEverywhere(
    _ text: String, _ base: [Change], _ branches: [Change]...,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    for order in causalOrders(base, branches) {
        var list = NaiveList()
        var tree = FugueTree()
        var engine = Replica(id: DocumentID(high: 1, low: 2))
        for change in order {
            list.apply(change)
            tree.apply(change)
            try engine.integrate(change)
        }
        #expect(list.text == text, "list", sourceLocation: sourceLocation)
        #expect(tree.text == text, "tree", sourceLocation: sourceLocation)
        #expect(engine.text == text, "engine", sourceLocation: sourceLocation)
        #expect(list.ids == tree.ids, sourceLocation: sourceLocation)
    }
}

/// `base`, then the branches one after the other in every order that respects causes.
func causalOrders(_ base: [Change], _ branches: [[Change]]) -> [[Change]] {
    if branches.isEmpty { return [base] }
    let known = Set(base.map(\.lastID))
    return branches.indices.flatMap { index -> [[Change]] in
        let next = branches[index]
        var reached = known
        for change in next {
            let previous = OpID(agent: change.agent, seq: change.seq - 1)
            guard change.dependencies.allSatisfy(reached.contains),
                change.seq == 0 || reached.contains(previous)
            else { return [] }
            reached.insert(change.lastID)
        }
        var rest = branches
        rest.remove(at: index)
        return causalOrders(base + next, rest)
    }
}
