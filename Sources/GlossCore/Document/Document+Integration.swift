extension Document {
    /// A change while it is being judged and taken in.
    struct Incoming {
        /// The author's index.
        let agent: Int
        /// The local version of its first operation.
        let base: LocalVersion
        /// The chain of the causal graph that it is in.
        let entry: Int
        /// Whether its author had seen everything that is here.
        let seesAll: Bool
        /// How many agents there were before it.
        let formerAgentCount: Int
        /// How many scalars the log had before it.
        let formerScalarCount: Int
        /// Whether it has one operation, which is judged whole before anything is done.
        let isSingle: Bool
        /// Whether there was a table of what hides each character before it.
        let keptTable: Bool
    }

    /// Takes in a change made anywhere whose causes are here.
    ///
    /// - Returns: whether it was new.
    /// - Throws: ``ChangeError`` if it breaks a rule, or its causes are missing. The document is then
    ///   as it was.
    /// - Complexity: O(log n) for each run of the document that it touches.
    @discardableResult
    public mutating func integrate(_ change: borrowing Change) throws(ChangeError) -> Bool {
        try take(change)
    }

    @inline(__always)
    private mutating func take(_ change: borrowing Change) throws(ChangeError) -> Bool {
        settle()
        let agent = agents.index(of: change.agent)
        guard change.seq >= 0, !change.ops.isEmpty else {
            throw ChangeError(.invalidOp, "a change has operations, within the limit of numbers")
        }
        if let agent, change.seq < agents.nextSeq(of: agent) {
            try checkDuplicate(change, agent: agent)
            return false
        }
        if needsLog {
            try integrateWithoutLog(change, by: agent)
        } else {
            try apply(change, by: agent)
        }
        return true
    }

    /// Takes in changes, each after its causes. Faster than one by one where there are many.
    ///
    /// - Throws: ``ChangeError`` for the first change that cannot be taken; those before it are in.
    public mutating func integrate(contentsOf changes: [Change]) throws(ChangeError) {
        // Reading the text again costs less than keeping up with many changes.
        if changes.count > 64, !needsLog { keepsText = false }
        let changes = changes.span
        for index in changes.indices { _ = try take(changes[index]) }
    }

    /// Throws unless a change that overlaps the log is of it.
    private mutating func checkDuplicate(
        _ change: borrowing Change, agent: Int
    ) throws(ChangeError) {
        if let start = agents.version(of: agent, seq: change.seq) {
            let versions = changes.versions(of: changes.index(of: start))
            if versions.lowerBound == start, versions.count == change.count { return }
        }
        throw ChangeError(.invalidOp, "the change overlaps another of its agent")
    }

    /// Takes in a change that is not in the log, or throws with the document as it was.
    @inline(__always)
    mutating func apply(_ change: borrowing Change, by agent: Int?) throws(ChangeError) {
        let incoming = try begin(change, width: try Document.width(of: change), by: agent)
        let savedStore = incoming.isSingle ? nil : store
        var accepts = false
        do throws(ChangeError) {
            let operations = change.ops.span
            for index in operations.indices {
                let outline = OpOutline(operations[index])
                switch outline.kind {
                case .insertion: try insert(outline, operations, index, of: incoming)
                case .deletion: try delete(operations, index, of: incoming)
                case .other: try apply(other: operations[index], of: incoming)
                }
                if outline.accepts { accepts = true }
            }
        } catch {
            rollBack(incoming, store: savedStore)
            throw error
        }
        if change.isPlain {
            changes.append(width: ops.count &- incoming.base, time: change.time)
        } else {
            changes.append(
                width: ops.count - incoming.base, time: change.time, message: change.message)
        }
        if accepts { recordAcceptances(ofChangeAt: changes.count - 1) }
    }

    /// Applies an operation that neither inserts nor deletes.
    private mutating func apply(other op: Op, of incoming: Incoming) throws(ChangeError) {
        if case .visibility(let visibility) = op {
            try apply(visibility, at: ops.count, of: incoming)
        } else {
            try apply(entityOp: op, at: ops.count, of: incoming)
        }
        ops.append(op)
    }

    /// Finds what a change follows and gives its operations their local versions.
    @inline(__always)
    private mutating func begin(
        _ change: borrowing Change, width: Int, by known: Int?
    ) throws(ChangeError) -> Incoming {
        guard width > 0, width <= OpID.limit - change.seq else {
            throw ChangeError(.invalidOp, "a change has operations, within the limit of numbers")
        }
        guard width <= CausalGraph.limit - graph.count else {
            throw ChangeError(.tooLarge, "the document has as many operations as it can")
        }
        let formerAgentCount = agents.agentCount
        try findParents(of: change, agent: known)
        guard known != nil || formerAgentCount < AgentTable.agentLimit else {
            throw ChangeError(.tooLarge, "the document has as many agents as it can")
        }
        let agent = known ?? agents.add(change.agent)
        let base = graph.count
        let seesAll = graph.isFrontier(parents)
        tree.buildIndex(for: base)
        graph.append(count: width, parents: parents)
        agents.append(agent: agent, seq: change.seq, count: width)
        return Incoming(
            agent: agent, base: base, entry: graph.entryCount - 1, seesAll: seesAll,
            formerAgentCount: formerAgentCount, formerScalarCount: ops.scalars.count,
            isSingle: change.ops.count == 1, keptTable: table.isKept)
    }

    /// How many numbers a change takes. Spans that count nothing must not take away from others.
    @inline(__always)
    private static func width(of change: borrowing Change) throws(ChangeError) -> Int {
        var width = 0
        let operations = change.ops.span
        for index in operations.indices {
            switch operations[index] {
            case .insert(let insertion): width += insertion.scalarCount
            case .delete(let deletion): width += try Document.width(of: deletion.spans.span)
            default: width += 1
            }
        }
        return width
    }

    private static func width(of spans: Span<OpSpan>) throws(ChangeError) -> Int {
        var width = 0
        for index in spans.indices {
            let count = spans[index].count
            guard count > 0, count <= CausalGraph.limit else {
                throw ChangeError(.invalidOp, "\(count) characters cannot be deleted")
            }
            width += count
        }
        return width
    }

    /// Takes back what a refused change had done so far.
    private mutating func rollBack(_ incoming: Incoming, store saved: EntityStore?) {
        let base = incoming.base
        let isTouched = ops.count > base
        graph.truncate(to: base)
        agents.truncate(to: base)
        agents.removeAgents(from: incoming.formerAgentCount)
        ops.truncate(to: base)
        ops.scalars.truncate(to: incoming.formerScalarCount)
        if let saved { store = saved }
        guard isTouched, kind == .article else { return }
        countChanges.removeAll { $0.version >= base }
        keepTable()
        tree.removeAll(from: base)
        refreshAll()
        if !incoming.keptTable { table = VisibilityTable() }
        if keepsText { keepText() }
    }

    /// Whether a change's author knew an operation while making the one at `version`.
    @inline(__always)
    mutating func knows(
        _ known: LocalVersion, at version: LocalVersion, _ incoming: Incoming
    ) -> Bool {
        if known >= incoming.base { return known < version }
        return incoming.seesAll || graph.contains(known, inRecalledHistoryOfEntry: incoming.entry)
    }

    mutating func apply(
        entityOp op: Op, at version: LocalVersion, of incoming: Incoming
    ) throws(ChangeError) {
        switch op {
        case .annotate, .reply, .addTag, .removeTag:
            guard kind != .article else {
                throw ChangeError(.invalidOp, "an article has no annotations of its own")
            }
        case .write, .resolve, .unknown, .insert, .delete, .visibility: break
        }
        try check(op) { document, id in
            guard let known = document.version(of: id) else { return false }
            return document.knows(known, at: version, incoming)
        }
        take(op, id: identity(of: version))
        if table.isKept { table.append(count: 1) }
    }
}
