import GlossCore
import GlossProtocol
import GlossStorage

/// Taking work back that never left this device.
extension Workspace {
    /// Removes changes of one command that were never offered to a server, if nothing here was made
    /// after them that a server lacks. Their agents retire: nobody ever writes under their numbers.
    ///
    /// - Returns: whether it could; if not, nothing has happened.
    func recall(_ changes: [StoredChange]) throws -> Bool {
        guard let first = changes.first, changes.allSatisfy({ $0.state == .unsent }) else {
            return false
        }
        let places = Set(changes.map { Place($0) })
        let articles = Set(try changes.map { try writer.article(of: $0.document) })
        let later = try writer.unacknowledged(madeAfter: first).filter {
            try articles.contains(writer.article(of: $0.document)) && !places.contains(Place($0))
        }
        guard later.isEmpty, try !holdDraft(changes) else { return false }
        for change in changes {
            try writer.recall(change.document, change.index)
            try writer.removeNames(of: ChangeCodec.decode(change.bytes), in: change.document)
        }
        for document in Set(changes.map(\.document)).sorted() {
            guard var record = try writer.replica(document) else { continue }
            if changes.contains(where: { $0.agent == record.agent && $0.document == document }) {
                record.agent = AgentID(rawValue: environment.random())
                try writer.updateReplica(record)
            }
            reload(document)
        }
        return true
    }

    /// Whether somebody's unfinished text was written on a version that some changes are part of.
    private func holdDraft(_ changes: [StoredChange]) throws -> Bool {
        try writer.drafts().contains { draft in
            draft.version.contains { id in
                changes.contains { change in
                    change.document == draft.document && change.agent == id.agent
                        && (change.seq..<change.seq + change.count).contains(id.seq)
                }
            }
        }
    }

    /// Puts recalled changes back as they were: the same operations under the same numbers.
    ///
    /// - Throws: ``ClientError`` `stale` if work was done since that they do not know of, or if they
    ///   build on something that is recalled itself or that the server has refused.
    func reinstate(
        _ changes: [StoredChange], _ entry: Int64, named original: PastCommand
    ) throws {
        let stale = ClientError(
            .stale,
            "“\(original.command)” cannot be brought back as it was: you have worked there since, or it builds on something that is undone or was refused.",
            tries: ["gloss history show \(original.number)"])
        for change in changes {
            let id = OpID(agent: change.agent, seq: change.seq)
            if try writer.change(of: change.document, holding: id) != nil { throw stale }
        }
        let decoded = try changes.map { ($0.document, try ChangeCodec.decode($0.bytes)) }
        for document in Set(changes.map(\.document)).sorted() {
            let own = try writer.changes(of: document).compactMap { change -> OpID? in
                guard change.entry != nil else { return nil }
                if case .refused = change.state { return nil }
                return OpID(agent: change.agent, seq: change.seq + change.count - 1)
            }
            var grown = try replica(document)
            for change in decoded.filter({ $0.0 == document }).map(\.1) {
                guard case .applied? = try? grown.integrate(change), grown.knew(own, by: change.id)
                else { throw stale }
            }
            replace(grown)
        }
        for (document, change) in decoded {
            let known = try writer.documents(of: writer.article(of: document))
                .map { try replica($0).versionVector }
            guard
                change.ops.flatMap(\.foreignIDs).allSatisfy({ id in
                    known.contains { $0.contains(id) }
                })
            else { throw stale }
        }
        try writer.reinstate(entry)
        for (document, change) in decoded {
            try writer.indexNames(of: change, in: document)
            // What it builds on may have another hash now.
            if let stored = try writer.change(of: document, holding: change.id) {
                _ = try writer.putLast(stored)
            }
        }
        for document in Set(changes.map(\.document)) { reload(document) }
    }

    /// Where a change stands in the library's file.
    private struct Place: Hashable {
        let document: DocumentID
        let index: Int

        init(_ change: StoredChange) {
            document = change.document
            index = change.index
        }
    }
}

extension Op {
    /// Operations of an article or its annotation sets that must be there for this one to mean
    /// something, besides those that its change depends on.
    fileprivate var foreignIDs: [OpID] {
        switch self {
        case .insert, .delete: return acceptedSuggestion.map { [$0] } ?? []
        case .resolve(let resolution): return resolution.settles
        default:
            guard let place else { return [] }
            return place.version + place.ranges.flatMap { [$0.start.id, $0.end.id] }
        }
    }
}
