extension Op {
    /// An operation on annotations or fields with what it names under new names.
    ///
    /// - Parameter retarget: where an annotation stands from now on; `nil` if it cannot stand anywhere.
    /// - Returns: `nil` if what it is about is refused, or if it is one on text.
    func renamed(_ renaming: Renaming, retarget: (Target) -> Target?) -> Op? {
        switch self {
        case .write(var write):
            if let entity = write.entity {
                guard let name = renaming(entity) else { return nil }
                write.entity = name
            }
            write.replaces = write.replaces.compactMap { renaming($0) }.sorted()
            switch write.value {
            case .none, .text: break
            case .target(let target):
                guard let target = retarget(target) else { return nil }
                write.value = .target(target)
            case .check(var check):
                guard let target = retarget(check.target) else { return nil }
                check.target = target
                write.value = .check(check)
            }
            return .write(write)
        case .annotate(var annotation):
            guard let target = retarget(annotation.target) else { return nil }
            annotation.target = target
            return .annotate(annotation)
        case .reply(var reply):
            guard let name = renaming(reply.annotation) else { return nil }
            reply.annotation = name
            return .reply(reply)
        case .addTag(var addition):
            guard let name = renaming(addition.annotation) else { return nil }
            addition.annotation = name
            return .addTag(addition)
        case .removeTag(var removal):
            guard let name = renaming(removal.annotation) else { return nil }
            removal.annotation = name
            removal.additions = removal.additions.compactMap { renaming($0) }.sorted()
            return removal.additions.isEmpty ? nil : .removeTag(removal)
        case .resolve(var resolution):
            guard resolution.settles.allSatisfy({ renaming($0) != nil }) else { return nil }
            resolution.settles = resolution.settles.compactMap { renaming($0) }.sorted()
            return .resolve(resolution)
        case .insert, .delete, .visibility, .unknown: return nil
        }
    }

    /// The operation with everything that it names under new names; `nil` if something has none, or if
    /// its kind is unknown.
    func renamed(_ renaming: Renaming) -> Op? {
        switch self {
        case .insert(var insertion):
            insertion.left = insertion.left.flatMap { renaming($0) }
            insertion.right = insertion.right.flatMap { renaming($0) }
            insertion.replaces = insertion.replaces.flatMap { renaming.spans($0) }
            insertion.from = insertion.from.flatMap { renaming.spans($0) }
            insertion.accepts = insertion.accepts.flatMap { renaming($0) }
            return .insert(insertion)
        case .delete(var deletion):
            deletion.spans = deletion.spans.flatMap { renaming.spans($0) }
            deletion.accepts = deletion.accepts.flatMap { renaming($0) }
            return .delete(deletion)
        case .visibility(var visibility):
            visibility.marks = visibility.marks.flatMap { mark in
                renaming.spans(mark.span).map { Visibility.Mark(span: $0, count: mark.count) }
            }
            return .visibility(visibility)
        case .write, .annotate, .reply, .addTag, .removeTag, .resolve:
            return renamed(renaming, retarget: { $0.renamed(renaming) })
        case .unknown: return nil
        }
    }
}

extension Target {
    /// The place with the text around it, and the version it was made on, under new names; `nil` if
    /// something has none.
    func renamed(_ renaming: Renaming) -> Target? {
        let ranges = ranges.compactMap { $0.renamed(renaming) }
        let version = version.compactMap { renaming($0) }.sorted()
        guard ranges.count == self.ranges.count, version.count == self.version.count else {
            return nil
        }
        return Target(ranges: ranges, quote: quote, version: version)
    }
}

extension AnchorRange {
    /// The range between the same characters under new names; `nil` if one has none.
    public func renamed(_ renaming: Renaming) -> AnchorRange? {
        guard let start = renaming(start.id), let end = renaming(end.id) else { return nil }
        return AnchorRange(
            start: Anchor(self.start.side, start), end: Anchor(self.end.side, end))
    }
}

extension Replica {
    /// A change that is refused, under an agent of its own, with everything that it builds on under the
    /// name which that has now, refused or not; `nil` if something of that is not here, or an operation is
    /// of a kind that is not known.
    ///
    /// - Parameters:
    ///   - change: a change that is in `former`.
    ///   - former: the replica with everything under its old names.
    ///   - gone: the ends of the changes that are refused, by their old names. This replica has them as they
    ///     are kept.
    ///   - agent: who has made nothing else.
    public func detached(
        _ change: Change, from former: Replica, gone: [OpID], as agent: AgentID,
        renaming: inout Renaming
    ) -> Change? {
        var aliased = renaming
        aliased.alias(change, as: agent)
        let names = aliased.namingAll
        let ops = change.ops.compactMap { $0.renamed(names) }
        guard ops.count == change.ops.count else { return nil }
        // That it knew of something refused may have followed from what does not know of that any more.
        let history = former.document.history(of: change.causes)
        let known =
            change.causes
            + gone.filter {
                former.document.version(of: $0).map(history.contains) ?? false
            }
        let versions = known.compactMap { names($0).flatMap { document.version(of: $0) } }
        guard versions.count == known.count else { return nil }
        renaming = aliased
        return Change(
            agent: agent, seq: 0,
            dependencies: document.dependencies(for: agent, following: versions),
            time: change.time, message: change.message, ops: ops)
    }

    /// A change with everything that it names, and its own operations, under new names; `nil` if
    /// something has none, or is of an unknown kind. It means the same as before, only under other
    /// numbers.
    ///
    /// This replica, which need not hold the change, says which of its causes follow from others.
    public func renamed(_ change: Change, _ renaming: Renaming) -> Change? {
        guard let id = renaming(change.id) else { return nil }
        var dependencies = change.dependencies
        let previous = OpID(agent: change.agent, seq: change.seq - 1)
        // What was the agent's own previous operation may be another's now.
        if change.seq > 0, id.seq == 0, !dependencies.contains(where: { follows($0, previous) }) {
            dependencies.append(previous)
        }
        let causes = dependencies.compactMap { renaming($0) }
        let ops = change.ops.compactMap { $0.renamed(renaming) }
        guard causes.count == dependencies.count, ops.count == change.ops.count else { return nil }
        return Change(
            agent: id.agent, seq: id.seq, dependencies: causes.sorted(), time: change.time,
            message: change.message, ops: ops)
    }

    /// Whether one operation has another in its history; no, where this replica lacks one of them.
    private func follows(_ id: OpID, _ earlier: OpID) -> Bool {
        guard let version = document.version(of: id), let earlier = document.version(of: earlier)
        else { return false }
        return document.graph.minimalFrontier(of: [version, earlier]) == [version]
    }
}
