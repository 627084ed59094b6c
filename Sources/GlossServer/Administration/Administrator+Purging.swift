import GlossCore
import GlossStorage

extension Administrator {
    /// Removes an article and its annotation set for good, or says what would be removed.
    func purge(_ request: AdminRequest) async throws -> AdminReport {
        let id = try await article(request.name)
        guard id.kind == .article else {
            let article = try await store.document(id)?.article ?? id.article
            throw ServerError(
                .invalid, "\(id) is an annotation set. Purge its article: \(article)")
        }
        let isDry = request.dry ?? false
        var purge = AdminReport.Purge(
            id: "\(id)", documents: [], purged: try await store.purgedDocument(id) != nil)
        if !purge.purged {
            purge.name = await name(of: id)
            purge.library = try await library(of: id).name
            purge.documents = try await documents(of: id)
        }
        if !isDry {
            if !purge.purged {
                let now = ServerClock.system.wall()
                _ =
                    if let rooms { try await rooms.purge(id, now: now) } else {
                        try await store.purge(id, now: now)
                    }
                purge.purged = true
                var entry = AuditEntry(.purged)
                (entry.document, entry.library) = ("\(id)", purge.library)
                audit?.record(entry, by: actor)
            }
            do throws(StoreError) {
                try await store.reclaim()
            } catch {
                if error.code == .fsyncFailed { throw error }
                purge.unreclaimed = error.message
            }
        }
        var report = AdminReport("purge")
        report.purge = purge
        return report
    }

    /// The document that a word names: by its id, or an article by a name that no other has.
    ///
    /// - Complexity: for a name, O(changes of all articles).
    func article(_ word: String?) async throws -> DocumentID {
        guard let word else { throw ServerError(.invalid, "Say which article.") }
        if let id = DocumentID(word) { return id }
        var found: [DocumentID] = []
        for library in try await store.libraries() {
            for article in try await articles(of: library.id)
            where await name(of: article) == word {
                found.append(article)
            }
        }
        guard let only = found.first else {
            throw ServerError(
                .notFound, "There is no article “\(word)”. See: glossd document list")
        }
        guard found.count == 1 else {
            let ids = found.map(\.description).joined(separator: ", ")
            throw ServerError(
                .invalid,
                "\(found.count) articles are called “\(word)”. Say which, by its id: \(ids)")
        }
        return only
    }

    private func articles(of library: LibraryID) async throws -> [DocumentID] {
        var found: [DocumentID] = []
        var last: DocumentID?
        while true {
            let page = try await store.documents(in: library, after: last, limit: 256)
            guard let end = page.last else { return found }
            found += page.map(\.id).filter { $0.kind == .article }
            last = end.id
        }
    }

    /// What people call an article; `nil` if it cannot be read, which is no reason to keep it.
    func name(of article: DocumentID) async -> String? {
        do throws(StoreError) {
            let room = try await Room(loading: article, from: store, pageBytes: 1_048_576)
            return room?.replica.register(.name).value?.text
        } catch {
            return nil
        }
    }

    /// The library that an article is in.
    func library(of article: DocumentID) async throws -> LibraryRecord {
        guard let record = try await store.document(article),
            let library = try await store.library(record.library)
        else {
            throw ServerError(
                .notFound, "There is no article \(article). See: glossd document list")
        }
        return library
    }

    private func documents(of article: DocumentID) async throws -> [AdminReport.Purge.Document] {
        var found: [AdminReport.Purge.Document] = []
        let sets = try await store.privateSets(of: article).map(\.id)
        for id in [article, article.annotations] + sets {
            guard let record = try await store.document(id) else { continue }
            found.append(
                AdminReport.Purge.Document(
                    id: "\(id)", kind: id.kind.rawValue, changes: record.head,
                    bytes: record.byteCount))
        }
        return found
    }
}
