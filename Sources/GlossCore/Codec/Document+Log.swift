/// Documents that were opened without their log.
extension Document {
    /// Whether the document was opened from a snapshot and the log below that is not there yet.
    ///
    /// Such a document can be read, edited here and stored as a snapshot again, tells who wrote what
    /// and which changes it has, and takes changes of one insertion or deletion that touch no
    /// concurrent one. All else needs the log: earlier texts, older changes, the history, what is
    /// undone, accepted or annotated, and a ``Replica``. Whatever needs it loads it by itself where
    /// the history was given along, and else throws `needs_log`: ``attach(history:)`` first.
    public var needsLog: Bool { ops.base > 0 }

    /// Brings the log in from the history that the document was opened with. O(1) if the log is
    /// there, else as ``init(history:)`` and integrating what was done since.
    ///
    /// - Throws: ``CodecError``: `needs_log` if there is no such history, else as
    ///   ``attach(history:)``; the document is then as it was.
    public mutating func loadLog() throws(CodecError) {
        guard needsLog else { return }
        guard let history = absent.history else {
            throw CodecError(.needsLog, "the document was opened without its history")
        }
        try attach(history: history)
    }

    /// Brings the log in, from the history that was stored with the snapshot. Does nothing if the log
    /// is there.
    ///
    /// The document is made anew from the history and what was done since; all of it must come out
    /// the same.
    ///
    /// - Throws: ``CodecError``: `mismatch` if the history is of another document or version, or of
    ///   another course of things; the document is then as it was.
    public mutating func attach(history: [UInt8]) throws(CodecError) {
        guard needsLog else { return }
        settle()
        var whole = try Document(history: history)
        guard whole.id == id, whole.graph.count == ops.base else {
            throw CodecError(.mismatch, "the history is of another document or version")
        }
        let first = whole.changes.count
        guard
            first == changes.count
                || (first < changes.count && changes.versions(of: first).lowerBound == ops.base)
        else { throw CodecError(.mismatch, "the history has other changes") }
        for index in first..<changes.count {
            do throws(ChangeError) {
                try whole.integrate(change(at: index))
            } catch {
                throw CodecError(.mismatch, "the history does not lead here: \(error.message)")
            }
        }
        guard isSame(as: whole) else {
            throw CodecError(.mismatch, "the history is not the snapshot's")
        }
        whole.buffer = buffer.copy()
        whole.keepsText = true
        self = whole
    }

    /// Whether another document has the same local versions, order and text. O(n).
    private func isSame(as other: borrowing Document) -> Bool {
        guard graph.count == other.graph.count, agents.runCount == other.agents.runCount,
            graph.entryCount == other.graph.entryCount, changes.count == other.changes.count,
            tree.totalCount == other.tree.totalCount
        else { return false }
        for index in 0..<agents.runCount {
            let run = agents.run(at: index)
            let twin = other.agents.run(at: index)
            guard run.versions == twin.versions, run.seq == twin.seq,
                agents.id(of: run.agent) == other.agents.id(of: twin.agent)
            else { return false }
        }
        for index in 0..<graph.entryCount {
            let start = graph.versions(ofEntry: index).lowerBound
            guard start == other.graph.versions(ofEntry: index).lowerBound,
                graph.parents(of: start) == other.graph.parents(of: start)
            else { return false }
        }
        return tree.joinedRuns == other.tree.joinedRuns
            && text.utf8.elementsEqual(other.text.utf8)
    }

    /// Sees that the log is there for a change that needs it.
    ///
    /// - Throws: ``ChangeError`` of code `needs_log` if it is not to be had.
    mutating func requireLog() throws(ChangeError) {
        do throws(CodecError) {
            try loadLog()
        } catch {
            throw ChangeError(.needsLog, error.description)
        }
    }

    /// Takes in a change without the log, if it is one insertion or deletion that touches nothing
    /// concurrent; else brings the log in first.
    mutating func integrateWithoutLog(
        _ change: borrowing Change, by agent: Int?
    ) throws(ChangeError) {
        if isPlain(change) {
            do throws(CodecError) {
                try checkCharacters()
            } catch {
                throw ChangeError(.needsLog, error.description)
            }
            do throws(ChangeError) {
                return try apply(change, by: agent)
            } catch {
                guard error.code == .needsLog else { throw error }
            }
        }
        try requireLog()
        try apply(change, by: agent)
    }

    /// Whether a change is judged whole before anything is done, without a look at older operations
    /// but at the ties it may have.
    private func isPlain(_ change: borrowing Change) -> Bool {
        let operations = change.ops.span
        guard operations.count == 1, !table.isKept else { return false }
        return switch operations[0] {
        case .insert(let insertion): insertion.accepts == nil
        case .delete(let deletion): deletion.accepts == nil
        case .visibility, .write, .annotate, .reply, .addTag, .removeTag, .resolve, .unknown: false
        }
    }
}

extension SpanTree {
    /// All runs in document order, joined across leaves where they continue one another: for equal
    /// documents equal, however their trees came to be. O(runs).
    var joinedRuns: [UInt64] {
        var joined: [Run] = []
        forEachRun { run in
            if let last = joined.last, last.continues(into: run) {
                joined[joined.count - 1].extend(by: run.count)
            } else {
                joined.append(run)
            }
        }
        return joined.map { $0.key }
    }
}
