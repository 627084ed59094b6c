public import GlossCore
import GlossProtocol
import GlossStorage

/// A change that the server has not acknowledged.
public struct OutboxItem: Sendable {
    /// Its document.
    public let document: DocumentID
    /// The article that this is, or belongs to.
    let article: DocumentID
    /// The short name of its article.
    public let articleName: String
    /// The change.
    public let change: Change
    /// Its short name.
    public let shortID: String
    /// Its place in the local order of the document.
    let index: Int
    /// What it does, in a few words.
    public let summary: String
    /// The command that made it, as it stands in the history.
    public let command: String?
    /// Why the server refused it; `nil` if it waits to be sent, or is only kept.
    public let refusal: Refusal?
    /// Whether its article was purged on the server: it is kept here, and never sent.
    public let isPurged: Bool

    /// Whether it is of notes that this user keeps to themselves.
    public var isPrivate: Bool { document.kind == .privateAnnotations }

    /// A refusal.
    public struct Refusal: Hashable, Sendable {
        /// The protocol's code.
        public let code: String
        /// In words.
        public let message: String
    }
}

/// How things stand on this device. Made without a network.
public struct LibraryStatus: Sendable {
    /// Who, where, with whom.
    public let profile: Profile
    /// How many articles there are that are not put away.
    public let articles: Int
    /// What waits to be sent.
    public let outbox: [OutboxItem]
    /// What the server refused.
    public let refused: [OutboxItem]
    /// What is kept of articles that were purged on the server.
    public let kept: [OutboxItem]
    /// How many articles were purged on the server.
    public let purged: Int
    /// Questions that need somebody.
    public let conflicts: [ConflictView]
    /// How many changes of others nobody has looked at on this device.
    public let unread: Int
}

extension Library {
    /// What the server has not acknowledged, the oldest first, what it refused included.
    public func outbox() throws -> [OutboxItem] {
        try read { reader in
            var entries: [Int64: String] = [:]
            for entry in try reader.history() { entries[entry.id] = entry.command }
            let purged = Set(try reader.replicas().filter(\.purged).map(\.id))
            let stored = try reader.unacknowledged() + reader.refused()
            let changes = try stored.map { ($0, try ChangeCodec.decode($0.bytes)) }
            let names = ShortIDs(changes.map { ShortID($1.id).key })
            return try changes.map { change, decoded in
                let article = try reader.article(of: change.document)
                return OutboxItem(
                    document: change.document, article: article,
                    articleName: try reader.article(article)?.name ?? "",
                    change: decoded, shortID: names.name(of: ShortID(decoded.id)),
                    index: change.index, summary: ChangeSummary.text(of: decoded),
                    command: change.entry.flatMap { entries[$0] }, refusal: change.refusal,
                    isPurged: purged.contains(change.document))
            }
        }
    }

    /// How things stand.
    public func status() throws -> LibraryStatus {
        let outbox = try outbox()
        let all = try articles(includingArchived: true)
        return LibraryStatus(
            profile: try profile(), articles: all.count { !$0.isArchived },
            outbox: outbox.filter { $0.refusal == nil && !$0.isPurged },
            refused: outbox.filter { $0.refusal != nil && !$0.isPurged },
            kept: outbox.filter(\.isPurged), purged: all.count(where: \.isPurged),
            conflicts: try conflicts(),
            unread: try unreadCount())
    }
}

/// A change in a few words, for lists.
enum ChangeSummary {
    static func text(of change: Change) -> String {
        if let edits = edits(of: change) { return edits }
        var counts: [(what: String, count: Int)] = []
        func count(_ what: String) {
            if let index = counts.firstIndex(where: { $0.what == what }) {
                counts[index].count += 1
            } else {
                counts.append((what, 1))
            }
        }
        for op in change.ops { count(word(for: op)) }
        return counts.map { $0.count == 1 ? $0.what : "\($0.count) × \($0.what)" }
            .joined(separator: ", ")
    }

    /// Edits of text in more places than can be named.
    private static func edits(of change: Change) -> String? {
        var (places, removed, added) = (0, 0, 0)
        var isBehindDeletion = false
        for op in change.ops {
            switch op {
            case .insert(let insertion):
                if !isBehindDeletion { places += 1 }
                isBehindDeletion = false
                added += insertion.scalarCount
            case .delete:
                places += 1
                isBehindDeletion = true
                removed += op.width
            default: return nil
            }
        }
        guard places > 1 else { return nil }
        return "edit in \(places) places, \(removed) characters out, \(added) in"
    }

    private static func word(for op: Op) -> String {
        switch op {
        case .insert(let insertion): "insert “\(clipped(insertion.text))”"
        case .delete(let deletion):
            "delete \(deletion.spans.reduce(0) { $0 + $1.count }) characters"
        case .visibility: "undo or redo of text"
        case .write(let write):
            if let check = write.value.check {
                "check: \(check.verdict.rawValue)"
            } else {
                "set \(write.field.rawValue)"
                    + (write.value.text.map { " to “\($0.clipped(to: 40))”" } ?? "")
            }
        case .annotate(let made): made.kind.rawValue
        case .reply(let reply): "reply “\(reply.body.clipped(to: 40))”"
        case .addTag(let addition): "tag \(addition.tag)"
        case .removeTag(let removal): "untag \(removal.tag)"
        case .resolve: "resolution"
        case .unknown: "unknown operation"
        }
    }

    private static func clipped(_ text: [Unicode.Scalar]) -> String {
        let line = String(String.UnicodeScalarView(text.prefix(40))).replacing("\n", with: " ")
        return text.count > 40 ? line + "…" : line
    }
}
