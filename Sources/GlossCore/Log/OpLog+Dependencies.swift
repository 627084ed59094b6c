extension OpLog {
    /// The local versions a change follows, or why it cannot.
    ///
    /// A change follows its agent's previous one and its dependencies; these must be known, be the
    /// last operations of their changes, and add something to each other.
    func parents(of change: Change) throws(ChangeError) -> [LocalVersion] {
        let isAscending = zip(change.dependencies, change.dependencies.dropFirst())
            .allSatisfy { $0 < $1 }
        guard isAscending, change.dependencies.allSatisfy({ $0.agent != change.agent }) else {
            throw ChangeError(
                .invalidOp, "dependencies ascend, each once, and are of other agents")
        }
        let known = versionVector[change.agent]
        guard change.seq <= known else {
            let missing = OpID(agent: change.agent, seq: change.seq - 1)
            throw ChangeError(
                .missingDependency, "the agent's previous change has not arrived",
                missing: [missing])
        }
        precondition(change.seq == known, "duplicates are told apart before")
        var parents: [LocalVersion] = []
        var missing: [OpID] = []
        for dependency in change.dependencies {
            guard let entry = entry(of: dependency) else {
                missing.append(dependency)
                continue
            }
            guard entry.change.lastID == dependency else {
                throw ChangeError(.invalidOp, "dependency \(dependency) is not the end of a change")
            }
            parents.append(entry.versions.upperBound - 1)
        }
        guard missing.isEmpty else {
            throw ChangeError(.missingDependency, "causes have not arrived", missing: missing)
        }
        if change.seq > 0 {
            let previous = OpID(agent: change.agent, seq: change.seq - 1)
            guard let version = version(of: previous) else {
                preconditionFailure("the version vector covers the log")
            }
            guard !parents.contains(where: { graph.history(of: [version], contains: $0) }) else {
                throw ChangeError(.invalidOp, "a dependency adds nothing to the previous change")
            }
            if !graph.history(of: parents, contains: version) { parents.append(version) }
        }
        let minimal = graph.minimalFrontier(of: parents)
        let depended = Set(parents.filter { id(of: $0).agent != change.agent })
        guard depended.isSubset(of: minimal) else {
            throw ChangeError(.invalidOp, "a dependency is an ancestor of another")
        }
        return minimal
    }

    /// The dependencies to write into a change that follows `versions` and its agent's last one.
    func dependencies(for agent: AgentID, following versions: [LocalVersion]) -> [OpID] {
        var heads = versions
        let next = versionVector[agent]
        if next > 0, let own = version(of: OpID(agent: agent, seq: next - 1)) { heads.append(own) }
        return graph.minimalFrontier(of: heads).map { id(of: $0) }
            .filter { $0.agent != agent }.sorted()
    }
}
