/// Who is in one document, as a client has been told.
public struct PresentPeers: Sendable {
    /// Everybody who shows, by key, but for this client itself.
    public private(set) var entries: [String: PresenceNews.Entry] = [:]
    private var own: String?

    /// Nobody, as far as is known.
    public init() {}

    /// Takes news in.
    ///
    /// - Returns: who has come or moved, in the order of the news, and who has left.
    public mutating func take(
        _ news: PresenceNews
    ) -> (present: [PresenceNews.Entry], left: [PresenceNews.Entry]) {
        var gone = news.left
        if let own = news.own {
            self.own = own
            let there = Set(news.present.map(\.key))
            gone += entries.keys.filter { !there.contains($0) }.sorted()
        }
        let left = gone.compactMap { entries.removeValue(forKey: $0) }
        var present: [PresenceNews.Entry] = []
        for entry in news.present where entry.key != own && entries[entry.key] != entry {
            // No server shows more; who claims so is not to fill the memory.
            let isNew = entries[entry.key] == nil
            if isNew, entries.count >= WireLimits.presenceEntries { continue }
            entries[entry.key] = entry
            present.append(entry)
        }
        return (present, left)
    }
}
