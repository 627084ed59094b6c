import GlossCore
import TestSupport
import Testing

/// The engine as an author: what it writes does what was asked, and the oracles read it the same.
@Suite struct EngineEditsTests {
    @Test("Edits and undos made by the engine mean to the oracles what they mean to it")
    func edits() throws {
        for seed: UInt64 in 30_000..<30_060 {
            var desk = Desk(seed: seed)
            for _ in 0..<30 { try desk.work() }
            for writer in desk.writers {
                try expect(writer.log.entries.map(\.change), toGive: writer, "seed \(seed)")
            }
            var everything = Replica(id: Desk.document)
            for change in desk.changes { try everything.integrate(change) }
            try expect(desk.changes, toGive: everything, "seed \(seed)")
            expectMinimalDependencies(History(changes: desk.changes), "seed \(seed)")
        }
    }

    private func expect(
        _ changes: [Change], toGive replica: Replica, _ comment: Comment
    ) throws {
        var list = NaiveList()
        var tree = FugueTree()
        for change in changes {
            list.apply(change)
            tree.apply(change)
        }
        #expect(replica.text == list.text, comment)
        #expect(replica.text == tree.text, comment)
    }

    private func expectMinimalDependencies(_ history: History, _ comment: Comment) {
        for (place, parents) in history.parents.enumerated() {
            let change = history.changes[place]
            let pasts = parents.map { Set(history.past(of: $0)) }
            for parent in parents {
                let isDependency = change.dependencies.contains(history.changes[parent].lastID)
                let isImplied = pasts.contains { $0.contains(parent) }
                #expect(!(isDependency && isImplied), comment)
            }
        }
    }
}

/// Three engines that edit one article and sometimes hear of each other.
private struct Desk {
    static let document = DocumentID(high: 5, low: 6)

    let seed: UInt64
    var random: SeededRandom
    var writers = Array(repeating: Replica(id: Desk.document), count: 3)
    var agents: [AgentID] = []
    var changes: [Change] = []

    init(seed: UInt64) {
        self.seed = seed
        random = SeededRandom(seed: seed)
        for _ in writers { agents.append(AgentID(rawValue: random.next())) }
    }

    mutating func work() throws {
        let index = random.below(writers.count)
        if random.chance(0.4) {
            for entry in writers[random.below(writers.count)].log.entries {
                try writers[index].integrate(entry.change)
            }
        }
        let author = Author(agent: agents[index], time: 0)
        switch random.below(10) {
        case 0..<5: try edit(index, by: author)
        case 5: try editTwice(index, by: author)
        case 6: try editEarlierVersion(index)
        case 7: try accept(index, by: author)
        default: try undo(index, by: author)
        }
    }

    private mutating func edit(_ index: Int, by author: Author) throws {
        let edit = randomEdit(of: 0..<writers[index].textCount)
        var expected = writers[index].scalars
        expected.replaceSubrange(edit.range, with: edit.replacement)
        note(try writers[index].edit([edit], by: author))
        #expect(writers[index].scalars == expected, "seed \(seed)")
    }

    private mutating func editTwice(_ index: Int, by author: Author) throws {
        let middle = writers[index].textCount / 2
        let first = randomEdit(of: 0..<middle)
        let second = randomEdit(of: middle..<writers[index].textCount)
        var expected = writers[index].scalars
        expected.replaceSubrange(second.range, with: second.replacement)
        expected.replaceSubrange(first.range, with: first.replacement)
        note(try writers[index].edit([first, second], by: author))
        #expect(writers[index].scalars == expected, "seed \(seed)")
    }

    /// By an agent of its own, so that nothing but the version is in its history.
    private mutating func editEarlierVersion(_ index: Int) throws {
        guard let seen = writers[index].log.entries.randomElement(using: &random) else { return }
        let version = [seen.change.lastID]
        var expected = Array(writers[index].text(at: version).unicodeScalars)
        let edit = randomEdit(of: 0..<expected.count)
        expected.replaceSubrange(edit.range, with: edit.replacement)
        let author = Author(agent: AgentID(rawValue: random.next()), time: 0)
        guard let change = try writers[index].edit([edit], at: version, by: author) else { return }
        note(change)
        let after = writers[index].text(at: [change.lastID])
        #expect(Array(after.unicodeScalars) == expected, "seed \(seed)")
    }

    private mutating func accept(_ index: Int, by author: Author) throws {
        let suggestion = OpID(agent: AgentID(rawValue: 1), seq: random.below(2))
        let edit = randomEdit(of: 0..<writers[index].textCount)
        note(try writers[index].edit([edit], by: author, accepts: suggestion))
    }

    private mutating func undo(_ index: Int, by author: Author) throws {
        let entries = writers[index].log.entries.shuffled(using: &random).prefix(2)
        let some = entries.sorted { $0.versions.lowerBound < $1.versions.lowerBound }
            .map(\.change)
        let ops = writers[index].inverse(of: some)
        if !ops.isEmpty { note(try writers[index].commit(ops, by: author)) }
    }

    private mutating func note(_ change: Change?) {
        if let change { changes.append(change) }
    }

    private mutating func randomEdit(of bounds: Range<Int>) -> TextEdit {
        let start = bounds.lowerBound + random.below(bounds.count + 1)
        let end = min(bounds.upperBound, start + (random.chance(0.5) ? 0 : random.below(6)))
        let words = ["", "a", "ßé", "one", "\n", "😀x", "a longer run of words"]
        return TextEdit(start..<end, words[random.below(words.count)])
    }
}
