/// The map between local versions and the identities of operations, both ways.
///
/// A run knows its agent's previous run and one further back, so that any of r runs is reached in
/// O(log r) steps: the skew-binary jump pointers of Eugene Myers, "An applicative random-access
/// stack", Information Processing Letters 17 (1983).
extension AgentTable {
    /// The number that the next operation of an agent will have. O(1).
    @inline(__always)
    func nextSeq(of agent: Int) -> Int {
        if agent == lastAgent { return versionCount + lastOffset }
        let index = latestRuns[agent]
        if index == AgentTable.none { return 0 }
        let run = runs[Int(index)]
        return Int(run.seq) + Int(runs[Int(index) + 1].start) - Int(run.start)
    }

    /// Gives the next `added` local versions to the next operations of an agent, from number `seq` on.
    /// O(1); amortised where another agent had the last one.
    @inline(__always)
    mutating func append(agent: Int, seq: Int, count added: Int) {
        assert(added > 0, "a run is not empty")
        if agent != lastAgent || seq != versionCount + lastOffset {
            beginRun(agent: agent, seq: seq)
        }
        versionCount += added
    }

    private mutating func beginRun(agent: Int, seq: Int) {
        precondition(seq == nextSeq(of: agent), "an agent's numbers follow each other")
        let index = UInt32(runs.count)
        var run = Run(
            start: UInt32(versionCount), seq: UInt32(seq), agent: UInt32(agent),
            rank: 0, previous: index, jump: index)
        let latest = latestRuns[agent]
        if latest != AgentTable.none {
            let previous = runs[Int(latest)]
            let middle = runs[Int(previous.jump)]
            let far = runs[Int(middle.jump)]
            // Two jumps of equal length become one of twice that length and one.
            let isPair = previous.rank - middle.rank == middle.rank - far.rank
            run.rank = previous.rank + 1
            run.previous = latest
            run.jump = isPair ? middle.jump : latest
        }
        runs.append(run)
        latestRuns[agent] = index
        lastAgent = agent
        lastOffset = seq - versionCount
    }

    /// The local version of an agent's operation, or `nil` if the table does not have it. O(1) in the
    /// agent's latest run, else O(log r) in its runs.
    @inline(__always)
    func version(of agent: Int, seq: Int) -> Int? {
        let latest = latestRuns[agent]
        if latest == AgentTable.none || seq < 0 { return nil }
        let run = runs[Int(latest)]
        if seq < Int(run.seq) { return earlierVersion(before: latest, seq: seq) }
        let offset = seq - Int(run.seq)
        return offset < end(ofRun: Int(latest)) - Int(run.start) ? Int(run.start) + offset : nil
    }

    /// The local versions of an agent's operations from one number on, as many as stand in a row and
    /// come before another number. O(1) in the agent's latest run, else O(log r) in its runs.
    ///
    /// - Parameter seq: the number of an operation that the table has.
    @inline(__always)
    mutating func versions(of agent: Int, from seq: Int, to endSeq: Int) -> Range<Int> {
        let index = runIndex(of: agent, seq: seq)
        let run = runs[index]
        let start = Int(run.start) &+ seq &- Int(run.seq)
        return start..<min(end(ofRun: index), start &+ endSeq &- seq)
    }

    /// The local version of an agent's operation, as ``version(of:seq:)``, for who asks for many that
    /// are near each other: then O(1).
    @inline(__always)
    mutating func recentVersion(of agent: Int, seq: Int) -> Int? {
        guard seq >= 0, seq < nextSeq(of: agent) else { return nil }
        let run = runs[runIndex(of: agent, seq: seq)]
        return Int(run.start) &+ seq &- Int(run.seq)
    }

    /// How many places ``recentRuns`` has.
    private static var recentCount: Int { 256 }

    /// The run that holds an operation that the table has.
    @inline(__always)
    private mutating func runIndex(of agent: Int, seq: Int) -> Int {
        let latest = Int(latestRuns[agent])
        if seq >= Int(runs[latest].seq) { return latest }
        if recentRuns.count == 0 {
            recentRuns.append(repeating: 0, count: AgentTable.recentCount)
        }
        let place = (agent &* 37 &+ seq >> 3) & (AgentTable.recentCount &- 1)
        let guess = Int(recentRuns[place])
        if guess < latest, Int(runs[guess].agent) == agent {
            let offset = seq &- Int(runs[guess].seq)
            if offset >= 0, offset < end(ofRun: guess) &- Int(runs[guess].start) { return guess }
        }
        let found = earlierRun(before: UInt32(truncatingIfNeeded: latest), seq: seq)
        recentRuns[place] = found
        return Int(found)
    }

    private func earlierVersion(before latest: UInt32, seq: Int) -> Int {
        let run = runs[Int(earlierRun(before: latest, seq: seq))]
        return Int(run.start) + seq - Int(run.seq)
    }

    /// The run of an agent that holds a number, which is before a run.
    @inline(__always)
    private func earlierRun(before latest: UInt32, seq: Int) -> UInt32 {
        var index = latest
        repeat {
            let run = runs[Int(index)]
            index = Int(runs[Int(run.jump)].seq) > seq ? run.jump : run.previous
        } while Int(runs[Int(index)].seq) > seq
        return index
    }

    /// Whose operation a local version is. O(1) in the last run, else O(log r) in runs.
    @inline(__always)
    func identity(of version: Int) -> (agent: Int, seq: Int) {
        let run = runs[runIndex(of: version)]
        return (Int(run.agent), Int(run.seq) + version - Int(run.start))
    }

    /// Whose operation a local version is, looking first in the run that was found before and in the
    /// one behind it: O(1) for versions that ascend or stay together, else O(log r) in runs.
    ///
    /// - Parameter hint: an index of a run, or any number for a start; left at the run found.
    @inline(__always)
    func identity(of version: Int, hint: inout Int) -> (agent: Int, seq: Int) {
        if !holds(version, run: hint) {
            hint = holds(version, run: hint + 1) ? hint + 1 : runIndex(of: version)
        }
        let run = runs[hint]
        return (Int(run.agent), Int(run.seq) + version - Int(run.start))
    }

    @inline(__always)
    private func holds(_ version: Int, run index: Int) -> Bool {
        index >= 0 && index < runs.count && Int(runs[index].start) <= version
            && version < end(ofRun: index)
    }

    /// The index of the run that holds a local version. O(1) for the last, else O(log r) in runs.
    @inline(__always)
    func runIndex(of version: Int) -> Int {
        assert(version >= 0 && version < versionCount, "the version is in the table")
        let last = runs.count - 1
        return Int(runs[last].start) <= version ? last : earlierRunIndex(of: version)
    }

    @inline(__always)
    private func earlierRunIndex(of version: Int) -> Int {
        var low = 0
        var length = runs.count
        while length > 1 {
            let half = length / 2
            if Int(runs[low + half].start) <= version { low += half }
            length -= half
        }
        return low
    }

    /// The local version behind a run's last. O(1).
    @inline(__always)
    private func end(ofRun index: Int) -> Int {
        index + 1 < runs.count ? Int(runs[index + 1].start) : versionCount
    }

    /// A run by its index: its local versions, its agent and its first number. O(1).
    @inline(__always)
    func run(at index: Int) -> (versions: Range<Int>, agent: Int, seq: Int) {
        let run = runs[index]
        return (Int(run.start)..<end(ofRun: index), Int(run.agent), Int(run.seq))
    }

    /// Takes back the local versions from `remaining` on; the agents stay. O(1) for each run that
    /// goes.
    mutating func truncate(to remaining: Int) {
        precondition(remaining >= 0 && remaining <= versionCount, "truncation only shrinks")
        while runs.count > 0, Int(runs[runs.count - 1].start) >= remaining {
            let index = runs.count - 1
            let run = runs[index]
            latestRuns[Int(run.agent)] =
                Int(run.previous) == index ? AgentTable.none : run.previous
            runs.truncate(to: index)
        }
        versionCount = remaining
        lastAgent = -1
        lastOffset = 0
        if runs.count > 0 {
            let run = runs[runs.count - 1]
            lastAgent = Int(run.agent)
            lastOffset = Int(run.seq) - Int(run.start)
        }
    }
}
