import GlossCore
import GlossProtocol
import GlossStorage

/// Private annotation sets: the server makes them for whoever asks, once it has their articles.
extension SyncDriver {
    /// The article that a document is or belongs to.
    func article(of document: DocumentID) throws -> DocumentID {
        guard document.kind == .privateAnnotations else { return document.article }
        return try library.store.read { try $0.article(of: document) }
    }

    /// The annotation sets of an article that are here, the shared one first.
    func sets(of article: DocumentID) throws -> [DocumentID] {
        try library.store.read { try $0.sets(of: article) }
    }

    /// An article and its annotation sets that are here.
    func documents(of article: DocumentID) throws -> [DocumentID] {
        try library.store.read { try $0.documents(of: article) }
    }

    /// Asks for the sets that were begun here, of articles that the server has. One whose notes were all
    /// taken back before they were sent is none to anybody else.
    func makeSets() throws -> [ClientSession.Event] {
        guard let libraryID else { return [] }
        let begun = unknownToServer.filter {
            $0.kind == .privateAnnotations && !askedSets.contains($0)
        }
        if begun.isEmpty { return [] }
        let sets = try library.store.read { reader in
            try begun.sorted().compactMap { set -> PrivateSet? in
                let article = try reader.article(of: set)
                guard followed.contains(article), !unknownToServer.contains(article),
                    try !reader.changes(of: set).isEmpty
                else { return nil }
                return PrivateSet(doc: set, article: article)
            }
        }
        askedSets.formUnion(sets.map(\.doc))
        return sets.isEmpty ? [] : [.make(libraryID, sets)]
    }

    /// Goes on with sets that the server has. What is not this user's own is none of theirs.
    func know(_ sets: [PrivateSet]) throws -> [ClientSession.Event] {
        let user = try library.profile().user
        let own = sets.filter { $0.doc == .privateSet(of: $0.article, for: user) }
        if own.count < sets.count {
            postponeOnce("the server has private notes that are not yours: they stay there")
        }
        unknownToServer.subtract(own.map(\.doc))
        let lost = own.map(\.doc).filter { lostSets.remove($0) != nil }
        report.returned += try library.store.write { writer in
            try lost.reduce(0) { try $0 + writer.giveBackAll($1) }
        }
        return try keepKnown(own.map { ($0.doc, $0.article) })
    }

    /// What is in sets that the server would not make stays here, unsent. Asked for one by one, each
    /// says for itself.
    func setsFailed(_ sets: [PrivateSet], _ failure: Failure) throws -> [ClientSession.Event] {
        guard sets.count == 1, let set = sets.first else {
            return libraryID.map { id in sets.map { .make(id, [$0]) } } ?? []
        }
        switch failure.code {
        case .gone: return try keepPurged(set.article)
        case .notFound:
            // An article that is hidden has said so already.
            let isKnown = try report.failures.contains {
                try article(of: $0.document) == set.article
            }
            if !isKnown { fail(set.doc, Self.unreadable) }
        case .badField:
            postponeOnce("private notes stay here: the server does not take any")
        default:
            postponeOnce("private notes stay here: \(failure.message)")
            if failure.retry != .never {
                deferredSets.insert(set.doc)
                scheduleRetry()
            }
        }
        return try outboxEvents() + [.nothingMore]
    }

    /// Has a set made again that the server has lost whole.
    ///
    /// - Returns: `nil` if that was tried before.
    func bringBackSet(_ set: DocumentID) throws -> [ClientSession.Event]? {
        guard !askedSets.contains(set) else { return nil }
        followed.remove(set)
        lostSets.insert(set)
        unknownToServer.insert(set)
        return try makeSets() + [.nothingMore]
    }

    /// Reports why sets wait, however many do.
    private func postponeOnce(_ reason: String) {
        if !report.postponed.contains(reason) { postpone(reason) }
    }

    /// Why an article cannot be synced that the server does not know.
    static let unreadable = "the server has no such article, or you may not read it"
}
