/// Doing the operations of a log again, one run after the other. Agents, graph, changes and details
/// are complete already.
extension Document {
    /// Does a part of a run of another document with the same log.
    mutating func replay(
        run index: Int, _ versions: Range<LocalVersion>, of other: borrowing Document
    ) throws(CodecError) {
        let run = other.ops.runs[index]
        var noSearches = 0
        switch run.kind {
        case .insertion:
            let continues = versions.lowerBound > run.start
            try replayInsertion(
                versions, left: other.ops.left(of: versions.lowerBound),
                right: other.ops.right(of: versions.lowerBound), continues: continues,
                &noSearches)
        case .deletion:
            let target = other.ops.target(of: versions.lowerBound) ?? 0
            let isWhole = versions.lowerBound == run.start
            try replayDeletion(
                versions, first: target, flags: run.object, continues: !isWhole, &noSearches)
        case .other:
            try replay(other.ops.others[Int(run.subject)], at: versions.lowerBound)
        }
    }

    /// Inserts characters between two origins.
    ///
    /// - Parameters:
    ///   - continues: whether they are more of the last run.
    ///   - searchesLeft: how often the tree may be searched before the lookup by version is built.
    mutating func replayInsertion(
        _ versions: Range<LocalVersion>, left: LocalVersion, right: LocalVersion, continues: Bool,
        _ searchesLeft: inout Int
    ) throws(CodecError) {
        let version = versions.lowerBound
        let place =
            if let found = searchedPlace(left: left, right: right, &searchesLeft) {
                found as SpanTree.Place?
            } else {
                try destinationOfReplay(left: left, right: right, version: version)
            }
        tree.forgetCursor()
        if let place {
            tree.insert(versions.count, version, behind: place, isGlued: left == version - 1)
        } else {
            tree.insertAtStart(versions.count, version)
        }
        if table.isKept { table.append(count: versions.count) }
        if continues {
            guard left == version - 1, let last = ops.runs.last, last.kind == .insertion,
                Int(last.object) == right
            else { throw .damaged("an insertion continues nothing") }
            ops.extendRun(by: versions.count)
        } else {
            let scalar = scalarCountInRuns
            ops.append(
                OpRuns.Run(
                    .insertion, start: version, subject: left,
                    object: UInt32(truncatingIfNeeded: right), scalar: scalar),
                count: versions.count)
        }
    }

    /// Where an insertion goes whose origins stand side by side, while the lookup by version is not
    /// there. What its author knew is then seen to by ``checkKnowledge(ofRun:_:entry:)``.
    private func searchedPlace(
        left: LocalVersion, right: LocalVersion, _ searchesLeft: inout Int
    ) -> SpanTree.Place? {
        guard !tree.isIndexed, searchesLeft > 0, left >= 0 else { return nil }
        searchesLeft -= 1
        guard let place = tree.search(left), tree.version(behind: place) == right else {
            return nil
        }
        return place
    }

    private mutating func destinationOfReplay(
        left: LocalVersion, right: LocalVersion, version: LocalVersion
    ) throws(CodecError) -> SpanTree.Place? {
        let incoming = prepareReplay(at: version)
        for origin in [left, right]
        where origin != SpanTree.documentStart && origin != SpanTree.documentEnd {
            guard origin >= 0, origin < version, isCharacter(origin),
                knows(origin, at: version, incoming)
            else { throw .damaged("an origin is no character its author knew") }
        }
        do throws(ChangeError) {
            return try destination(
                left: left, right: right, version: version, incoming: incoming)
        } catch {
            throw .damaged(error.message)
        }
    }

    /// How many scalars the runs so far have inserted.
    private var scalarCountInRuns: Int {
        var index = ops.runs.count - 1
        while index >= 0, ops.runs[index].kind != .insertion { index -= 1 }
        guard index >= 0 else { return 0 }
        return Int(ops.runs[index].scalar) + ops.versions(ofRun: index).count
    }

    /// Deletes characters by id.
    ///
    /// - Parameter searchesLeft: how often the tree may be searched before the lookup by version is
    ///   built.
    mutating func replayDeletion(
        _ versions: Range<LocalVersion>, first: LocalVersion, flags: UInt32, continues: Bool,
        _ searchesLeft: inout Int
    ) throws(CodecError) {
        if !continues { try checkJoint(flags) }
        let version = versions.lowerBound
        let isReversed = flags & OpRuns.reversed != 0
        let lower = isReversed ? first - versions.count + 1 : first
        guard lower >= 0, lower + versions.count <= version else {
            throw .damaged("a deletion deletes what is not there")
        }
        let targets = lower..<lower + versions.count
        let rest = try hideBySearch(targets, &searchesLeft)
        if !rest.isEmpty {
            tree.buildIndex(for: graph.count)
            for target in rest where !isCharacter(target) { throw Document.noCharacter }
            show(rest, false)
        }
        if table.isKept { table.appendDeletion(of: targets) }
        if continues {
            guard ops.extendDeletion(by: targets, joint: flags & ~OpRuns.reversed) else {
                throw .damaged("a deletion continues nothing")
            }
        } else {
            ops.append(
                OpRuns.Run(.deletion, start: version, subject: first, object: flags),
                count: versions.count)
        }
        tree.forgetCursor()
    }

    /// Hides characters while the lookup by version is not there; gives those that are left because
    /// it is, or too much would have to be searched.
    private mutating func hideBySearch(
        _ targets: Range<LocalVersion>, _ searchesLeft: inout Int
    ) throws(CodecError) -> Range<LocalVersion> {
        var start = targets.lowerBound
        while !tree.isIndexed, searchesLeft > 0, start < targets.upperBound {
            searchesLeft -= 1
            guard let place = tree.search(start) else { throw Document.noCharacter }
            let run = tree.run(at: place)
            let count = min(targets.upperBound - start, run.count - place.offset)
            if !run.isHidden {
                tree.forgetCursor()
                tree.flip(count, at: place)
            }
            start += count
        }
        return start..<targets.upperBound
    }

    private static var noCharacter: CodecError { .damaged("a deletion deletes no character") }

    /// Throws if a run goes on with the deletion before it, by its flags, where there is none: it would
    /// be taken for one operation with what is there.
    func checkJoint(_ flags: UInt32) throws(CodecError) {
        switch flags & (OpRuns.nextSpan | OpRuns.sameSpan) {
        case 0: return
        case OpRuns.nextSpan, OpRuns.sameSpan:
            if let last = ops.runs.last, last.kind == .deletion { return }
        default: break
        }
        throw .damaged("a span goes on with no deletion")
    }

    /// Does an operation that is not about text, or an undo.
    mutating func replay(_ op: Op, at version: LocalVersion) throws(CodecError) {
        let incoming = prepareReplay(at: version)
        do throws(ChangeError) {
            switch op {
            case .visibility(let visibility): try apply(visibility, at: version, of: incoming)
            case .annotate, .reply, .addTag, .removeTag, .write, .resolve, .unknown:
                try apply(entityOp: op, at: version, of: incoming)
            case .insert, .delete: throw ChangeError(.invalidOp, "text is stored in runs")
            }
        } catch {
            throw .damaged(error.message)
        }
        ops.append(op)
    }

    /// What a change's author knew, for judging the operation at a version again.
    private mutating func prepareReplay(at version: LocalVersion) -> Incoming {
        tree.buildIndex(for: graph.count)
        let base = changes.versions(of: changes.index(of: version)).lowerBound
        let entry = graph.entryIndex(of: base)
        parents.truncate(to: 0)
        if base > Int(graph.entries[entry].start) {
            parents.append(UInt32(truncatingIfNeeded: base - 1))
        } else {
            for place in graph.parentRange(ofEntry: entry) { parents.append(graph.parents[place]) }
        }
        return Incoming(
            agent: agents.identity(of: version).agent, base: base, entry: entry,
            seesAll: graph.entries[entry].base == graph.entries[entry].start,
            formerAgentCount: agents.agentCount, formerScalarCount: ops.scalars.count,
            isSingle: false,
            keptTable: table.isKept)
    }

    /// Does what is left to do where the replay has stopped.
    mutating func settle(_ events: inout ReplayEvents) {
        guard let change = events.pass() else { return }
        recordAcceptances(ofChangeAt: change)
    }

    /// Throws unless the author of some operations of one run, newly replayed, knew what they name.
    ///
    /// - Parameter entry: the chain of the first of them; left at that of the last.
    mutating func checkKnowledge(
        ofRun index: Int, _ versions: Range<LocalVersion>, entry: inout Int
    ) throws(CodecError) {
        let kind = ops.runs[index].kind
        var version = versions.lowerBound
        while version < versions.upperBound {
            let chainEnd = graph.versions(ofEntry: entry).upperBound
            if chainEnd <= version {
                entry += 1
                continue
            }
            let end = min(chainEnd, versions.upperBound)
            let isBlind = graph.entries[entry].base != graph.entries[entry].start
            if isBlind, kind == .insertion {
                let run = ops.runs[index]
                let left = version > run.start ? version - 1 : Int(run.subject)
                if left != UInt32.max { try checkKnown(left, entry: entry) }
                if run.object != UInt32.max { try checkKnown(Int(run.object), entry: entry) }
            } else if isBlind, kind == .deletion {
                try checkKnown(targets: ops.targets(ofRun: index, version..<end), entry: entry)
            }
            version = end
        }
    }

    private mutating func checkKnown(
        targets: Range<LocalVersion>, entry: Int
    ) throws(CodecError) {
        var run = agents.runIndex(of: targets.lowerBound)
        var start = targets.lowerBound
        while start < targets.upperBound {
            start = min(agents.run(at: run).versions.upperBound, targets.upperBound)
            try checkKnown(start - 1, entry: entry)
            run += 1
        }
    }

    @inline(__always)
    private mutating func checkKnown(_ known: LocalVersion, entry: Int) throws(CodecError) {
        guard graph.contains(known, inRecalledHistoryOfEntry: entry) else {
            throw .damaged("an operation names what its author did not know")
        }
    }
}
