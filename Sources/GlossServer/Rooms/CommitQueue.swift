import GlossCore
import GlossProtocol
import GlossStorage

/// A push that has been judged and waits to be on disk.
struct WaitingPush {
    /// When it was received, in milliseconds since 1970.
    var time: Int
    /// For each part of the push the positions of its changes, and the running checksum at the
    /// highest of them, where it is known.
    var parts: [(document: DocumentID, positions: [Int], sum: Checksum?)]
    /// When changes were received that were there before, by the number of their part and position.
    var earlierTimes: [Int: [Int: Int]] = [:]
    /// What there is to write, in order.
    var rows: [(document: DocumentID, row: NewRow)]
    /// What is not taken of what was given back, which has one part.
    var leftOut: [LeftOut] = []
    var answer: Rooms.Answer
}

/// The pushes that wait for a commit, in the order they were judged, and the one under way.
struct CommitQueue {
    private(set) var waiting: [WaitingPush] = []
    private(set) var inFlight: [WaitingPush] = []
    private(set) var byteCount = 0
    /// Whether a task has been started that will take what waits.
    var isScheduled = false
    /// The wait before a commit; cancelled when enough has come.
    var tick: Task<Void, Never>?
    /// Tasks that wait until nothing is left.
    var idleWaiters: [CheckedContinuation<Void, Never>] = []

    mutating func append(_ push: WaitingPush) {
        waiting.append(push)
        byteCount += push.rows.reduce(0) { $0 + $1.row.bytes.count }
    }

    /// Takes what waits: from here on it is under way.
    mutating func start() {
        precondition(inFlight.isEmpty, "one commit at a time")
        inFlight = waiting
        waiting = []
        byteCount = 0
    }

    /// Ends the commit under way, and gives its pushes.
    mutating func finish() -> [WaitingPush] {
        defer { inFlight = [] }
        return inFlight
    }

    /// Gives up the commit under way and all that was judged on top of it.
    mutating func abandon() -> [WaitingPush] {
        let abandoned = inFlight + waiting
        inFlight = []
        waiting = []
        byteCount = 0
        return abandoned
    }

    /// The rows of the commit under way, by document in the order of first mention.
    var rows: [(document: DocumentID, rows: [NewRow])] {
        var indices: [DocumentID: Int] = [:]
        var found: [(document: DocumentID, rows: [NewRow])] = []
        for (document, row) in inFlight.lazy.flatMap(\.rows) {
            if let index = indices[document] {
                found[index].rows.append(row)
            } else {
                indices[document] = found.count
                found.append((document, [row]))
            }
        }
        return found
    }
}
