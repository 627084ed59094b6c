import GlossCore
import GlossStorage
import Testing

@Suite("The contract of a store: roles by document")
struct DocumentRoleContract {
    private let article = Fixture.article
    private static let second = DocumentID(high: 3, low: 0)
    private static let third = DocumentID(high: 9, low: 2)

    private func withMembers(
        _ engine: Engine, _ body: (any Store) async throws -> Void
    ) async throws {
        try await engine.withStore { (store) async throws in
            for id in [Self.second, Self.third] {
                _ = try await store.createArticle(id, in: Fixture.library, now: 2)
            }
            for user in ["ann", "bob"] {
                try await store.addUser(UserRecord(name: user, createdAt: 1))
                try await store.setRole(.editor, of: user, in: Fixture.library)
            }
            try await body(store)
        }
    }

    @Test(
        "A member has one role on an article, which can be changed and taken back",
        arguments: Engine.allCases)
    func roles(_ engine: Engine) async throws {
        try await withMembers(engine) { (store) async throws in
            let hidden = DocumentRole(article: article, user: "ann", role: nil)
            try await store.setDocumentRole(
                DocumentRole(article: article, user: "ann", role: .owner))
            try await store.setDocumentRole(hidden)
            let raised = DocumentRole(article: Self.second, user: "ann", role: .owner)
            try await store.setDocumentRole(raised)
            let other = DocumentRole(article: article, user: "bob", role: .reader)
            try await store.setDocumentRole(other)
            #expect(
                try await store.documentRoles(of: "ann")
                    == [hidden, raised].sorted { $0.article < $1.article })
            #expect(try await store.documentRoles(on: article) == [hidden, other])
            #expect(try await store.documentRoles(on: Self.third) == [])
            for _ in 0..<2 {
                try await store.removeDocumentRole(of: "ann", on: article)
                #expect(try await store.documentRoles(on: article) == [other])
            }
        }
    }

    @Test("Only members of an article's library can have one", arguments: Engine.allCases)
    func refusals(_ engine: Engine) async throws {
        try await withMembers(engine) { (store) async throws in
            try await store.addUser(UserRecord(name: "cyd", createdAt: 1))
            await expect(.notFound) {
                try await store.setDocumentRole(
                    DocumentRole(article: article, user: "cyd", role: .reader))
            }
            await expect(.notFound) {
                try await store.setDocumentRole(
                    DocumentRole(
                        article: DocumentID(high: 77, low: 0), user: "ann", role: .reader))
            }
            await expect(.invalid) {
                try await store.setDocumentRole(
                    DocumentRole(article: article.annotations, user: "ann", role: .reader))
            }
            #expect(try await store.documentRoles(on: article) == [])
        }
    }

    @Test(
        "It ends with the membership, and stands when the article is purged",
        arguments: Engine.allCases)
    func ends(_ engine: Engine) async throws {
        try await withMembers(engine) { (store) async throws in
            try await store.addLibrary(LibraryRecord(id: Fixture.other, name: "x", createdAt: 3))
            try await store.setRole(.reader, of: "ann", in: Fixture.other)
            let elsewhere = DocumentID(high: 12, low: 0)
            _ = try await store.createArticle(elsewhere, in: Fixture.other, now: 2)
            let kept = DocumentRole(article: elsewhere, user: "ann", role: .editor)
            for role in [
                DocumentRole(article: article, user: "ann", role: nil),
                DocumentRole(article: Self.second, user: "ann", role: nil), kept,
            ] { try await store.setDocumentRole(role) }
            _ = try await store.purge(article, now: 5)
            #expect(try await store.documentRoles(of: "ann").count == 3)
            try await store.setRole(.reader, of: "ann", in: Fixture.library)
            #expect(try await store.documentRoles(of: "ann").count == 3)
            try await store.setRole(nil, of: "ann", in: Fixture.library)
            #expect(try await store.documentRoles(of: "ann") == [kept])
        }
    }

    @Test(
        "What a member may not read is not in their lists, and pages are as long as others'",
        arguments: Engine.allCases)
    func lists(_ engine: Engine) async throws {
        try await withMembers(engine) { (store) async throws in
            let all = try await store.documents(in: Fixture.library, after: nil, limit: .max)
            try await store.setDocumentRole(
                DocumentRole(article: Self.second, user: "ann", role: nil))
            try await store.setDocumentRole(
                DocumentRole(article: Self.third, user: "ann", role: .reader))
            #expect(
                try await store.documents(
                    in: Fixture.library, readableBy: "bob", after: nil, limit: 10) == all)
            let readable = all.filter { $0.id.article != Self.second }
            var found: [DocumentRecord] = []
            while true {
                let page = try await store.documents(
                    in: Fixture.library, readableBy: "ann", after: found.last?.id, limit: 3)
                found += page
                if page.count < 3 { break }
            }
            #expect(found == readable && readable.count == 4)
            #expect(
                try await store.documents(
                    in: Fixture.library, readableBy: "ann", after: nil, limit: 0) == [])
        }
    }
}
