extension Document {
    /// Finds the local versions a change follows, or why it cannot; they are in ``parents`` then.
    ///
    /// A change follows its agent's previous one and its dependencies; these must be known, be the
    /// last operations of their changes, and add something to each other.
    ///
    /// - Parameter agent: the author's index, if it is known.
    mutating func findParents(of change: borrowing Change, agent: Int?) throws(ChangeError) {
        parents.truncate(to: 0)
        var previous: LocalVersion?
        if let agent { previous = agents.recentVersion(of: agent, seq: change.seq - 1) }
        if change.seq > 0, previous == nil {
            throw ChangeError(
                .missingDependency, "the agent's previous change has not arrived",
                missing: [OpID(agent: change.agent, seq: change.seq - 1)])
        }
        if change.isPlain {
            if let previous { parents.append(UInt32(truncatingIfNeeded: previous)) }
            return
        }
        let dependencies = change.dependencies
        switch dependencies.count {
        case 0:
            if let previous { parents.append(UInt32(truncatingIfNeeded: previous)) }
        case 1: try findParents(dependency: dependencies[0], of: change, previous: previous)
        default: try findParents(dependencies: dependencies, of: change, previous: previous)
        }
    }

    /// The usual case: one dependency beside the agent's previous change.
    private mutating func findParents(
        dependency: OpID, of change: borrowing Change, previous: LocalVersion?
    ) throws(ChangeError) {
        guard dependency.agent != change.agent else { throw Document.disorderedDependencies }
        guard let version = version(of: dependency) else {
            throw ChangeError(
                .missingDependency, "causes have not arrived", missing: [dependency])
        }
        try checkEnd(version, dependency)
        guard let previous else {
            parents.append(UInt32(truncatingIfNeeded: version))
            return
        }
        let low = min(previous, version)
        let high = max(previous, version)
        if graph.contains(low, inHistoryOf: high) {
            guard low == previous else { throw Document.idleDependency }
            parents.append(UInt32(truncatingIfNeeded: version))
        } else {
            parents.append(UInt32(truncatingIfNeeded: low))
            parents.append(UInt32(truncatingIfNeeded: high))
        }
    }

    private mutating func findParents(
        dependencies: [OpID], of change: borrowing Change, previous: LocalVersion?
    ) throws(ChangeError) {
        let isAscending = zip(dependencies, dependencies.dropFirst()).allSatisfy { $0 < $1 }
        guard isAscending, dependencies.allSatisfy({ $0.agent != change.agent }) else {
            throw Document.disorderedDependencies
        }
        var versions: [LocalVersion] = []
        var missing: [OpID] = []
        for dependency in dependencies {
            guard let version = version(of: dependency) else {
                missing.append(dependency)
                continue
            }
            try checkEnd(version, dependency)
            versions.append(version)
        }
        guard missing.isEmpty else {
            throw ChangeError(.missingDependency, "causes have not arrived", missing: missing)
        }
        // One walk for all of them: an agent may name as many as there are others.
        var heads = versions
        if let previous { heads.append(previous) }
        let minimal = graph.minimalFrontier(of: heads)
        guard minimal.count(where: { $0 != previous }) == versions.count else {
            guard graph.minimalFrontier(of: versions).count == versions.count else {
                throw ChangeError(.invalidOp, "a dependency is an ancestor of another")
            }
            throw Document.idleDependency
        }
        for version in minimal { parents.append(UInt32(truncatingIfNeeded: version)) }
    }

    private mutating func checkEnd(_ version: LocalVersion, _ id: OpID) throws(ChangeError) {
        let change = changes.versions(of: changes.index(of: version))
        guard version == change.upperBound - 1 else {
            throw ChangeError(.invalidOp, "dependency \(id) is not the end of a change")
        }
    }

    private static var disorderedDependencies: ChangeError {
        ChangeError(.invalidOp, "dependencies ascend, each once, and are of other agents")
    }

    private static var idleDependency: ChangeError {
        ChangeError(.invalidOp, "a dependency adds nothing to the previous change")
    }

    /// The dependencies to write into a change of an agent that follows `versions` and its agent's
    /// last one.
    func dependencies(for agent: AgentID, following versions: [LocalVersion]) -> [OpID] {
        var heads = versions
        if let index = agents.index(of: agent),
            let own = agents.version(of: index, seq: agents.nextSeq(of: index) - 1)
        {
            heads.append(own)
        }
        return graph.minimalFrontier(of: heads).map { identity(of: $0) }
            .filter { $0.agent != agent }.sorted()
    }
}
