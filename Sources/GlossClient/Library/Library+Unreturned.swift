public import GlossCore
import GlossProtocol
import GlossStorage

/// A change of somebody's that the server had acknowledged and lost, and that does not come back: the
/// server does not take it, or it was left out here. It is here, and with others who had it.
public struct UnreturnedChange: Sendable {
    /// Its document.
    public let document: DocumentID
    /// The short name of its article.
    public let articleName: String
    /// The change.
    public let change: Change
    /// Its short name.
    public let shortID: String
    /// What it does, in a few words.
    public let summary: String
    /// The account it came from.
    public let user: String
    /// What that account calls the device.
    public let device: String
    /// Why the server does not take it.
    public let refusal: OutboxItem.Refusal

    /// Whether it is of notes that this user keeps to themselves.
    public var isPrivate: Bool { document.kind == .privateAnnotations }
}

extension Library {
    /// What the server has lost and does not take back, by document, in the order of its former logs.
    public func unreturned() throws -> [UnreturnedChange] {
        try read { reader in
            let found = try reader.replicas().map(\.id).flatMap { document in
                let refused = try reader.unreturned(of: document).compactMap { refused in
                    try reader.change(of: document, holding: refused.row.id).map {
                        ($0, OutboxItem.Refusal(code: refused.code, message: refused.message))
                    }
                }
                let leftOut = try reader.leftOut(of: document).compactMap { stored in
                    stored.refusal.map { (stored, $0) }
                }
                return try (refused + leftOut).map { stored, refusal in
                    (stored, refusal, try ChangeCodec.decode(stored.bytes))
                }
            }
            let names = ShortIDs(found.map { ShortID($2.id).key })
            return try found.map { stored, refusal, change in
                UnreturnedChange(
                    document: stored.document,
                    articleName: try reader.article(reader.article(of: stored.document))?.name
                        ?? "",
                    change: change, shortID: names.name(of: ShortID(change.id)),
                    summary: ChangeSummary.text(of: change), user: stored.user ?? "",
                    device: stored.deviceLabel ?? "", refusal: refusal)
            }
        }
    }
}

extension StoredChange {
    /// Why a server does not have it, if it was refused or left out.
    var refusal: OutboxItem.Refusal? {
        guard case .refused(let code, let message) = state else { return nil }
        return OutboxItem.Refusal(code: code, message: message)
    }
}
