extension Replica {
    /// Takes in a change that is not in the log.
    ///
    /// A change of one operation is taken or refused whole; one of several may leave the replica
    /// half changed when it throws.
    mutating func apply(_ change: Change) throws(ChangeError) {
        let incoming = try IncomingChange(change, log: log)
        var version = incoming.base
        var accepted = Acceptances(change: change.id)
        for op in change.ops {
            guard op.width > 0 else { throw ChangeError(.invalidOp, "an operation is empty") }
            let versions = version..<version + op.width
            switch op {
            case .insert(let insertion):
                try apply(insertion, at: version, of: incoming)
                accepted.note(insertion.accepts, versions, isInsertion: true)
            case .delete(let deletion):
                try apply(deletion, at: version, of: incoming)
                accepted.note(deletion.accepts, versions, isInsertion: false)
            case .visibility(let visibility):
                accepted.touched += try apply(visibility, at: version, of: incoming)
                textState.skip(1)
            case .annotate, .reply, .addTag, .removeTag, .write, .resolve, .unknown:
                try apply(op, at: version, of: incoming)
                textState.skip(1)
            }
            version += op.width
        }
        for (suggestion, acceptance) in accepted.found {
            textState.record(acceptance, of: suggestion)
        }
        for suggestion in accepted.suggestions {
            textState.settleAcceptances(of: suggestion) { incoming.precedes($0, $1) }
        }
        log.append(change, parents: incoming.parents)
    }

    /// The acceptances of suggestions found in a change.
    private struct Acceptances {
        let change: OpID
        var found: [OpID: TextState.Acceptance] = [:]
        /// Suggestions whose earlier acceptances the change undid or redid.
        var touched: [OpID] = []

        init(change: OpID) { self.change = change }

        mutating func note(
            _ suggestion: OpID?, _ versions: Range<LocalVersion>, isInsertion: Bool
        ) {
            guard let suggestion else { return }
            var acceptance =
                found[suggestion]
                ?? TextState.Acceptance(change: change, operations: [], inserted: [])
            acceptance.operations.append(versions)
            if isInsertion { acceptance.inserted.append(versions) }
            found[suggestion] = acceptance
        }

        var suggestions: [OpID] { Set(touched).union(found.keys).sorted() }
    }

    private func requireArticle() throws(ChangeError) {
        guard kind == .article else {
            throw ChangeError(.invalidOp, "an annotation set has no text")
        }
    }

    private mutating func apply(
        _ insertion: Insertion, at version: LocalVersion, of incoming: IncomingChange
    ) throws(ChangeError) {
        try requireArticle()
        let left =
            try origin(insertion.left, at: version, of: incoming) ?? TextList.documentStart
        let right =
            try origin(insertion.right, at: version, of: incoming) ?? TextList.documentEnd
        let replaced = try characters(insertion.replaces, at: version, of: incoming)
        let context = TextList.Context(
            isKnown: { incoming.knows($0, at: version) },
            isBelow: { incoming.id(of: $0) < incoming.id(of: $1) })
        try textState.insert(insertion.text, left: left, right: right, in: context)
        if !replaced.isEmpty {
            let inserted = version..<version + insertion.text.count
            textState.record(TextState.Replacement(inserted: inserted, replaced: replaced))
        }
    }

    private func origin(
        _ id: OpID?, at version: LocalVersion, of incoming: IncomingChange
    ) throws(ChangeError) -> LocalVersion? {
        guard let id else { return nil }
        guard let found = incoming.version(of: id), incoming.knows(found, at: version),
            textState.isCharacter(found)
        else { throw ChangeError(.invalidOp, "origin \(id) is no character its author knew") }
        return found
    }

    private func characters(
        _ spans: [OpSpan], at version: LocalVersion, of incoming: IncomingChange
    ) throws(ChangeError) -> [Range<LocalVersion>] {
        var parts: [Range<LocalVersion>] = []
        for span in spans {
            let ranges = span.count > 0 ? incoming.versions(of: span) : nil
            let isRight = ranges?.allSatisfy { range in
                incoming.knows(range.upperBound - 1, at: version)
                    && range.allSatisfy { textState.isCharacter($0) }
            }
            guard let ranges, isRight == true else {
                throw ChangeError(
                    .invalidOp, "\(span.count) from \(span.start) are no characters its author knew"
                )
            }
            parts += ranges
        }
        return parts
    }

    private mutating func apply(
        _ deletion: Deletion, at version: LocalVersion, of incoming: IncomingChange
    ) throws(ChangeError) {
        try requireArticle()
        textState.delete(try characters(deletion.spans, at: version, of: incoming))
    }

    /// Sets undo counts; gives the suggestions whose acceptance they touch.
    private mutating func apply(
        _ visibility: Visibility, at version: LocalVersion, of incoming: IncomingChange
    ) throws(ChangeError) -> [OpID] {
        try requireArticle()
        var raises: [(range: Range<LocalVersion>, count: Int32)] = []
        for mark in visibility.marks {
            let ranges = mark.span.count > 0 ? incoming.versions(of: mark.span) : nil
            guard let ranges, mark.count > 0, mark.count < Int(Int32.max) else {
                throw ChangeError(.invalidOp, "\(mark.span.start) is nothing its author knew")
            }
            for range in ranges {
                try check(mark, range, at: version, of: incoming)
                raises.append((range, Int32(mark.count)))
            }
        }
        for raise in raises {
            textState.raiseCount(of: raise.range, to: raise.count, by: version)
        }
        return raises.flatMap { textState.suggestions(touchedBy: $0.range) }
    }

    private func check(
        _ mark: Visibility.Mark, _ range: Range<LocalVersion>, at version: LocalVersion,
        of incoming: IncomingChange
    ) throws(ChangeError) {
        guard incoming.knows(range.upperBound - 1, at: version),
            range.allSatisfy({ textState.isTextOperation($0) })
        else {
            throw ChangeError(
                .invalidOp, "\(mark.span.start) is no insertion or deletion its author knew")
        }
        let highest = textState.undoCounts(of: range) { incoming.knows($0, at: version) }
        guard highest.allSatisfy({ $0 == mark.count - 1 }) else {
            throw ChangeError(
                .invalidOp, "an undo count is not one more than the highest its author knew")
        }
    }

    private mutating func apply(
        _ op: Op, at version: LocalVersion, of incoming: IncomingChange
    ) throws(ChangeError) {
        switch op {
        case .annotate, .reply, .addTag, .removeTag:
            guard kind == .annotations else {
                throw ChangeError(.invalidOp, "an article has no annotations of its own")
            }
        case .write, .resolve, .unknown, .insert, .delete, .visibility: break
        }
        try store.check(op) { id in
            incoming.version(of: id).map { incoming.knows($0, at: version) } ?? false
        }
        store.apply(op, id: incoming.id(of: version)) { incoming.precedes($0, $1) }
    }
}
