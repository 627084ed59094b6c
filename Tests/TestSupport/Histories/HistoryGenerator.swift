import GlossCore

/// Makes random histories of one article, the same for the same seed and options.
public struct HistoryGenerator {
    /// One writer, and what it may be up to next.
    struct Writer {
        var replica: SimulatedReplica
        /// The places of the changes it knows, ascending.
        var known: [Int] = []
        /// The first and the last character of its last insertion.
        var lastRun: (first: OpID, last: OpID)?
        /// For how many of its changes it hears of nobody, nor anybody of it.
        var offlineFor = 0
        /// What it does character by character, and for how many changes more.
        var streak: (kind: Streak, left: Int) = (.typing, 0)
        /// Its last write of a field.
        var lastWrite: OpID?
    }

    /// Other words for some characters, which any writer may accept.
    struct Suggestion {
        var id: OpID
        var characters: [OpID]
        var proposal: String
    }

    let options: HistoryOptions
    var random: SeededRandom
    var writers: [Writer] = []
    var changes: [Change] = []
    var suggestions: [Suggestion] = []
    /// The character that several writers type behind; `nil` for the start.
    var hotspot: OpID?

    private init(options: HistoryOptions, random: SeededRandom) {
        self.options = options
        self.random = random
    }

    /// The history of a seed, of a kind that follows from the seed.
    public static func history(seed: UInt64) -> History {
        var random = SeededRandom(seed: seed)
        let options = HistoryOptions.varied(using: &random)
        return history(options, using: random)
    }

    /// The history of a seed under the given options.
    public static func history(seed: UInt64, _ options: HistoryOptions) -> History {
        history(options, using: SeededRandom(seed: seed))
    }

    private static func history(_ options: HistoryOptions, using random: SeededRandom) -> History {
        var generator = HistoryGenerator(options: options, random: random)
        generator.run()
        return History(
            changes: generator.changes,
            endings: generator.writers.map {
                History.Ending(known: $0.known, text: $0.replica.text)
            })
    }

    private mutating func run() {
        for _ in 0..<options.agents {
            writers.append(Writer(replica: SimulatedReplica(agent: newAgent())))
        }
        while changes.count < options.changes {
            let index = random.below(writers.count)
            hearOfOthers(index)
            if random.chance(options.retirement) { writers[index].replica.retire(for: newAgent()) }
            edit(index)
            let change = commit(index)
            writers[index].known.append(changes.count)
            changes.append(change)
        }
    }

    private mutating func commit(_ index: Int) -> Change {
        let hasRemark = random.chance(options.remarks)
        writers[index].replica.timeStep = hasRemark ? 0 : 1000
        let hasMessage = hasRemark && random.chance(0.5)
        return writers[index].replica.commit(message: hasMessage ? "Why: \(changes.count)" : nil)
    }

    /// Agents far apart and close together, on both sides of the sign bit.
    private mutating func newAgent() -> AgentID {
        let used = writers.map(\.replica.agent) + changes.map(\.agent)
        while true {
            let bits = random.next()
            let agent = AgentID(
                rawValue: random.chance(0.5) ? bits : bits & 0xF | (bits & 1) << 63)
            if !used.contains(agent) { return agent }
        }
    }

    private mutating func hearOfOthers(_ index: Int) {
        if writers[index].offlineFor > 0 {
            writers[index].offlineFor -= 1
            return
        }
        if random.chance(options.offline) { writers[index].offlineFor = 3 + random.below(8) }
        guard random.chance(options.sync) else { return }
        for other in writers.indices.shuffled(using: &random)
        where other != index && writers[other].offlineFor == 0 && random.chance(0.5) {
            let known = Set(writers[index].known)
            var missing = writers[other].known.filter { !known.contains($0) }
            if random.chance(options.partialSync), !missing.isEmpty {
                missing = Array(missing.prefix(random.below(missing.count + 1)))
            }
            for place in missing { writers[index].replica.receive(changes[place]) }
            writers[index].known = (writers[index].known + missing).sorted()
        }
    }

    private mutating func edit(_ index: Int) {
        if goOn(index) { return }
        if random.chance(options.undo) { toggle(index) }
        if random.chance(options.otherOps) { doOther(index) }
        if random.chance(options.acceptance) { accept(index) }
        if writers[index].replica.hasDraft, !random.chance(options.bundling) { return }
        repeat {
            let visible = writers[index].replica.list.visibleIDs
            if !visible.isEmpty, random.chance(options.deletion) {
                delete(index, among: visible)
            } else {
                insert(index, among: visible)
            }
            if random.chance(options.selfUndo) { toggleDraft(index) }
            if random.chance(options.otherOps) { doOther(index) }
        } while random.chance(options.bundling)
    }
}
