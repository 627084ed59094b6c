import GlossCore
import GlossProtocol
import GlossStorage

extension LibraryWriter {
    /// Gives what was refused or left out here other numbers where the server has something else under
    /// them: another copy of the library that made it went on with the same agent.
    ///
    /// It stays refused, and can be sent again or dropped as before.
    ///
    /// - Parameter rows: rows of the server's log that are about to be taken in.
    func makeRoom(
        in document: DocumentID, for rows: [GlossProtocol.ReceivedChange],
        environment: ClientEnvironment
    ) throws {
        let refused = try refusedOrLeftOut().filter { $0.document == document }
        if refused.isEmpty { return }
        var firstSeqs: [AgentID: Int] = [:]
        for row in rows {
            let change = row.change.change
            for known in refused where known.agent == change.agent {
                guard known.seq < change.endSeq, change.seq < known.seq + known.count,
                    known.bytes != row.change.bytes
                else { continue }
                firstSeqs[known.agent] = min(firstSeqs[known.agent] ?? .max, known.seq)
            }
        }
        for (agent, first) in firstSeqs.sorted(by: { $0.key < $1.key }) {
            try setApart(
                Renaming(of: agent, from: first, to: AgentID(rawValue: environment.random())),
                in: document)
        }
    }

    /// Carries a renaming of refused operations to all that names them: what was refused itself, what
    /// was recalled, drafts, and acceptances that no server has.
    private func setApart(_ renaming: Renaming, in document: DocumentID) throws {
        let recalled = try self.recalled()
        for other in try documents(of: article(of: document)) {
            var former = Replica(id: other)
            let stored = try changes(of: other)
            for change in stored {
                _ = try? former.integrate(ChangeCodec.decode(change.bytes))
            }
            for change in stored where change.isRefused {
                // All it can name of a set is what it accepted, and others know it as it is.
                if other.kind == .article, document != other, try isAsAcknowledged(change) {
                    continue
                }
                guard let renamed = try renamed(change, renaming, in: former) else { continue }
                try removeNames(of: ChangeCodec.decode(change.bytes), in: other)
                try replace(at: change.index, with: renamed)
                try indexNames(of: ChangeCodec.decode(renamed.bytes), in: other)
            }
            for change in recalled where change.document == other {
                guard let renamed = try renamed(change, renaming, in: former) else { continue }
                try replaceRecalled(at: change.index, with: renamed)
            }
        }
        if document.kind != .article { try carryAcceptances(of: document, to: renaming) }
        for draft in try drafts() where draft.document == document {
            let version = draft.version.map { renaming($0) ?? $0 }
            try rebaseDraft(draft.id, on: Draft.bytes(of: version))
        }
    }

    /// A change under its new names; `nil` if it names nothing that has one.
    private func renamed(
        _ stored: StoredChange, _ renaming: Renaming, in former: Replica
    ) throws -> LocalChange? {
        let change = try ChangeCodec.decode(stored.bytes)
        guard let renamed = former.renamed(change, renaming), renamed != change else { return nil }
        return LocalChange(try EncodedChange(renamed), hash: stored.hash, for: stored)
    }
}
