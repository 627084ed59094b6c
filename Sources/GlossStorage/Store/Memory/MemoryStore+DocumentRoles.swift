public import GlossCore

extension MemoryStore {
    /// The ``Store`` requirement.
    public func documentRoles(of user: String) throws(StoreError) -> [DocumentRole] {
        try checkOpen()
        return documentRoles.values.filter { $0.user == user }.sorted { $0.article < $1.article }
    }

    /// The ``Store`` requirement.
    public func documentRoles(
        on article: DocumentID
    ) throws(StoreError) -> [DocumentRole] {
        try checkOpen()
        return documentRoles.values.filter { $0.article == article }
            .sorted { utf8($0.user, before: $1.user) }
    }

    /// The ``Store`` requirement.
    public func setDocumentRole(_ role: DocumentRole) throws(StoreError) {
        try checkOpen()
        try LogRules.checkArticle(role.article)
        guard let library = logs[role.article]?.library else {
            throw LogRules.unknown(role.article)
        }
        guard roles[library]?[role.user] != nil else {
            throw AccountRules.noMember(role.user, of: role.article)
        }
        documentRoles[DocumentRoleKey(article: role.article, user: role.user)] = role
    }

    /// The ``Store`` requirement.
    public func removeDocumentRole(
        of user: String, on article: DocumentID
    ) throws(StoreError) {
        try checkOpen()
        documentRoles[DocumentRoleKey(article: article, user: user)] = nil
    }

    /// Forgets the roles that a user has by document in a library.
    func forgetDocumentRoles(of user: String, in library: LibraryID) {
        documentRoles = documentRoles.filter { key, _ in
            let place = logs[key.article]?.library ?? purged[key.article]?.library
            return key.user != user || place != library
        }
    }
}

/// Whose role on which article.
struct DocumentRoleKey: Hashable {
    var article: DocumentID
    var user: String
}
