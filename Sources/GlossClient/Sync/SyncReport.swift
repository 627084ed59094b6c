public import GlossCore

/// What one sync did.
public struct SyncReport: Sendable {
    /// The server, as host and port.
    public var server = ""
    /// How many changes the server has acknowledged.
    public var sent = 0
    /// How many changes of others came in.
    public var received = 0
    /// The articles, or the articles of the notes, that they came into.
    public var articles: Set<DocumentID> = []
    /// Who made them, ascending.
    public var authors: [String] = []
    /// How many changes the server refused for good.
    public var refused = 0
    /// How many changes it will take later; why, in its own words.
    public var postponed: [String] = []
    /// Articles that did not come through, with what was wrong.
    public var failures: [Failure] = []
    /// The names of articles that turned out to be purged on the server. What is here of them stays.
    public var purged: [String] = []
    /// How many changes, of anybody, the server had lost and this device gave back.
    public var returned = 0
    /// How many changes of others the server had lost, and does not take back.
    public var unreturned = 0
    /// How many changes of others this device has, that the server was restored without and that nobody
    /// has given back yet.
    public var lost = 0
    /// Whose they are, ascending.
    public var lostAuthors: [String] = []
    /// How many documents differed from the server's and were read anew.
    public var resynced = 0

    /// A document that did not come through.
    public struct Failure: Hashable, Sendable {
        /// Which.
        public let document: DocumentID
        /// What was wrong.
        public let message: String
    }

    /// A report of nothing.
    public init() {}

    /// Goes on with the next connection: what was done adds up, and what stands in the way is as it says.
    mutating func add(_ next: SyncReport) {
        server = next.server
        sent += next.sent
        received += next.received
        articles.formUnion(next.articles)
        authors = Set(authors + next.authors).sorted()
        refused += next.refused
        purged += next.purged
        returned += next.returned
        unreturned += next.unreturned
        resynced += next.resynced
        postponed = next.postponed
        failures = next.failures
        lost = next.lost
        lostAuthors = next.lostAuthors
    }
}

/// What happens while a sync goes on.
public enum SyncEvent: Sendable {
    /// The server knows who this is.
    case connected(server: String)
    /// Changes of others came into an article.
    case received(article: DocumentID, count: Int, authors: [String])
    /// The server acknowledged changes.
    case acknowledged(count: Int)
    /// The server refused changes for good.
    case refused(count: Int, message: String)
    /// The server takes changes later, for a reason, which is told once on a connection.
    case postponed(message: String)
    /// An article, or its notes, does not come through, and why.
    case failed(article: DocumentID, message: String)
    /// The server was restored without changes of others, which nobody has given back yet.
    case lost(article: DocumentID, count: Int, authors: [String])
    /// An article was purged on the server. What is here of it stays.
    case purged(article: DocumentID)
    /// Somebody has come into an article, or was there already.
    case arrived(article: DocumentID, user: String, device: String)
    /// Somebody has left an article.
    case departed(article: DocumentID, user: String, device: String)
    /// Everything is in line.
    case settled
    /// The connection is gone; another attempt follows after so many milliseconds.
    case disconnected(reason: String, retryIn: Int)
}

/// What becomes of others' work that a restored server lacks, and that its receipts do not bring back.
public enum LostWork: Sendable {
    /// It stays in the text until its author brings it back. What builds on it waits.
    case wait
    /// It is left out here, and kept apart. What was made here on it is made again without it.
    case leaveOut
}

/// How long a sync stays.
public enum SyncMode: Sendable {
    /// Until both sides have everything.
    case once
    /// Until it is cancelled.
    case watch
}
