public import GlossCore

extension SQLiteStore {
    /// The ``Store`` requirement.
    public func documentRoles(of user: String) async throws(StoreError) -> [DocumentRole] {
        try await read { (store) throws(StoreError) in
            try store.all(
                "SELECT article, user, role FROM document_roles WHERE user = ? ORDER BY article",
                [user], DocumentRole.init(row:))
        }
    }

    /// The ``Store`` requirement.
    public func documentRoles(
        on article: DocumentID
    ) async throws(StoreError) -> [DocumentRole] {
        try await read { (store) throws(StoreError) in
            try store.all(
                "SELECT article, user, role FROM document_roles WHERE article = ? ORDER BY user",
                [article.sql], DocumentRole.init(row:))
        }
    }

    /// The ``Store`` requirement.
    public func setDocumentRole(_ role: DocumentRole) async throws(StoreError) {
        try LogRules.checkArticle(role.article)
        try await write { (store) throws(StoreError) in
            guard let library = try store.document(role.article)?.library else {
                throw LogRules.unknown(role.article)
            }
            guard try store.role(of: role.user, in: library) != nil else {
                throw AccountRules.noMember(role.user, of: role.article)
            }
            try store.run(
                """
                INSERT OR REPLACE INTO document_roles (article, user, library, role)
                VALUES (?, ?, ?, ?)
                """,
                [
                    role.article.sql, role.user, library.sql,
                    role.role?.rawValue ?? DocumentRole.none,
                ])
        }
    }

    /// The ``Store`` requirement.
    public func removeDocumentRole(
        of user: String, on article: DocumentID
    ) async throws(StoreError) {
        try await write { (store) throws(StoreError) in
            try store.run(
                "DELETE FROM document_roles WHERE article = ? AND user = ?", [article.sql, user])
        }
    }
}

extension DocumentRole {
    init(row: inout Columns) throws(StoreError) {
        self.init(article: try row.document(), user: try row.text(), role: try row.optionalRole())
    }
}

extension Columns {
    /// A role, or the word for none.
    fileprivate mutating func optionalRole() throws(StoreError) -> Role? {
        var word = self
        if try word.text() == DocumentRole.none {
            self = word
            return nil
        }
        let role: Role = try named()
        return role
    }
}
