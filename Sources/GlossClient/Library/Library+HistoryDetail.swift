import GlossCore
import GlossProtocol
public import GlossStorage

/// A command of this device, with what it did.
public struct CommandDetail: Sendable {
    /// One change that it made.
    public struct Change: Sendable {
        /// The change, as the log shows it.
        public let entry: LogEntry
        /// How far it has come.
        public let state: ChangeState
        /// Where it made the text differ, ascending.
        public let text: [TextDifference]
        /// What it did to notes.
        public let acts: [NoteAct]

        /// How far it has come, in one word.
        public var stateName: String {
            switch state {
            case .unsent: "unsent"
            case .offered: "offered"
            case .acknowledged: "acknowledged"
            case .refused: "refused"
            }
        }

        /// Why the server refused it, if it did.
        public var refusal: String? {
            if case .refused(_, let message) = state { message } else { nil }
        }
    }

    /// The command.
    public let command: PastCommand
    /// The command that took it back, if one did.
    public let undoneBy: PastCommand?
    /// The command that it took back or brought back.
    public let reverses: PastCommand?
    /// Its changes, in the order in which they were made.
    public let changes: [Change]
}

extension Library {
    /// What a command of this device did.
    ///
    /// - Throws: ``ClientError`` `noMatch` if the history has no such command.
    public func command(_ number: Int) throws -> CommandDetail {
        try read { reader in
            let entry = try reader.command(number)
            let profile = try reader.profile()
            let shortIDs = try reader.shortIDs()
            var articles: [DocumentID: ArticleDetails] = [:]
            let changes = try reader.changes(ofEntry: entry.id).map { stored in
                let article = stored.document.article
                let details =
                    try articles[article]
                    ?? ArticleDetails(reader, article, profile: profile, shortIDs: shortIDs)
                articles[article] = details
                return try details.change(stored)
            }
            return CommandDetail(
                command: PastCommand(entry),
                undoneBy: try reader.undoing(of: entry.id).map(PastCommand.init),
                reverses: try entry.undoes.map { try reader.command(Int($0)) }
                    .map(PastCommand.init),
                changes: changes)
        }
    }
}

/// What there is to say of changes of one article.
private struct ArticleDetails {
    let name: String
    let article: Replica
    let acts: NoteActs
    let profile: Profile

    init(
        _ reader: LibraryReader, _ id: DocumentID, profile: Profile, shortIDs: ShortIDs
    ) throws {
        name = try reader.article(id)?.name ?? ""
        article = try reader.loadReplica(id)
        self.profile = profile
        acts = NoteActs(
            annotations: try reader.loadReplica(id.annotations),
            timeline: try Timeline(reader, article: id, profile: profile), shortIDs: shortIDs)
    }

    func change(_ stored: StoredChange) throws -> CommandDetail.Change {
        let timeline = acts.timeline
        let id = OpID(agent: stored.agent, seq: stored.seq)
        if let index = timeline.index(of: id, in: stored.document) {
            let entry = timeline.entries[index]
            return CommandDetail.Change(
                entry: timeline.logEntry(entry, articleName: name), state: stored.state,
                text: stored.document.kind == .article
                    ? article.textDifference(of: entry.change) : [],
                acts: acts.acts(of: entry))
        }
        // What the server refused is not in the article.
        let change = try ChangeCodec.decode(stored.bytes)
        let author = Attribution(
            user: profile.user, device: profile.label, time: change.time, isMine: true,
            isAcknowledged: false)
        return CommandDetail.Change(
            entry: LogEntry(
                articleName: name, change: id,
                name: ShortID(id).prefix(ShortID.shortest), author: author,
                summary: ChangeSummary.text(of: change), message: change.message),
            state: stored.state, text: [], acts: [])
    }
}
