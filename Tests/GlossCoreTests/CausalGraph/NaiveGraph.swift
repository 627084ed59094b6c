import TestSupport

@testable import GlossCore

/// The causal graph as a set of ancestors for every operation: the twin to compare with.
struct NaiveGraph {
    /// One chain, as it was added.
    struct Chain {
        var count: Int
        var parents: [Int]
    }

    private(set) var chains: [Chain] = []
    /// Each operation and its ancestors.
    private(set) var histories: [Set<Int>] = []
    private(set) var parents: [[Int]] = []
    private(set) var lamports: [Int] = []

    var count: Int { histories.count }

    mutating func append(count added: Int, parents list: [Int]) {
        chains.append(Chain(count: added, parents: list))
        var list = list
        for _ in 0..<added {
            histories.append(history(of: list).union([count]))
            lamports.append(1 + (list.map { lamports[$0] }.max() ?? 0))
            parents.append(list)
            list = [count - 1]
        }
    }

    func history(of frontier: [Int]) -> Set<Int> {
        frontier.reduce(into: []) { $0.formUnion(histories[$1]) }
    }

    /// The members that are no ancestors of others, ascending.
    func newest(of versions: Set<Int>) -> [Int] {
        versions.filter { version in
            !versions.contains { $0 != version && histories[$0].contains(version) }
        }
        .sorted()
    }

    /// The frontier of the first `count` operations.
    func frontier(ofFirst count: Int) -> [Int] { newest(of: Set(0..<count)) }
}

extension NaiveGraph {
    /// A history of some writers who see each other's work now and then.
    static func random(seed: UInt64) -> NaiveGraph {
        var random = SeededRandom(seed: seed)
        var graph = NaiveGraph()
        let chainCount = [8, 25, 90][random.below(3)]
        let longest = [1, 2, 6][random.below(3)]
        let meeting = [0.05, 0.3, 0.8][random.below(3)]
        var views = [[Int]](repeating: [], count: 1 + random.below(5))
        for _ in 0..<chainCount {
            let writer = random.below(views.count)
            if random.chance(meeting) {
                let other = views[random.below(views.count)]
                views[writer] = graph.newest(of: Set(views[writer] + other))
            }
            if graph.count > 0 {
                if random.chance(0.05) {
                    views[writer] = graph.frontier(ofFirst: graph.count)
                } else if random.chance(0.05) {
                    views[writer] = graph.newest(of: graph.someVersions(3, using: &random))
                } else if random.chance(0.01) {
                    views[writer] = []
                }
            }
            graph.append(count: 1 + random.below(longest), parents: views[writer])
            views[writer] = [graph.count - 1]
        }
        return graph
    }

    /// Up to `limit` operations, at least one.
    func someVersions(_ limit: Int, using random: inout SeededRandom) -> Set<Int> {
        Set((0...random.below(limit)).map { _ in random.below(count) })
    }
}

extension CausalGraph {
    /// The graph of the same chains, through whichever function fits.
    init(_ twin: NaiveGraph) {
        self.init()
        for chain in twin.chains { append(chain) }
    }

    mutating func append(_ chain: NaiveGraph.Chain) {
        if chain.parents == frontier, !chain.parents.isEmpty {
            append(count: chain.count)
        } else if chain.parents.count == 1 {
            append(count: chain.count, parent: chain.parents[0])
        } else if chain.parents.count == 2 {
            var list = Slab<UInt32>()
            for parent in chain.parents { list.append(UInt32(parent)) }
            append(count: chain.count, parents: list)
        } else {
            append(count: chain.count, parents: chain.parents)
        }
    }

    /// Everything it holds, to be compared.
    var dump: [[Int]] {
        var dump = [[count], frontier, (0..<parents.count).map { Int(parents[$0]) }]
        for index in 0..<entries.count {
            let entry = entries[index]
            dump.append([
                Int(entry.start), Int(entry.shadow), Int(entry.base), Int(entry.lamport),
                Int(entry.parentsStart),
            ])
        }
        return dump
    }
}

extension VersionSet {
    init(_ members: Set<Int>) { self.init(members.map { $0..<$0 + 1 }) }
}
