import GlossCore
import GlossProtocol
import GlossStorage

extension SyncDriver {
    /// Shows the others where the person at this device is, and asks who is in the other articles. Says
    /// only what the server does not know yet.
    func showPlace() async throws {
        let place = try library.store.read { try $0.readingPlace() }
        guard place != shownPlace || followed.count != askedCount else { return }
        (shownPlace, askedCount) = (place, followed.count)
        for article in followed.sorted() where article.kind == .article {
            let state =
                place?.article == article ? PresenceState(at: place?.character) : nil
            if let said = shown[article], said == state { continue }
            shown[article] = .some(state)
            try await handle(.show(article, state))
        }
    }

    /// Tells who has come into an article, and who has left it.
    func takePresence(_ news: PresenceNews) {
        var peers = present[news.doc] ?? PresentPeers()
        let known = Set(peers.entries.keys)
        let (came, left) = peers.take(news)
        present[news.doc] = peers
        for entry in came where !known.contains(entry.key) {
            onEvent(.arrived(article: news.doc, user: entry.user, device: entry.device))
        }
        for entry in left {
            onEvent(.departed(article: news.doc, user: entry.user, device: entry.device))
        }
    }
}
