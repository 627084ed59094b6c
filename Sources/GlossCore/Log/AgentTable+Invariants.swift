extension AgentTable {
    /// Stops the program unless everything fits together. O(n log n) in agents and runs.
    func checkInvariants() {
        precondition(latestRuns.count == agentCount, "every agent has a latest run or none")
        for agent in 0..<agentCount {
            precondition(index(of: id(of: agent)) == agent, "every agent is found by its id")
        }
        var nexts = [Int](repeating: 0, count: agentCount)
        var latest = [Int](repeating: -1, count: agentCount)
        var ranks = [Int](repeating: 0, count: agentCount)
        var version = 0
        for index in 0..<runCount {
            let run = runs[index]
            let agent = Int(run.agent)
            precondition(Int(run.start) == version, "a run begins where the last ends")
            precondition(Int(run.seq) == nexts[agent], "an agent's numbers follow each other")
            precondition(
                index == 0 || runs[index - 1].agent != run.agent, "runs are as long as can be")
            let previous = latest[agent] < 0 ? index : latest[agent]
            precondition(Int(run.previous) == previous, "a run knows the one before it")
            precondition(Int(run.rank) == ranks[agent], "ranks count an agent's runs")
            precondition(runs[Int(run.jump)].agent == run.agent, "jumps stay with the agent")
            precondition(run.rank == 0 || Int(run.jump) < index, "jumps go back")
            let (versions, _, _) = self.run(at: index)
            precondition(!versions.isEmpty, "a run is not empty")
            version = versions.upperBound
            nexts[agent] += versions.count
            latest[agent] = index
            ranks[agent] += 1
        }
        precondition(version == versionCount, "the runs hold all versions")
        for agent in 0..<agentCount {
            let expected = latest[agent] < 0 ? AgentTable.none : UInt32(latest[agent])
            precondition(latestRuns[agent] == expected, "the latest run is the latest")
            precondition(nextSeq(of: agent) == nexts[agent], "the next number is the next")
        }
        precondition(lastAgent == (runCount == 0 ? -1 : Int(runs[runCount - 1].agent)), "last")
    }
}
