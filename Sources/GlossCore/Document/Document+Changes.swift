/// The changes of a document, written down again from its log.
extension Document {
    /// The changes that a holder of `version` lacks, each after its causes. O(log n) for each agent
    /// and for each operation from the first that is lacking on.
    ///
    /// - Throws: ``CodecError`` if some are older than the log, and it is not to be had: see
    ///   ``needsLog``.
    public mutating func changes(since version: VersionVector) throws(CodecError) -> [Change] {
        settle()
        var missing: [Change] = []
        let starts = (0..<agents.agentCount).compactMap { agent in
            agents.version(of: agent, seq: max(0, version[agents.id(of: agent)]))
        }
        guard let first = starts.min() else { return [] }
        if first < ops.base { try loadLog() }
        for index in changes.index(of: first)..<changes.count {
            let id = identity(of: changes.versions(of: index).lowerBound)
            if id.seq >= version[id.agent] { missing.append(change(at: index)) }
        }
        return missing
    }

    /// A change by its place in the log, exactly as its author made it. O(log n) for each of its
    /// operations.
    func change(at index: Int) -> Change {
        let versions = changes.versions(of: index)
        let id = identity(of: versions.lowerBound)
        let dependencies = graph.parents(of: versions.lowerBound).map { identity(of: $0) }
            .filter { $0.agent != id.agent }.sorted()
        return Change(
            agent: id.agent, seq: id.seq, dependencies: dependencies,
            time: changes.time(of: index), message: changes.message(of: index),
            ops: operations(in: versions))
    }

    /// The operations of a change, or of the first part of one.
    func operations(in versions: Range<LocalVersion>) -> [Op] {
        var written: [Op] = []
        var deleted: [OpSpan] = []
        forEachOp(in: versions) { part, kind in
            switch kind {
            case .insertion: written.append(.insert(insertion(part, behind: deleted)))
            case .deletion:
                deleted = spans(ofDeletion: part)
                let accepts = ops.detail(at: part.lowerBound)?.accepts
                written.append(.delete(Deletion(spans: deleted, accepts: accepts)))
            case .other:
                let run = ops.runs[ops.index(of: part.lowerBound)]
                written.append(ops.others[Int(run.subject)])
            }
        }
        return written
    }

    /// Goes through the operations of a change, or of the first part of one.
    func forEachOp(
        in versions: Range<LocalVersion>, _ body: (Range<LocalVersion>, OpRuns.Kind) -> Void
    ) {
        var start = versions.lowerBound
        var kind = OpRuns.Kind.other
        ops.forEachRun(in: versions) { index, part in
            let run = ops.runs[index]
            let isJoint =
                run.kind == .deletion
                && run.object & (OpRuns.nextSpan | OpRuns.sameSpan) != 0
            if part.lowerBound > versions.lowerBound, !isJoint {
                body(start..<part.lowerBound, kind)
                start = part.lowerBound
            }
            kind = run.kind
        }
        if start < versions.upperBound { body(start..<versions.upperBound, kind) }
    }

    private func insertion(_ part: Range<LocalVersion>, behind deleted: [OpSpan]) -> Insertion {
        let run = ops.runs[ops.index(of: part.lowerBound)]
        let first = Int(run.scalar) + part.lowerBound - run.start
        let left = ops.left(of: part.lowerBound)
        let right = ops.right(of: part.lowerBound)
        let origins = (
            left: left == SpanTree.documentStart ? nil : identity(of: left),
            right: right == SpanTree.documentEnd ? nil : identity(of: right)
        )
        let detail = ops.detail(at: part.lowerBound)
        let replaces = ops.isReplacement(part.lowerBound) ? deleted : detail?.replaces ?? []
        if part.count == 1, replaces.isEmpty, detail == nil {
            return Insertion(
                left: origins.left, right: origins.right, scalar: ops.scalars[first])
        }
        var text: [Unicode.Scalar] = []
        text.reserveCapacity(part.count)
        ops.scalars.append(scalarsOf: first..<first + part.count, to: &text)
        return Insertion(
            left: origins.left, right: origins.right, text: text, replaces: replaces,
            from: detail?.from ?? [], accepts: detail?.accepts)
    }

    /// What a deletion deletes, span by span.
    func spans(ofDeletion part: Range<LocalVersion>) -> [OpSpan] {
        var spans: [OpSpan] = []
        ops.forEachRun(in: part) { index, versions in
            let first = spans.count
            appendSpans(of: ops.targets(ofRun: index, versions), to: &spans)
            guard first > 0, versions.lowerBound == ops.runs[index].start,
                ops.runs[index].object & OpRuns.sameSpan != 0
            else { return }
            let next = spans.remove(at: first)
            let last = spans[first - 1]
            spans[first - 1] = OpSpan(start: last.start, count: last.count + next.count)
        }
        return spans
    }

    /// What the deletion right in front of a version deletes, if one of the same change is there.
    func deletedSpans(before version: LocalVersion, from base: LocalVersion) -> [OpSpan]? {
        var last: Range<LocalVersion>?
        forEachOp(in: base..<version) { part, kind in last = kind == .deletion ? part : nil }
        return last.map { spans(ofDeletion: $0) }
    }
}
