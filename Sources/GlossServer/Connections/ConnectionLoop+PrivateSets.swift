import GlossCore
import GlossProtocol
import GlossStorage

extension ConnectionLoop {
    /// Makes the private sets that a request asks for, one after the other; gives why one cannot be.
    ///
    /// What the answer is does not depend on sets of others, which have other ids.
    mutating func createSets(
        _ request: DocumentsRequest
    ) async throws(StoreError) -> Refusal? {
        guard let user = admission?.user else { preconditionFailure("who asks has logged in") }
        for set in request.creatingSets {
            guard set.doc == .privateSet(of: set.article, for: user) else {
                return Refusal(
                    .badField, of: set.doc,
                    message: "this is not the id of your private set of that article")
            }
            guard let article = try await services.store.document(set.article) else {
                let purged = try await services.store.purgedDocument(set.article)
                if let purged, purged.library == request.library, role(in: purged.scope) != nil {
                    return .gone(set.article)
                }
                return Self.unknown(set.doc)
            }
            guard article.library == request.library, role(in: article.scope) != nil else {
                return Self.unknown(set.doc)
            }
            if try await services.store.document(set.doc) != nil { continue }
            let made = try await services.store.createPrivateSet(
                set.doc, of: set.article, for: user, now: services.clock.wall())
            services.access.announce(
                DocumentAppeared(
                    library: made.library, doc: made.id, kind: made.kind, article: made.article),
                to: user, besides: connection)
        }
        return nil
    }

    private static func unknown(_ document: DocumentID) -> Refusal {
        Refusal(.notFound, of: document, message: "no such document in this library")
    }
}
