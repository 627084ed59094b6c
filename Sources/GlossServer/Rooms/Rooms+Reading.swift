import GlossCore
import GlossProtocol
import GlossStorage

/// What is on disk of a document.
struct DocumentStatus: Hashable {
    var library: LibraryID
    var head: Int
    var sum: Checksum
    var vector: VersionVector
    /// The checksum at the position asked about; `nil` if that lies beyond the head.
    var sumAtPosition: Checksum?
}

extension Rooms {
    /// What is on disk of a document; `nil` if there is no such document.
    func status(
        of id: DocumentID, at position: Int
    ) async throws(StoreError) -> DocumentStatus? {
        repeat {
            guard try await load(id) else { return nil }
        } while rooms[id] == nil
        guard let room = rooms[id], let sum = room.sum(at: room.durableHead) else { return nil }
        return DocumentStatus(
            library: room.library, head: room.durableHead, sum: sum, vector: room.durableVector,
            sumAtPosition: room.sum(at: position))
    }

    /// The rows on disk behind a position, at least one if there is one.
    func rows(
        of id: DocumentID, after position: Int, maxBytes: Int, maxRows: Int
    ) async throws(StoreError) -> [LogRow] {
        if let room = rooms[id] {
            if position >= room.durableHead { return [] }
            if let rows = room.recent.rows(after: position, maxBytes: maxBytes) {
                return Array(rows.prefix(maxRows))
            }
        }
        return try await store.rows(
            of: id, after: position, maxBytes: maxBytes, maxRows: maxRows)
    }

    // MARK: Following

    /// Tells `follower` from now on when the document's log has grown.
    func follow(_ document: DocumentID, _ follower: any Follower) {
        followers[document, default: [:]][ObjectIdentifier(follower)] = follower
    }

    /// Tells `follower` no more.
    func unfollow(_ document: DocumentID, _ follower: any Follower) {
        followers[document]?[ObjectIdentifier(follower)] = nil
        if followers[document]?.isEmpty == true { followers[document] = nil }
    }

    func tellFollowers(_ document: DocumentID, _ head: Int) {
        for follower in (followers[document] ?? [:]).values {
            follower.logGrew(document, to: head)
        }
    }
}
