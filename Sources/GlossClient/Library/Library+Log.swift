public import GlossCore
import GlossProtocol
import GlossStorage

/// One change in the log of an article.
public struct LogEntry: Sendable {
    /// The short name of the article.
    public let articleName: String
    /// The change.
    public let change: OpID
    /// Who made it.
    public let author: Attribution
    /// What it does, in a few words.
    public let summary: String
    /// What its author had to say about it.
    public let message: String?
}

extension Library {
    /// The newest changes of an article and its notes, or of all articles, the newest first.
    public func log(of article: DocumentID? = nil, limit: Int) throws -> [LogEntry] {
        try read { reader in
            let profile = try reader.profile()
            var entries: [LogEntry] = []
            let documents =
                try article.map { [$0, $0.annotations] } ?? reader.replicas().map(\.id)
            for document in documents {
                let authors = try Authorship(reader, document: document, profile: profile)
                let name = try reader.article(document.article)?.name ?? ""
                for stored in try reader.changes(of: document) {
                    let change = try ChangeCodec.decode(stored.bytes)
                    guard let author = authors.attribution(of: change.id) else { continue }
                    entries.append(
                        LogEntry(
                            articleName: name, change: change.id, author: author,
                            summary: ChangeSummary.text(of: change), message: change.message))
                }
            }
            return Array(
                entries.sorted { ($1.author.time, $1.change) < ($0.author.time, $0.change) }
                    .prefix(max(0, limit)))
        }
    }

    /// Every change of an article and its notes, one a line, word for word as it was made.
    public func exportChanges(of article: DocumentID) throws -> String {
        try read { reader in
            var text = ""
            for document in [article, article.annotations] {
                for stored in try reader.changes(of: document) {
                    text += "{\"doc\":\"\(document)\",\"c\":"
                    text += String(decoding: stored.bytes, as: UTF8.self) + "}\n"
                }
            }
            return text
        }
    }

    /// Opens notes again that are done, and suggestions that were rejected.
    public func reopen(_ notes: [NoteReference], command: String) throws {
        try perform(command) { workspace in
            for note in notes {
                let document = note.article.annotations
                let replica = try workspace.replica(document)
                guard let entity = replica.entity(note.id) else { continue }
                var ops: [Op] = []
                if entity.register(.status).value == .done {
                    ops.append(replica.write(.open, to: .status, of: note.id))
                }
                if entity.register(.verdict).value == .rejected {
                    ops.append(replica.write(.open, to: .verdict, of: note.id))
                }
                if entity.isWithdrawn {
                    ops.append(replica.write(.active, to: .life, of: note.id))
                }
                try workspace.commit(ops, to: document)
            }
        }
    }

    /// Removes the library's file: only for one that nothing was ever done in.
    public func discard() throws {
        try close()
        FileSystem.remove(directory + "/" + Library.fileName)
    }
}
