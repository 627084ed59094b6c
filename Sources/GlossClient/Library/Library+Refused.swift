import GlossCore
import GlossProtocol
import GlossStorage

extension Library {
    /// The refused change that a short name, or its first letters, stands for.
    public func refused(_ name: String) throws -> OutboxItem {
        guard let keys = ShortID.keys(startingWith: name) else {
            throw ClientError(
                .noMatch, "“\(name)” is no change: their names are letters from k to z.",
                tries: ["gloss outbox"])
        }
        let found = try outbox().filter { keys.contains(ShortID($0.change.id).key) }
        guard let item = found.first else {
            throw ClientError(
                .noMatch, "Nothing in the outbox is called \(name).", tries: ["gloss outbox"])
        }
        guard found.count == 1 else {
            throw ClientError(
                .ambiguous, "Several changes start with \(name).", tries: found.map(\.shortID))
        }
        guard item.refusal != nil else {
            throw ClientError(
                .invalid, "Change \(name) was not refused: it waits to be sent.",
                tries: ["gloss sync", "gloss undo"])
        }
        return item
    }

    /// Drops changes that the server refused. Nothing brings them back.
    public func drop(_ items: [OutboxItem]) throws {
        do {
            try store.write { writer in
                for item in items {
                    let stored = try writer.change(of: item.document, at: item.index)
                    guard case .refused? = stored?.state else { throw ClientError.gone(item) }
                    try writer.removeNames(of: item.change, in: item.document)
                    try writer.drop(item.document, item.index)
                }
            }
        } catch let error as StoreError {
            throw ClientError(error)
        }
    }

    /// Makes changes that the server refused anew, so that the next sync sends them.
    ///
    /// They go after everything that was made since, as if written now; text goes where the words
    /// around it are. What a server had acknowledged before it was restored, and others know, goes where
    /// it was.
    ///
    /// - Throws: ``ClientError`` `notAllowed` if the role still does not allow one of them, `stale`
    ///   if nothing is left of one. Nothing is retried then.
    public func retry(_ items: [OutboxItem], command: String) throws {
        try perform(command) { workspace in
            let articles = Set(items.map(\.article)).sorted()
            for article in articles {
                let renaming = try workspace.retry(
                    items.filter { $0.document == article }, of: article
                ) { $0 }
                let text = try workspace.replica(article)
                for set in try workspace.writer.sets(of: article) {
                    let notes = items.filter { $0.document == set }
                    if notes.isEmpty { continue }
                    let renamed = try workspace.retry(notes, of: set) { target in
                        target.mentions(renaming) ? text.retargeted(target, renaming) : target
                    }
                    try workspace.writer.carryAcceptances(of: set, to: renamed)
                    workspace.reload(article)
                }
            }
        }
    }
}

extension Workspace {
    /// Makes refused changes of one document anew under its present agent.
    ///
    /// - Returns: the new names of what was refused.
    fileprivate func retry(
        _ items: [OutboxItem], of document: DocumentID,
        retarget: (Target) -> Target?
    ) throws -> Renaming {
        let stored = try writer.changes(of: document)
        let refused = stored.filter(\.isRefused)
        var renaming = Renaming(
            Dictionary(refused.map { ($0.agent, $0.seq) }, uniquingKeysWith: min))
        var former = Replica(id: document)
        if !items.isEmpty {
            for change in stored { _ = try former.integrate(ChangeCodec.decode(change.bytes)) }
        }
        for item in items.sorted(by: { $0.index < $1.index }) {
            guard let known = refused.first(where: { $0.index == item.index }) else {
                throw ClientError.gone(item)
            }
            if try writer.isAsAcknowledged(known), try bringBack(item.change, known) {
                renaming.keep(item.change)
                continue
            }
            let made = try remake(
                item, from: former, renaming: &renaming, retarget: retarget)
            guard let made else { throw ClientError.cannotStand(item) }
            try writer.removeNames(of: item.change, in: document)
            try writer.drop(document, item.index)
            try keep(made, in: document)
        }
        return renaming
    }

    /// Puts a change back into the outbox under the name it had when a server acknowledged it: others
    /// know it by that.
    ///
    /// - Returns: `false` if something that it builds on is not there.
    private func bringBack(_ change: Change, _ stored: StoredChange) throws -> Bool {
        var replica = try replica(stored.document)
        guard case .applied? = try? replica.integrate(change) else { return false }
        replace(replica)
        try offerAgain(change, stored)
        return true
    }

    private func remake(
        _ item: OutboxItem, from former: Replica, renaming: inout Renaming,
        retarget: (Target) -> Target?
    ) throws -> Change? {
        guard former.versionVector.contains(item.change.id) else { return nil }
        let known = Set((item.change.dependencies + [item.change.id]).map(\.agent))
        let seen = item.change.dependencies + renaming.kept.filter { known.contains($0.agent) }
        var replica = try replica(item.document)
        let author = Author(
            agent: try record(item.document).agent, time: environment.now(),
            message: item.change.message)
        let made: Change?
        do throws(ChangeError) {
            made = try replica.reauthor(
                item.change, from: former, seen: seen, by: author, renaming: &renaming,
                droppable: .answers, retarget: retarget)
        } catch { return nil }
        if made != nil { replace(replica) }
        return made
    }
}

extension ClientError {
    fileprivate static func gone(_ item: OutboxItem) -> ClientError {
        ClientError(
            .stale, "Change \(item.shortID) is not refused any more.", tries: ["gloss outbox"])
    }

    fileprivate static func cannotStand(_ item: OutboxItem) -> ClientError {
        ClientError(
            .stale,
            "Change \(item.shortID) builds on something that is gone: it cannot stand alone.",
            tries: [
                "gloss outbox --retry with the names of what it builds on, too",
                "gloss outbox --drop \(item.shortID)",
            ])
    }
}
