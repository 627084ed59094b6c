import TestSupport
import Testing

@testable import GlossCore

/// Agents, and the map between local versions and identities, against plain arrays.
@Suite struct AgentTableTests {
    /// Which agent had which numbers, one local version after the other.
    private struct Twin {
        var ids: [AgentID] = []
        var identities: [[Int]] = []
        var versions: [[Int]] = []

        mutating func append(agent: Int, count: Int) {
            for _ in 0..<count {
                versions[agent].append(identities.count)
                identities.append([agent, versions[agent].count - 1])
            }
        }
    }

    private func expect(_ table: borrowing AgentTable, like twin: Twin, _ note: Comment) {
        table.checkInvariants()
        #expect(table.versionCount == twin.identities.count, note)
        #expect((0..<table.agentCount).map { table.id(of: $0) } == twin.ids, note)
        var mistakes = 0
        var hint = 0
        for version in twin.identities.indices {
            let (agent, seq) = table.identity(of: version)
            if [agent, seq] != twin.identities[version] { mistakes += 1 }
            let again = table.identity(of: version, hint: &hint)
            if again != (agent, seq) { mistakes += 1 }
            if table.version(of: agent, seq: seq) != version { mistakes += 1 }
            let run = table.run(at: table.runIndex(of: version))
            if !run.versions.contains(version) || run.agent != agent { mistakes += 1 }
            if run.seq + version - run.versions.lowerBound != seq { mistakes += 1 }
        }
        for agent in twin.ids.indices {
            let next = twin.versions[agent].count
            if table.nextSeq(of: agent) != next { mistakes += 1 }
            if table.index(of: twin.ids[agent]) != agent { mistakes += 1 }
            if table.version(of: agent, seq: next) != nil { mistakes += 1 }
            if table.version(of: agent, seq: -1) != nil { mistakes += 1 }
        }
        #expect(mistakes == 0, note)
    }

    @Test("Versions and identities map to each other", arguments: 0..<LogSeeds.batchCount)
    func versions(batch: Int) {
        for seed in LogSeeds.seeds(of: batch) {
            var random = SeededRandom(seed: seed)
            var table = AgentTable()
            var twin = Twin()
            let most = 1 + random.below(12)
            for _ in 0..<[10, 60, 300][random.below(3)] {
                grow(&table, &twin, agentLimit: most, using: &random)
            }
            expect(table, like: twin, "seed \(seed)")
            var hint = random.below(1000)
            for _ in 0..<50 where !twin.identities.isEmpty {
                let version = random.below(twin.identities.count)
                let (agent, seq) = table.identity(of: version, hint: &hint)
                #expect([agent, seq] == twin.identities[version], "seed \(seed)")
            }
        }
    }

    private func grow(
        _ table: inout AgentTable, _ twin: inout Twin, agentLimit: Int,
        using random: inout SeededRandom
    ) {
        let isNew = twin.ids.isEmpty || twin.ids.count < agentLimit && random.chance(0.2)
        if isNew {
            let id = AgentID(rawValue: random.next())
            #expect(table.index(of: id) == nil)
            #expect(table.add(id) == twin.ids.count)
            twin.ids.append(id)
            twin.versions.append([])
        }
        let agent = isNew ? twin.ids.count - 1 : random.below(twin.ids.count)
        let count = 1 + random.below(4)
        table.append(agent: agent, seq: twin.versions[agent].count, count: count)
        twin.append(agent: agent, count: count)
    }

    @Test("What was taken back had never come", arguments: 0..<LogSeeds.batchCount)
    func truncation(batch: Int) {
        for seed in LogSeeds.seeds(of: batch) {
            var random = SeededRandom(seed: seed)
            var table = AgentTable()
            var twin = Twin()
            for _ in 0..<random.below(60) {
                grow(&table, &twin, agentLimit: 9, using: &random)
            }
            for _ in 0..<4 {
                let before = table.copy()
                let twinBefore = twin
                for _ in 0..<random.below(30) {
                    grow(&table, &twin, agentLimit: 20, using: &random)
                }
                let added = Array(twin.ids.dropFirst(twinBefore.ids.count))
                table.truncate(to: before.versionCount)
                table.removeAgents(from: before.agentCount)
                twin = twinBefore
                expect(table, like: twin, "seed \(seed)")
                #expect(table.runCount == before.runCount, "seed \(seed)")
                #expect(added.allSatisfy { table.index(of: $0) == nil }, "seed \(seed)")
                grow(&table, &twin, agentLimit: 20, using: &random)
                expect(table, like: twin, "seed \(seed)")
            }
        }
    }

    @Test("A cut in the middle of a run leaves what is before it")
    func cutRun() {
        var table = AgentTable()
        let first = table.add(AgentID(rawValue: 1))
        let second = table.add(AgentID(rawValue: 0))
        table.append(agent: first, seq: 0, count: 5)
        table.append(agent: second, seq: 0, count: 2)
        table.append(agent: first, seq: 5, count: 5)
        table.truncate(to: 8)
        table.checkInvariants()
        #expect(table.nextSeq(of: first) == 6 && table.nextSeq(of: second) == 2)
        #expect(table.version(of: first, seq: 5) == 7 && table.version(of: first, seq: 6) == nil)
        table.truncate(to: 0)
        table.checkInvariants()
        #expect(table.nextSeq(of: first) == 0 && table.version(of: second, seq: 0) == nil)
    }

    @Test("Ids that collide in the hash table are told apart, and leave it again")
    func collisions() {
        let ids = (0 as UInt64..<400_000).filter { Hash64.mix($0) & 0xFFF == 7 }
        #expect(ids.count > 60)
        var table = AgentTable()
        for id in ids { _ = table.add(AgentID(rawValue: id)) }
        table.checkInvariants()
        table.removeAgents(from: 30)
        table.checkInvariants()
        #expect(ids.dropFirst(30).allSatisfy { table.index(of: AgentID(rawValue: $0)) == nil })
    }

    @Test("The way back through many runs of an agent is short")
    func jumps() {
        var table = AgentTable()
        let agents = [table.add(AgentID(rawValue: 1)), table.add(AgentID(rawValue: 2))]
        for seq in 0..<4096 {
            for agent in agents { table.append(agent: agent, seq: seq, count: 1) }
        }
        table.checkInvariants()
        for target in 0..<4096 {
            var run = table.runs[Int(table.latestRuns[0])]
            var stepCount = 0
            while Int(run.seq) > target {
                let jump = table.runs[Int(run.jump)]
                run = Int(jump.seq) >= target ? jump : table.runs[Int(run.previous)]
                stepCount += 1
            }
            #expect(stepCount <= 3 * 12)
        }
    }

    @Test("One writer makes one run")
    func oneRun() {
        var table = AgentTable()
        let agent = table.add(AgentID(rawValue: .max))
        for seq in 0..<1000 { table.append(agent: agent, seq: seq, count: 1) }
        #expect(table.runCount == 1 && table.nextSeq(of: agent) == 1000)
    }
}
