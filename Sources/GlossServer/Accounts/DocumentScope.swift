import GlossCore
import GlossProtocol
import GlossStorage

/// What a document belongs to, which decides who may read it.
struct DocumentScope: Hashable {
    var library: LibraryID
    /// The article that it is, or is a set of.
    var article: DocumentID
    /// Whose private set it is; `nil` of what all members share.
    var owner: String?
}

extension DocumentRecord {
    var scope: DocumentScope {
        // Of a private set that has lost its owner to damage nobody is the owner.
        let owner = owner ?? (id.kind == .privateAnnotations ? "" : nil)
        return DocumentScope(library: library, article: article, owner: owner)
    }
}

extension PurgedRecord {
    var scope: DocumentScope {
        DocumentScope(library: library, article: article, owner: owner)
    }
}

extension DocumentAppeared {
    /// Where it belongs, but for the owner of a private set: nobody else is told of it.
    var scope: DocumentScope { DocumentScope(library: library, article: article ?? doc.article) }
}

/// What a user may do: in libraries, and on articles where that is something else.
struct UserRoles: Equatable {
    var libraries: [LibraryID: Role] = [:]
    /// Of members only; a role that is `nil` hides the article.
    var articles: [DocumentID: Role?] = [:]

    /// The role that holds for a document for a user of that name; `nil` if they may not read it. In a
    /// private set its owner may do everything, for as long as they may read the article.
    func role(of user: String, in scope: DocumentScope) -> Role? {
        guard let role = libraries[scope.library] else { return nil }
        guard let owner = scope.owner else { return articles[scope.article] ?? role }
        guard owner == user, articles[scope.article] ?? role != nil else { return nil }
        return .owner
    }
}
