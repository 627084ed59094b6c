import GlossProtocol
import GlossStorage

/// What is known of a change beside the change.
struct Mark: Hashable {
    var hash: ChangeHash
    /// The running checksum up to and including it.
    var sum: Checksum
    /// When it was received, in milliseconds since 1970; `nil` if it is in a block of the store.
    var time: Int?
}

/// The marks of the last changes of a log: some hundreds of those on disk, and all that are on their
/// way there.
struct RecentMarks {
    static let countLimit = 128

    /// The position in front of the first.
    private(set) var base: Int
    private var baseSum: Checksum
    private var marks: [Mark] = []

    /// None, of a log that reaches to a position with a running checksum.
    init(head: Int, sum: Checksum) {
        base = head
        baseSum = sum
    }

    /// The running checksum at a position; `nil` in front of the first mark but one.
    func sum(at position: Int) -> Checksum? {
        position == base ? baseSum : self[position]?.sum
    }

    /// The mark at a position; `nil` if it is not kept.
    subscript(position: Int) -> Mark? {
        let index = position - base - 1
        return marks.indices.contains(index) ? marks[index] : nil
    }

    /// Adds the mark of the next change.
    mutating func append(_ hash: ChangeHash, at time: Int) {
        let sum = (marks.last?.sum ?? baseSum).adding(hash)
        marks.append(Mark(hash: hash, sum: sum, time: time))
    }

    /// Forgets old ones, once there are many that the store has.
    mutating func trim(durableHead: Int) {
        guard marks.count > 2 * Self.countLimit else { return }
        let dropped = min(marks.count - Self.countLimit, durableHead - base)
        if dropped > 0 { baseSum = marks[dropped - 1].sum }
        marks.removeFirst(dropped)
        base += dropped
    }
}

/// Marks that were read from the store for a push, by position.
typealias KnownMarks = [Int: Mark]

extension Mark {
    /// A mark as the store has it; `nil` if its hash is malformed.
    init?(_ mark: LogMark) {
        guard let hash = ChangeHash(bytes: mark.hash) else { return nil }
        self.init(hash: hash, sum: Checksum(rawValue: mark.sum), time: mark.receivedAt)
    }
}
