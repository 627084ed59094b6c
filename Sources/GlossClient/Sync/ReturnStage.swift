import GlossProtocol
import GlossStorage

/// The ends of a document's logs that are being given back.
struct Returning {
    var logs: [FormerLog]
    /// The pages of the first of them, in order.
    var pages: [FormerPage] = []
    /// Which of them was given last, once all are signed.
    var given = -1
    /// Whether the server left something out of them that it may take another time.
    var waits = false
    /// What this device made and the server will not take, as what it stands on is gone. It goes into the
    /// outbox once nothing of the log has to be given as it was.
    var stranded: [(row: LogOutline, code: ErrorCode, message: String)] = []
}

/// How far giving back what the server has lost of a document is, on one connection.
enum ReturnStage {
    /// It is being given back.
    case underWay(Returning)
    /// The server would not take it just now, and something waits for it to make way: it is given again
    /// when it is time.
    case deferred(Returning)
    /// Nothing more is given back, since the server would not take it just now. If something has to
    /// make way after all, it is tried again.
    case postponed
    /// Nothing more is given back.
    case ended

    /// What is being given back, or will be.
    var current: Returning? {
        switch self {
        case .underWay(let returning), .deferred(let returning): returning
        case .postponed, .ended: nil
        }
    }

    var isDeferred: Bool {
        if case .deferred = self { true } else { false }
    }

    var isOver: Bool { current == nil }

    /// Goes on with what was deferred.
    mutating func resume() {
        if case .deferred(let returning) = self { self = .underWay(returning) }
    }

    /// Changes what is being given back, or will be.
    mutating func update(_ change: (inout Returning) -> Void) {
        switch self {
        case .underWay(var returning):
            change(&returning)
            self = .underWay(returning)
        case .deferred(var returning):
            change(&returning)
            self = .deferred(returning)
        case .postponed, .ended: break
        }
    }
}

/// How far what the server has lost of a document is with making way for what has its numbers now.
enum MakingWay {
    /// The document is not followed before all that was signed is given back and no push of its article
    /// is on its way.
    case paused
    /// It is followed again, and read from the start; what stands in the way of a row makes way for it.
    case followed
}
