public import GlossCore
import GlossStorage

/// Text that somebody wrote in an editor and that is not in the article yet.
public struct ArticleDraft: Hashable, Sendable {
    let id: Int64
    /// The article.
    public let article: DocumentID
    /// The version that was opened.
    public let version: [OpID]
    /// The text as it was written.
    public let text: String
    /// When, in milliseconds since 1970.
    public let time: Int
}

extension Library {
    /// What drafts of the text of an article are kept as.
    static let articlePurpose = "text"

    /// The newest draft of an article's text, if there is one.
    public func draft(of article: DocumentID) throws -> ArticleDraft? {
        try read { reader in
            try reader.drafts().first {
                $0.document == article && $0.purpose == Library.articlePurpose
            }.map { draft in
                ArticleDraft(
                    id: draft.id, article: article, version: draft.version, text: draft.text,
                    time: draft.time)
            }
        }
    }

    /// Throws a draft away, if it is still there.
    public func drop(_ draft: ArticleDraft) throws {
        try store.write { try $0.drop(draft) }
    }

    /// The text that a draft was written on; `nil` if that was undone or refused since.
    public func base(of draft: ArticleDraft) throws -> String? {
        try text(of: draft.article, at: draft.version)
    }

    /// The text of an article at a version; `nil` if that was undone or refused since.
    func text(of article: DocumentID, at version: [OpID]) throws -> String? {
        try read { reader in
            let replica = try reader.loadReplica(article)
            return replica.holds(version) ? replica.text(at: version) : nil
        }
    }
}

extension Draft {
    /// The version of the article that it was written on.
    var version: [OpID] {
        String(decoding: baseVersion, as: UTF8.self).split(separator: " ").compactMap { OpID($0) }
    }

    /// A version as drafts keep it.
    static func bytes(of version: [OpID]) -> [UInt8] {
        Array(version.map(\.description).joined(separator: " ").utf8)
    }
}

extension LibraryWriter {
    /// Throws a draft away, if it is still there.
    func drop(_ draft: ArticleDraft) throws(StoreError) { try dropIfThere(draft.id) }

    /// Throws the draft of a number away, if there is one.
    func dropIfThere(_ id: Int64) throws(StoreError) {
        if try drafts().contains(where: { $0.id == id }) { try dropDraft(id) }
    }
}
