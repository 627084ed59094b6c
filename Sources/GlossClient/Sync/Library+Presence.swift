public import GlossCore
import GlossProtocol
import GlossStorage
import GlossTransport

/// Somebody whose device is connected, and where they read.
public struct Visitor: Hashable, Sendable {
    /// The article they are in.
    public let article: DocumentID
    /// Its short name.
    public let articleName: String
    /// Who.
    public let user: String
    /// On which device.
    public let device: String
    /// Whether that is the user of this library, on another device or in another window.
    public let isMine: Bool
    /// The paragraph they read, from 1; `nil` if they did not say, or nothing of it is here.
    public let paragraph: Int?
    /// The words from there on.
    public let words: String?
}

extension Library {
    /// Asks the server who is there now: in one article, or in all of the library. Sends and takes in
    /// nothing else.
    ///
    /// - Parameter timeout: how long connecting may take, and again answering.
    /// - Throws: ``ClientError``: `invalid` without a server, `unreachable`, `notAllowed`, `refused` or
    ///   `library`.
    public func visitors(
        in article: DocumentID? = nil, timeout: Duration = .seconds(10)
    ) async throws -> [Visitor] {
        let (server, credential) = try signIn()
        let known = try read { reader in
            try reader.replicas().filter { record in
                record.id.kind == .article && !record.purged && !record.createdLocally
                    && (article == nil || article == record.id)
            }.map { try reader.localDocument($0.id) }
        }
        let connection = try await Library.dial(timeout: timeout)(server)
        let environment = environment
        let started = environment.steady()
        var query = PresenceQuery(
            known, of: try profile().library, server: server, credential: credential,
            connection: connection, now: { environment.steady() - started })
        let watchdog = Task {
            try await environment.sleep(timeout)
            connection.abort()
        }
        defer { watchdog.cancel() }
        let found = try await query.run()
        await connection.close()
        let user = try profile().user
        return try found.sorted { $0.key < $1.key }.flatMap { article, peers in
            try read { try $0.visitors(peers, in: article, user: user) }
        }
    }
}

extension LibraryReader {
    /// Somebody's device with where it is, by user, device and place.
    fileprivate func visitors(
        _ peers: PresentPeers, in article: DocumentID, user: String
    ) throws -> [Visitor] {
        if peers.entries.isEmpty { return [] }
        let name = try articles().first { $0.document == article }?.name ?? ""
        let replica = try loadReplica(article)
        let text = ArticleText(replica.scalars)
        let index = replica.textIndex
        return peers.entries.sorted { $0.key < $1.key }.map(\.value).map { entry in
            let offset = entry.state.character.flatMap { replica.offset(of: $0, in: index) }
            let place = text.paragraphs.isEmpty ? nil : offset
            return Visitor(
                article: article, articleName: name, user: entry.user, device: entry.device,
                isMine: entry.user == user, paragraph: place.map { text.paragraph(at: $0) + 1 },
                words: place.map { text.words(from: $0) })
        }.sorted {
            ($0.user, $0.device, $0.paragraph ?? 0) < ($1.user, $1.device, $1.paragraph ?? 0)
        }
    }
}

extension ArticleText {
    /// Some words from an offset on, within its paragraph.
    fileprivate func words(from offset: Int) -> String {
        let paragraph = paragraphs[paragraph(at: offset)]
        let start = min(max(offset, paragraph.lowerBound), paragraph.upperBound)
        let end = min(start + 40, paragraph.upperBound)
        let range = trimmed(snapped(start..<end))
        return string(range) + (end < paragraph.upperBound ? "…" : "")
    }
}
