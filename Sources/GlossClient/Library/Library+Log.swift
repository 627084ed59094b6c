public import GlossCore
import GlossProtocol
import GlossStorage

/// One change in the log of an article.
public struct LogEntry: Sendable {
    /// The short name of the article.
    public let articleName: String
    /// The change.
    public let change: OpID
    /// Its short name, unique among the changes of the article and its notes.
    public let name: String
    /// Who made it.
    public let author: Attribution
    /// What it does, in a few words.
    public let summary: String
    /// Whether it is of notes that this user keeps to themselves.
    public let isPrivate: Bool
    /// What its author had to say about it.
    public let message: String?
    /// What it did to the note that was asked about; empty if none was.
    public var acts: [NoteAct] = []
}

extension Library {
    /// The newest changes of an article and its notes, or of all articles, the newest first. What
    /// the server refused is not among them.
    public func log(of article: DocumentID? = nil, limit: Int) throws -> [LogEntry] {
        try read { reader in
            let profile = try reader.profile()
            let articles =
                try article.map { [$0] }
                ?? Set(reader.replicas().map(\.article)).sorted()
            var found: [(entry: Timeline.Entry, shown: LogEntry)] = []
            for article in articles {
                let timeline = try Timeline(reader, article: article, profile: profile)
                let name = try reader.article(article)?.name ?? ""
                found += timeline.entries.suffix(max(0, limit)).map {
                    ($0, timeline.logEntry($0, articleName: name))
                }
            }
            return found.sorted { Timeline.Entry.precedes($1.entry, $0.entry) }
                .prefix(max(0, limit)).map(\.shown)
        }
    }

    /// The newest changes of a note, suggestion or reply, the newest first; of a note those of its
    /// replies too. Withdrawn ones have them as well.
    public func log(of note: NoteReference, limit: Int) throws -> [LogEntry] {
        try read { reader in
            let profile = try reader.profile()
            let timeline = try Timeline(reader, article: note.article, profile: profile)
            let name = try reader.article(note.article)?.name ?? ""
            let acts = NoteActs(
                annotations: try reader.loadReplica(note.set), timeline: timeline,
                shortIDs: try reader.shortIDs())
            let found = timeline.entries.compactMap { entry -> LogEntry? in
                let own = acts.acts(of: entry.change, in: entry.document).filter {
                    note.isReply ? $0.subject == note.id : $0.thread == note.id
                }
                guard !own.isEmpty else { return nil }
                var shown = timeline.logEntry(entry, articleName: name)
                shown.acts = own
                return shown
            }
            return Array(found.reversed().prefix(max(0, limit)))
        }
    }

    /// Every change of an article and its notes, one a line, word for word as it was made.
    ///
    /// - Parameter includingPrivate: also of the notes that this user keeps to themselves.
    public func exportChanges(
        of article: DocumentID, includingPrivate: Bool = false
    ) throws -> String {
        try read { reader in
            var text = ""
            for document in try reader.documents(of: article)
            where includingPrivate || document.kind != .privateAnnotations {
                for stored in try reader.changes(of: document) {
                    text += "{\"doc\":\"\(document)\",\"c\":"
                    text += String(decoding: stored.bytes, as: UTF8.self) + "}\n"
                }
            }
            return text
        }
    }

    /// Opens notes again that are done, and suggestions that were rejected.
    ///
    /// - Returns: those it changed.
    @discardableResult
    public func reopen(_ notes: [NoteReference], command: String) throws -> [NoteReference] {
        try perform(command) { workspace in
            try notes.filter { note in
                let document = note.set
                let replica = try workspace.replica(document)
                guard let entity = replica.entity(note.id) else { return false }
                var ops: [Op] = []
                if entity.register(.status).value == .done
                    || entity.register(.status).isContested
                {
                    ops.append(replica.write(.open, to: .status, of: note.id))
                }
                if entity.register(.verdict).value == .rejected
                    || entity.register(.verdict).isContested
                {
                    ops.append(replica.write(.open, to: .verdict, of: note.id))
                }
                if entity.isWithdrawn || entity.register(.life).isContested {
                    ops.append(replica.write(.active, to: .life, of: note.id))
                }
                return try workspace.commit(ops, to: document) != nil
            }
        }
    }

    /// Removes the library's file: only for one that nothing was ever done in.
    public func discard() throws {
        try close()
        FileSystem.remove(directory + "/" + Library.fileName)
    }
}
