import GlossCore
import GlossProtocol
import GlossStorage

extension Administrator {
    /// Gives a member another role on an article and its annotation set, or none, or has the one in
    /// the library hold again; or says what that would change.
    func setDocumentRole(_ request: AdminRequest) async throws -> AdminReport {
        let article = try await article(request.name)
        guard article.kind == .article else {
            throw ServerError(
                .invalid,
                "\(article) is an annotation set; the role on its article holds for it: "
                    + "\(article.article)")
        }
        guard let user = request.user else { throw ServerError(.invalid, "Say whose role.") }
        let library = try await library(of: article)
        guard let member = try await store.role(of: user, in: library.id) else {
            throw ServerError(
                .notFound,
                "“\(user)” is no member of “\(library.name)”. See: glossd user list")
        }
        let before = try await store.documentRoles(on: article).first { $0.user == user }
        let after = try request.role.map { word throws(ServerError) in
            DocumentRole(article: article, user: user, role: try roleOrNone(word))
        }
        let isDry = request.dry ?? false
        if !isDry, before != after {
            if let after {
                try await store.setDocumentRole(after)
            } else {
                try await store.removeDocumentRole(of: user, on: article)
            }
            var entry = AuditEntry(after == nil ? .documentRoleRemoved : .documentRoleSet)
            (entry.user, entry.library, entry.document) = (user, library.name, "\(article)")
            (entry.role, entry.before) = (after.map(Self.word), before.map(Self.word))
            audit?.record(entry, by: actor)
            let wasHidden = before.map { $0.role == nil } ?? false
            let isHidden = after.map { $0.role == nil } ?? false
            try await accounts.refreshRoles(of: user)
            if wasHidden, !isHidden { try await show(article, in: library.id, to: user) }
        } else if !isDry {
            // It may be that the last time the store could write this and then not be read.
            try await accounts.refreshRoles(of: user)
        }
        var report = AdminReport("document_role")
        report.documentRole = AdminReport.DocumentRole(
            document: "\(article)", name: await name(of: article), library: library.name,
            user: user, role: after.map(Self.word) ?? member.rawValue,
            before: before.map(Self.word) ?? member.rawValue, libraryRole: member.rawValue,
            written: !isDry && before != after)
        return report
    }

    private func roleOrNone(_ word: String) throws(ServerError) -> Role? {
        if word == DocumentRole.none { return nil }
        do throws(ServerError) { return try role(word) } catch {
            throw ServerError(error.code, "\(error.message), none, or default")
        }
    }

    /// Tells a user's connections of an article that they may read again.
    private func show(
        _ article: DocumentID, in library: LibraryID, to user: String
    ) async throws {
        var appeared = [article, article.annotations].map {
            DocumentAppeared(library: library, doc: $0, kind: $0.kind)
        }
        for set in try await store.privateSets(of: article) where set.owner == user {
            appeared.append(
                DocumentAppeared(library: library, doc: set.id, kind: set.kind, article: article))
        }
        for document in appeared { accounts.access.announce(document, to: user) }
    }

    /// The roles on an article, as they are listed; `nil` if there are none.
    func roles(on article: DocumentID) async throws -> [AdminReport.Document.Role]? {
        let roles = try await store.documentRoles(on: article).map {
            AdminReport.Document.Role(user: $0.user, role: Self.word($0))
        }
        return roles.isEmpty ? nil : roles
    }

    private static func word(_ role: DocumentRole) -> String {
        role.role?.rawValue ?? DocumentRole.none
    }
}
