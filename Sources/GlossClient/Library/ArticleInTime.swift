import GlossCore
import GlossProtocol
import GlossStorage

/// An article as it was here at one time after the other, with what the server has all along.
struct ArticleInTime {
    private(set) var replica: Replica
    /// What is in the outbox and not yet looked at, of any document.
    private var outbox: ArraySlice<StoredChange>

    /// - Parameters:
    ///   - stored: the changes of the article.
    ///   - outbox: all that wait to be sent, in the order in which they were made.
    init(_ article: DocumentID, _ stored: [StoredChange], outbox: [StoredChange]) throws {
        replica = Replica(id: article)
        for change in stored where !change.isWaiting && !change.isRefused {
            try replica.integrate(ChangeCodec.decode(change.bytes))
        }
        self.outbox = outbox[...]
    }

    /// Goes on to when a change of the outbox was made.
    mutating func advance(to change: StoredChange) throws {
        while let next = outbox.first,
            next.document != change.document || next.index != change.index
        {
            if next.document == replica.id {
                try replica.integrate(ChangeCodec.decode(next.bytes))
            }
            outbox.removeFirst()
        }
    }
}
