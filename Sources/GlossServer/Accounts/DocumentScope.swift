import GlossCore
import GlossProtocol
import GlossStorage

/// What a document belongs to, which decides who may read it.
struct DocumentScope: Hashable {
    var library: LibraryID
    /// The article that it is, or is a set of.
    var article: DocumentID

    /// The scope of a document in a library.
    init(of document: DocumentID, in library: LibraryID) {
        self.library = library
        article = document.article
    }
}

extension DocumentRecord {
    var scope: DocumentScope { DocumentScope(of: id, in: library) }
}

extension DocumentAppeared {
    var scope: DocumentScope { DocumentScope(of: doc, in: library) }
}

/// What a user may do: in libraries, and on articles where that is something else.
struct UserRoles: Equatable {
    var libraries: [LibraryID: Role] = [:]
    /// Of members only; a role that is `nil` hides the article.
    var articles: [DocumentID: Role?] = [:]

    /// The role that holds for a document; `nil` if it may not be read.
    func role(in scope: DocumentScope) -> Role? {
        guard let role = libraries[scope.library] else { return nil }
        return articles[scope.article] ?? role
    }
}
