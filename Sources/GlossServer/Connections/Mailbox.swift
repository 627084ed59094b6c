import GlossCore
import GlossProtocol
import Synchronization

/// What happens to one connection, for the one loop that deals with it.
///
/// Bounded by construction: one line at a time, news of a document as its latest head and a few
/// rows, which all who follow it share, and no more push decisions than pushes may be in flight.
final class Mailbox: Sendable {
    /// Something to deal with.
    enum Item {
        case event(ServerSession.Event)
        /// A line, or why there are no more. The next is to be asked for when this is dealt with.
        case line(ServerSession.Event)
        /// A followed document has grown. The news may have fewer rows than it has grown by.
        case grown(ServerSession.LogSlice)
        case urgent(Urgent)
        /// Somebody has come, moved or left in a document; without news, more than once.
        case presence(DocumentID, PresenceNews?)
        /// Nothing more will come.
        case closed
    }

    /// Something that goes before everything else, and of which one of each kind is enough.
    enum Urgent: Int, Comparable {
        /// The connection broke.
        case lost
        /// What the user or the device may do has changed.
        case accessChanged
        /// The writer has sent something.
        case progress
        /// The session's deadline has come.
        case tick

        static func < (left: Urgent, right: Urgent) -> Bool { left.rawValue < right.rawValue }
    }

    /// New documents that may wait to be told; whoever misses one finds it in the list.
    private static let appearedLimit = 4_096

    /// Rows of news that are kept for one document, and no more than a page of bytes; who is further
    /// behind reads the log.
    static let newsLimit = 64

    private struct State {
        var urgent: Set<Urgent> = []
        var drainDelay: Int?
        var decisions: [ServerSession.Event] = []
        var grown: [DocumentID: ServerSession.LogSlice] = [:]
        var grownOrder: [DocumentID] = []
        var gone: [DocumentID] = []
        var appeared: [DocumentAppeared] = []
        var line: ServerSession.Event?
        var takesLines = true
        /// Who has come, moved or left, by document; `nil` where some of it was let go.
        var presence: [DocumentID: PresenceNews?] = [:]
        var presenceOrder: [DocumentID] = []
        var takesPresence = true
        var isClosed = false
        var loop: CheckedContinuation<Item, Never>?

        /// Takes the next thing out, in the order of how urgent it is.
        mutating func take() -> Item? {
            if isClosed { return .closed }
            if let first = urgent.min() {
                urgent.remove(first)
                return .urgent(first)
            }
            if let delay = drainDelay.take() { return .event(.drain(delay: delay)) }
            if !decisions.isEmpty { return .event(decisions.removeFirst()) }
            if let document = gone.popLast() {
                return .event(
                    .logFailed(document, code: .gone, message: Refusal.gone(document).message))
            }
            if !grownOrder.isEmpty {
                guard let news = grown.removeValue(forKey: grownOrder.removeFirst()) else {
                    preconditionFailure("what is in line has grown")
                }
                return .grown(news)
            }
            guard takesLines else { return nil }
            if !appeared.isEmpty { return .event(.documentAppeared(appeared.removeFirst())) }
            if let line = line.take() { return .line(line) }
            guard takesPresence, !presenceOrder.isEmpty else { return nil }
            let document = presenceOrder.removeFirst()
            return .presence(document, presence.removeValue(forKey: document) ?? nil)
        }
    }

    private let state = Mutex(State())

    /// What lies in it: push decisions, and the rows of news with their bytes.
    var contents: (decisions: Int, rows: Int, bytes: Int) {
        state.withLock { state in
            state.grown.values.reduce(into: (state.decisions.count, 0, 0)) { sum, news in
                sum.1 += news.rows.count
                sum.2 += news.rows.reduce(0) { $0 + $1.change.bytes.count }
            }
        }
    }

    // MARK: Posting

    /// Something that goes before everything else.
    func post(_ urgent: Urgent) {
        change { $0.urgent.insert(urgent) }
    }

    /// The server is going down.
    func post(drainIn delay: Int) {
        change { $0.drainDelay = delay }
    }

    /// What became of a push.
    func post(decision: ServerSession.Event) {
        change { $0.decisions.append(decision) }
    }

    /// A followed document has grown.
    func post(grown news: ServerSession.LogSlice) {
        change { state in
            guard let earlier = state.grown[news.doc] else {
                state.grown[news.doc] = news
                state.grownOrder.append(news.doc)
                return
            }
            state.grown[news.doc] = Self.joined(earlier, news)
        }
    }

    /// Both in one; of too many rows only that they are there.
    private static func joined(
        _ earlier: ServerSession.LogSlice, _ news: ServerSession.LogSlice
    ) -> ServerSession.LogSlice {
        var joined = news
        joined.after = earlier.after
        if earlier.head == news.head {
            joined.state = news.state ?? earlier.state
            joined.receipt = news.receipt ?? earlier.receipt
        }
        joined.rows = earlier.rows + news.rows
        let isWhole =
            earlier.rows.count == earlier.head - earlier.after && earlier.head == news.after
            && news.rows.count == news.head - news.after
        let byteCount = joined.rows.reduce(0) { $0 + $1.change.bytes.count }
        if !isWhole || joined.rows.count > newsLimit || byteCount > WireLimits.page {
            joined.rows = []
        }
        return joined
    }

    /// Somebody has come, moved or left. Of a second news before the first was taken only that it came
    /// is kept.
    func post(presence news: PresenceNews) {
        change { state in
            if state.presence.updateValue(news, forKey: news.doc) == nil {
                state.presenceOrder.append(news.doc)
            } else {
                state.presence.updateValue(nil, forKey: news.doc)
            }
        }
    }

    /// Lets go of what was posted of who is in a document.
    func forgetPresence(in document: DocumentID) {
        change { state in
            state.presence.removeValue(forKey: document)
            state.presenceOrder.removeAll { $0 == document }
        }
    }

    /// A followed document was purged.
    func post(gone document: DocumentID) {
        change { $0.gone.append(document) }
    }

    /// There is a new document.
    func post(appeared: DocumentAppeared) {
        change { state in
            if state.appeared.count < Self.appearedLimit { state.appeared.append(appeared) }
        }
    }

    /// A line, or why there are no more; only when the loop has taken the one before.
    func post(line: ServerSession.Event) {
        change { state in
            if state.isClosed { return }
            precondition(state.line == nil, "one line at a time is asked for")
            state.line = line
        }
    }

    /// Ends it: the loop gets nothing more.
    func close() {
        change { state in
            state.isClosed = true
            state.line = nil
        }
    }

    // MARK: Taking

    /// The next thing to deal with.
    ///
    /// - Parameters:
    ///   - takesLines: false while the peer does not read, or has as much in flight as it may; then
    ///     nothing is taken that makes more of it without bounds.
    ///   - takesPresence: false already while the peer is behind.
    func next(takesLines: Bool, takesPresence: Bool = true) async -> Item {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state -> Item? in
                state.takesLines = takesLines
                state.takesPresence = takesPresence
                let item = state.take()
                if item == nil { state.loop = continuation }
                return item
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let (loop, item) = state.withLock { state -> (CheckedContinuation<Item, Never>?, Item?) in
            body(&state)
            guard state.loop != nil, let item = state.take() else { return (nil, nil) }
            return (state.loop.take(), item)
        }
        if let loop, let item { loop.resume(returning: item) }
    }
}
