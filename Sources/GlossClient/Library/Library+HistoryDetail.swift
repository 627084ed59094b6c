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
        /// Whether it was taken back before any server could have it: it is kept for a redo only.
        public let isRecalled: Bool
        /// Where it made the text differ, ascending.
        public let text: [TextDifference]
        /// What it did to notes.
        public let acts: [NoteAct]

        /// How far it has come, in one word.
        public var stateName: String {
            if isRecalled { return "recalled" }
            return switch state {
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
            let recalled = try reader.recalled(ofEntry: entry.id)
            var articles: [DocumentID: ArticleDetails] = [:]
            func details(_ article: DocumentID) throws -> ArticleDetails {
                if let known = articles[article] { return known }
                let details = try ArticleDetails(
                    reader, article, with: recalled, profile: profile, shortIDs: shortIDs)
                articles[article] = details
                return details
            }
            let changes =
                try reader.changes(ofEntry: entry.id).map {
                    try details(reader.article(of: $0.document)).change($0, isRecalled: false)
                }
                + recalled.map {
                    try details(reader.article(of: $0.document)).change($0, isRecalled: true)
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
    let timeline: Timeline
    /// For each of its annotation sets.
    let acts: [NoteActs]
    let profile: Profile

    /// - Parameter recalled: changes to be told of besides those that are in the article.
    init(
        _ reader: LibraryReader, _ id: DocumentID, with recalled: [StoredChange],
        profile: Profile, shortIDs: ShortIDs
    ) throws {
        name = try reader.article(id)?.name ?? ""
        var replicas = try reader.documents(of: id).map { try reader.loadReplica($0) }
        for stored in recalled {
            guard let place = replicas.firstIndex(where: { $0.id == stored.document }) else {
                continue
            }
            // One that builds on what is recalled itself is told of in fewer words.
            _ = try? replicas[place].integrate(ChangeCodec.decode(stored.bytes))
        }
        article = replicas[0]
        self.profile = profile
        let timeline = try Timeline(reader, article: id, profile: profile)
        self.timeline = timeline
        acts = replicas.dropFirst().map {
            NoteActs(annotations: $0, timeline: timeline, shortIDs: shortIDs)
        }
    }

    func change(_ stored: StoredChange, isRecalled: Bool) throws -> CommandDetail.Change {
        let change = try ChangeCodec.decode(stored.bytes)
        let isOfArticle = stored.document.kind == .article
        let set = acts.first { $0.annotations.id == stored.document }
        let holder = isOfArticle ? article : set?.annotations
        let isHere = holder?.versionVector.contains(change.id) ?? false
        return CommandDetail.Change(
            entry: entry(of: change, in: stored.document), state: stored.state,
            isRecalled: isRecalled,
            text: isHere && isOfArticle ? article.textDifference(of: change) : [],
            acts: isHere ? acts.flatMap { $0.acts(of: change, in: stored.document) } : [])
    }

    private func entry(of change: GlossCore.Change, in document: DocumentID) -> LogEntry {
        if let index = timeline.index(of: change.id, in: document) {
            return timeline.logEntry(timeline.entries[index], articleName: name)
        }
        // What the server refused and what was recalled is not in the log.
        return LogEntry(
            articleName: name, change: change.id,
            name: timeline.names.name(of: ShortID(change.id)),
            author: Attribution(
                user: profile.user, device: profile.label, time: change.time, isMine: true,
                isAcknowledged: false),
            summary: ChangeSummary.text(of: change),
            isPrivate: document.kind == .privateAnnotations, message: change.message)
    }
}
