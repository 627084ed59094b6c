import TestSupport
import Testing

@testable import GlossCore

/// The causal graph against sets of ancestors, on random histories.
@Suite struct CausalGraphTests {
    @Test("Every operation has the ancestors that its twin has", arguments: 0..<LogSeeds.batchCount)
    func ancestry(batch: Int) {
        for seed in LogSeeds.seeds(of: batch) {
            let twin = NaiveGraph.random(seed: seed)
            let graph = CausalGraph(twin)
            graph.checkInvariants()
            var mistakes = 0
            for head in 0..<twin.count {
                for version in 0..<twin.count {
                    let isAncestor = twin.histories[head].contains(version)
                    if graph.contains(version, inHistoryOf: head) != isAncestor { mistakes += 1 }
                    let areConcurrent = !isAncestor && !twin.histories[version].contains(head)
                    if graph.areConcurrent(version, head) != areConcurrent { mistakes += 1 }
                }
                if graph.lamport(of: head) != twin.lamports[head] { mistakes += 1 }
                if graph.parents(of: head) != twin.parents[head] { mistakes += 1 }
            }
            #expect(mistakes == 0, "seed \(seed)")
            #expect(graph.count == twin.count, "seed \(seed)")
            #expect(graph.frontier == twin.frontier(ofFirst: twin.count), "seed \(seed)")
        }
    }

    @Test("A recalled history answers as a walk does", arguments: 0..<LogSeeds.batchCount)
    func recollection(batch: Int) {
        for seed in LogSeeds.seeds(of: batch) {
            let twin = NaiveGraph.random(seed: seed)
            var random = SeededRandom(seed: ~seed)
            var graph = CausalGraph()
            for chain in twin.chains {
                graph.append(chain)
                // As a refused change does.
                if random.chance(0.2) {
                    let other = twin.newest(of: [random.below(graph.count)])
                    let kept = graph.count
                    graph.append(count: 1, parents: other)
                    _ = graph.contains(0, inRecalledHistoryOfEntry: graph.entryCount - 1)
                    graph.truncate(to: kept)
                }
                let entry = graph.entryCount - 1
                let start = graph.versions(ofEntry: entry).lowerBound
                let mistakes = (0...start).filter {
                    graph.contains($0, inRecalledHistoryOfEntry: entry)
                        != twin.histories[start].contains($0)
                }
                #expect(mistakes.isEmpty, "seed \(seed), chain \(entry)")
            }
        }
    }

    @Test("Asking what one chain knows costs one walk, however often and about whatever")
    func walksOfOneChain() {
        var graph = CausalGraph()
        graph.append(count: 1)
        // Two people who never merge with a third one, who writes at the end.
        var heads = (0, 0)
        for _ in 0..<2000 {
            graph.append(count: 1, parents: graph.minimalFrontier(of: [heads.0, heads.1]))
            heads.0 = graph.count - 1
            graph.append(count: 1, parents: [heads.1])
            heads.1 = graph.count - 1
        }
        let known = graph.count
        graph.append(count: 1, parents: [0])
        let entry = graph.entryCount
        graph.append(count: 1, parents: [heads.1, known])
        #expect(graph.entryCount == entry + 1)
        var stepsLeft: [Int] = []
        for version in 0..<known {
            let isKnown = graph.contains(version, inRecalledHistoryOfEntry: entry)
            #expect(isKnown == (version == 0 || version % 2 == 0))
            stepsLeft.append(graph.recollection.stepsLeft)
        }
        // The walk that would go beyond the budget is the last one.
        #expect(stepsLeft.filter { $0 < 0 }.count > known - CausalGraph.Recollection.budget)
        #expect(Set(stepsLeft.filter { $0 < 0 }).count == 1)
        graph.append(count: 1)
        check(!graph.contains(heads.0, inRecalledHistoryOfEntry: entry))
        #expect(graph.recollection.stepsLeft < 0)
    }

    @Test("Histories and frontiers are those of its twin", arguments: 0..<LogSeeds.batchCount)
    func frontiers(batch: Int) {
        for seed in LogSeeds.seeds(of: batch) {
            let twin = NaiveGraph.random(seed: seed)
            let graph = CausalGraph(twin)
            var random = SeededRandom(seed: ~seed)
            for _ in 0..<20 {
                let versions = twin.someVersions(6, using: &random)
                let frontier = twin.newest(of: versions)
                var given = versions.sorted()
                given += given.prefix(1)
                given.shuffle(using: &random)
                #expect(graph.minimalFrontier(of: given) == frontier, "seed \(seed): \(given)")
                let history = twin.history(of: frontier)
                let set = VersionSet(history)
                #expect(graph.history(of: frontier) == set, "seed \(seed): \(frontier)")
                #expect(graph.frontier(of: set) == frontier, "seed \(seed): \(frontier)")
            }
        }
    }

    @Test(
        "Two histories differ and agree as those of its twin do", arguments: 0..<LogSeeds.batchCount
    )
    func pairs(batch: Int) {
        for seed in LogSeeds.seeds(of: batch) {
            let twin = NaiveGraph.random(seed: seed)
            let graph = CausalGraph(twin)
            var random = SeededRandom(seed: ~seed)
            for round in 0..<30 {
                let size = round < 15 ? 1 : 4
                let first = twin.newest(of: twin.someVersions(size, using: &random))
                let second = twin.newest(of: twin.someVersions(size, using: &random))
                let histories = (twin.history(of: first), twin.history(of: second))
                let onlyFirst = VersionSet(histories.0.subtracting(histories.1))
                let onlySecond = VersionSet(histories.1.subtracting(histories.0))
                let common = twin.newest(of: histories.0.intersection(histories.1))
                let note: Comment = "seed \(seed): \(first), \(second)"
                var parts = graph.difference(first, second)
                #expect(parts.onlyFirst == onlyFirst && parts.onlySecond == onlySecond, note)
                #expect(graph.commonAncestors(first, second) == common, note)
                if size == 1 {
                    parts = graph.difference(first[0], second[0])
                    #expect(parts.onlyFirst == onlyFirst && parts.onlySecond == onlySecond, note)
                    #expect(graph.commonAncestors(first[0], second[0]) == common, note)
                }
            }
        }
    }

    @Test("What was taken back had never come", arguments: 0..<LogSeeds.batchCount)
    func truncation(batch: Int) {
        for seed in LogSeeds.seeds(of: batch) {
            let twin = NaiveGraph.random(seed: seed)
            var random = SeededRandom(seed: ~seed)
            let whole = CausalGraph(twin).dump
            for _ in 0..<4 {
                let kept = random.below(twin.chains.count + 1)
                var graph = CausalGraph()
                for chain in twin.chains.prefix(kept) { graph.append(chain) }
                let before = graph.copy()
                for chain in twin.chains.dropFirst(kept) { graph.append(chain) }
                graph.truncate(to: before.count)
                #expect(graph.dump == before.dump, "seed \(seed), chain \(kept)")
                for chain in twin.chains.dropFirst(kept) { graph.append(chain) }
                #expect(graph.dump == whole, "seed \(seed), chain \(kept)")
                // And in the middle of a chain.
                let count = random.below(twin.count + 1)
                graph.truncate(to: count)
                graph.checkInvariants()
                #expect(graph.frontier == twin.frontier(ofFirst: count), "seed \(seed), \(count)")
            }
        }
    }

    @Test("A merge of all there is has seen everything at first sight")
    func wholeMerge() {
        var graph = CausalGraph()
        graph.append(count: 3)
        graph.append(count: 2, parent: 0)
        graph.append(count: 2, parents: [])
        #expect(graph.frontier == [2, 4, 6])
        graph.append(count: 1)
        #expect(graph.frontier == [7])
        #expect(graph.entries[3].base == 7 && graph.entries[3].shadow == 0)
        #expect(graph.lamport(of: 7) == 4)
    }

    @Test("Who writes while another does has seen everything but the last few operations")
    func bases() {
        var graph = CausalGraph()
        graph.append(count: 10)
        var heads = (9, 9)
        // Each knows the other's work but for the last chain.
        var seen = (9, 9)
        for _ in 0..<100 {
            graph.append(count: 2, parents: graph.minimalFrontier(of: [heads.0, seen.1]))
            seen.0 = heads.0
            heads.0 = graph.count - 1
            graph.append(count: 2, parents: graph.minimalFrontier(of: [heads.1, seen.0]))
            seen.1 = heads.1
            heads.1 = graph.count - 1
        }
        graph.checkInvariants()
        for index in 3..<graph.entryCount {
            let entry = graph.entries[index]
            #expect(entry.start - entry.base <= 6)
        }
    }

    @Test("Writing on one branch makes one chain")
    func chains() {
        var graph = CausalGraph()
        for _ in 0..<1000 { graph.append(count: 1) }
        graph.append(count: 5, parent: 999)
        graph.append(count: 5, parents: [1004])
        #expect(graph.entryCount == 1 && graph.count == 1010 && graph.frontier == [1009])
        #expect(graph.history(of: [500]).ranges == [0..<501])
    }

    @Test("An empty graph has no operations and no history")
    func empty() {
        var graph = CausalGraph()
        graph.checkInvariants()
        #expect(graph.count == 0 && graph.frontier.isEmpty)
        #expect(graph.history(of: []).isEmpty && graph.minimalFrontier(of: []).isEmpty)
        #expect(graph.commonAncestors([], []).isEmpty)
        #expect(graph.frontier(of: VersionSet()).isEmpty)
        graph.append(count: 2)
        #expect(graph.commonAncestors([], [1]).isEmpty)
        #expect(graph.difference([], [1]).onlySecond.ranges == [0..<2])
        graph.truncate(to: 0)
        graph.checkInvariants()
        #expect(graph.frontier.isEmpty)
    }
}
