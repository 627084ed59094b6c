/// A kind of fault that a simulation has met with.
enum FaultKind: String, CaseIterable, Comparable {
    case hold, cut, halfOpen, bytesLost, reconnection, dialFailed
    case clientHalted, serverHalted, slowReader
    /// What a client holds for unsent is on the server's disk.
    case ackLost
    case clientKilled, serverCrashed, serverVanished
    /// The server was stopped in good order, and a client was told when to come back.
    case drained, sentAway
    case diskFull, diskReadOnly, diskLocked, diskFailed, fsyncLost, fsyncKept
    case crashBeforeWrite, crashBehindWrite
    /// No fault, but to be met with all the same.
    case compacted, givenBack, keptPrivate
    /// A peer read so slowly that the outbox was full.
    case outboxFilled
    /// Somebody goes on without what others do not bring back.
    case wentWithout
    case restored, rolledBack, copied, clockStep, roleChanged, removed, revoked
    case articleRoleChanged, articleHidden

    static func < (left: FaultKind, right: FaultKind) -> Bool { left.rawValue < right.rawValue }

    init(_ fault: DiskFault) {
        self =
            switch fault {
            case .full: .diskFull
            case .readOnly: .diskReadOnly
            case .locked: .diskLocked
            case .io: .diskFailed
            case .fsyncLost: .fsyncLost
            case .fsyncKept: .fsyncKept
            case .crashBefore: .crashBeforeWrite
            case .crashBehind: .crashBehindWrite
            }
    }
}

/// How often each kind of fault had an effect, and how much went on beside.
struct FaultTally: CustomStringConvertible {
    private(set) var counts: [FaultKind: Int] = [:]
    var runs = 0
    var acts = 0
    var acks = 0
    /// Changes told as a `row`.
    var briefRows = 0
    /// Changes that an ack names the time of, and those that one leaves out.
    var earlierTimes = 0
    var leftOut = 0
    var refusals = 0
    /// The most bytes that waited for one peer, and that lay in one mailbox.
    var mostWaiting = 0
    var mostMail = 0

    mutating func count(_ kind: FaultKind) {
        counts[kind, default: 0] += 1
    }

    func has(_ kinds: FaultKind...) -> Bool {
        kinds.contains { counts[$0] != nil }
    }

    mutating func add(_ other: FaultTally) {
        counts.merge(other.counts, uniquingKeysWith: +)
        runs += other.runs
        acts += other.acts
        acks += other.acks
        briefRows += other.briefRows
        earlierTimes += other.earlierTimes
        leftOut += other.leftOut
        refusals += other.refusals
        mostWaiting = max(mostWaiting, other.mostWaiting)
        mostMail = max(mostMail, other.mostMail)
    }

    /// Kinds of faults that never came up.
    var missing: [FaultKind] { FaultKind.allCases.filter { counts[$0] == nil } }

    var description: String {
        let kinds = counts.sorted { $0.key < $1.key }.map { "\($0.key.rawValue) \($0.value)" }
        return "\(runs) runs, \(acts) acts, \(acks) acks, \(briefRows) rows, \(refusals) refusals, "
            + "\(earlierTimes) earlier times, \(leftOut) left out, \(mostWaiting) bytes in an outbox, \(mostMail) in a mailbox; "
            + kinds.joined(separator: ", ")
    }
}
