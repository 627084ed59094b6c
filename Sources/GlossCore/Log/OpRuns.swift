/// What every operation of a document does, in runs, by local version.
///
/// Typing, erasing forward and erasing backward each take one run however long they go on, across
/// changes. Within a change a run never takes up two operations or two spans of a deletion, so that
/// the change can be written down again exactly as it was.
struct OpRuns: ~Copyable {
    /// A run of operations. Where it ends, the next one begins.
    struct Run: BitwiseCopyable {
        /// The local version of the first operation below the kind.
        private var head: UInt32
        /// Of an insertion, the left origin of its first character; of a deletion, the first
        /// character deleted; of anything else, its place in ``OpRuns/others``.
        var subject: UInt32
        /// Of an insertion, the right origin of all its characters; of a deletion, its flags.
        var object: UInt32
        /// Of an insertion, the place of its first scalar.
        var scalar: UInt32

        init(_ kind: Kind, start: Int, subject: Int, object: UInt32 = 0, scalar: Int = 0) {
            head = UInt32(truncatingIfNeeded: start) | kind.rawValue << 30
            self.subject = UInt32(truncatingIfNeeded: subject)
            self.object = object
            self.scalar = UInt32(truncatingIfNeeded: scalar)
        }

        @inline(__always) var start: Int { Int(head & (1 << 30 - 1)) }
        @inline(__always) var kind: Kind { Kind(head: head) }
    }

    enum Kind: UInt32 {
        case insertion = 0
        case deletion = 1
        case other = 2

        @inline(__always) init(head: UInt32) {
            self = head >> 30 == 0 ? .insertion : head >> 30 == 1 ? .deletion : .other
        }
    }

    /// Of a deletion: each next operation deletes the character before, not the one behind.
    static let reversed: UInt32 = 1
    /// Of a deletion: the run is a further span of the operation before it.
    static let nextSpan: UInt32 = 2
    /// Of a deletion: the run goes on with the span before it, whose characters do not have
    /// consecutive local versions here.
    static let sameSpan: UInt32 = 4

    /// What an insertion or deletion says beside its text.
    struct Detail {
        /// The local version of its first operation.
        var version: Int
        /// The characters it is meant to replace.
        var replaces: [OpSpan] = []
        /// The characters it was moved from, one for each of its own.
        var from: [OpSpan] = []
        /// The suggestion it accepts.
        var accepts: OpID?

        /// Whether it says nothing.
        var isEmpty: Bool { replaces.isEmpty && from.isEmpty && accepts == nil }
    }

    private(set) var runs = Slab<Run>()
    /// Every scalar ever inserted, in the order of local versions.
    var scalars = ScalarArena()
    /// Operations that are neither insertions nor deletions, as they were made.
    private(set) var others = PackedOps()
    /// Ascending by version.
    private(set) var details: [Detail] = []
    /// The versions of insertions that replace just what the deletion before them deletes.
    private(set) var replacements = Slab<UInt32>()
    /// How many local versions the runs take, those below ``base`` counted.
    private(set) var count = 0
    /// Below this version the runs are not there: of a document opened from a snapshot.
    private(set) var base = 0

    /// No runs.
    init() {}

    /// Runs of which those below a version are not there, though the operations beside the text are.
    init(base: Int, others: consuming PackedOps, details: [Detail]) {
        self.base = base
        self.others = others
        self.details = details
        count = base
    }

    /// How many bytes it has taken from the system, but for ``details``.
    var byteCount: Int {
        runs.byteCount + scalars.byteCount + replacements.byteCount + others.byteCount
    }

    /// Runs of their own with the same content.
    borrowing func copy() -> OpRuns {
        var copy = OpRuns()
        copy.runs = runs.copy()
        copy.scalars = scalars.copy()
        copy.others = others.copy()
        copy.details = details
        copy.replacements = replacements.copy()
        copy.count = count
        copy.base = base
        return copy
    }

    /// Gives the room back that nothing takes. O(n).
    mutating func shrink() {
        runs.shrink()
        scalars.shrink()
        others.shrink()
        replacements.shrink()
    }

    // MARK: Adding

    /// Adds a ready run, of an insertion or deletion. O(1) amortised.
    @inline(__always)
    mutating func append(_ run: Run, count added: Int) {
        runs.append(run)
        count &+= added
    }

    /// Lets the last run have more operations.
    @inline(__always)
    mutating func extendRun(by added: Int) { count &+= added }

    /// Adds an insertion.
    ///
    /// - Parameters:
    ///   - scalar: the place of its first scalar; `nil` if its scalars come next.
    ///   - mayExtend: whether it is the first operation of its change.
    @inline(__always)
    mutating func appendInsertion(
        count added: Int, left: Int, right: Int, scalar: Int? = nil, mayExtend: Bool
    ) {
        let target = UInt32(truncatingIfNeeded: right)
        if mayExtend, left == count &- 1, runs.count > 0 {
            let last = runs[runs.count &- 1]
            if last.kind == .insertion, last.object == target {
                count &+= added
                return
            }
        }
        runs.append(
            Run(
                .insertion, start: count, subject: left, object: target,
                scalar: scalar ?? scalars.count))
        count &+= added
    }

    /// Adds a deletion of characters with consecutive local versions.
    ///
    /// - Parameters:
    ///   - joint: 0 for a new operation, ``nextSpan`` or ``sameSpan`` for more of the one before.
    ///   - mayExtend: whether it is the first operation of its change, and its first span.
    @inline(__always)
    mutating func appendDeletion(of target: Int, count added: Int, joint: UInt32, mayExtend: Bool) {
        if mayExtend, runs.count > 0 {
            let index = runs.count &- 1
            let last = runs[index]
            if last.kind == .deletion {
                let length = count &- last.start
                let isReversed = last.object & OpRuns.reversed != 0
                let first = Int(last.subject)
                if length == 1 || !isReversed, target == first &+ length {
                    runs[index].object &= ~OpRuns.reversed
                    count &+= added
                    return
                }
                if added == 1, length == 1 || isReversed, target == first &- length {
                    runs[index].object |= OpRuns.reversed
                    count &+= 1
                    return
                }
            }
        }
        runs.append(Run(.deletion, start: count, subject: target, object: joint))
        count &+= added
    }

    /// Adds deletions of one character each, from the last of a stretch to its first.
    mutating func appendReversedDeletion(of first: Int, count added: Int) {
        let last = first + added - 1
        if added == 1 {
            return appendDeletion(of: first, count: 1, joint: 0, mayExtend: true)
        }
        if runs.count > 0 {
            let index = runs.count - 1
            let run = runs[index]
            let length = count - run.start
            let isReversed = run.object & OpRuns.reversed != 0
            if run.kind == .deletion, length == 1 || isReversed,
                last == Int(run.subject) - length
            {
                runs[index].object |= OpRuns.reversed
                count += added
                return
            }
        }
        runs.append(Run(.deletion, start: count, subject: last, object: OpRuns.reversed))
        count += added
    }

    /// Adds the scalars of an insertion from where the text has them, typed there last.
    @inline(__always)
    mutating func appendScalars(of buffer: borrowing TextBuffer, typedIn range: Range<Int>) {
        scalars.append(from: buffer, typedIn: range)
    }

    /// Lets the last run delete more characters behind those it does: more of the same span.
    @inline(__always)
    mutating func extendDeletion(by added: Int) { count &+= added }

    /// Lets the last run delete characters that come next to it on either side; gives whether they
    /// do, and it is a deletion that is joint so.
    mutating func extendDeletion(by targets: Range<Int>, joint: UInt32) -> Bool {
        guard let last = runs.last, last.kind == .deletion,
            last.object & ~OpRuns.reversed == joint
        else { return false }
        let length = count - last.start
        let isReversed = last.object & OpRuns.reversed != 0
        let first = Int(last.subject)
        if length == 1 || !isReversed, targets.lowerBound == first + length {
            runs[runs.count - 1].object = joint
        } else if length == 1 || isReversed, targets.upperBound == first - length + 1 {
            runs[runs.count - 1].object = joint | OpRuns.reversed
        } else {
            return false
        }
        count += targets.count
        return true
    }

    /// Adds an operation of another kind.
    mutating func append(_ op: Op) {
        runs.append(Run(.other, start: count, subject: others.count))
        others.append(op, at: count)
        count += 1
    }

    /// Notes what an insertion or deletion says beside its text.
    mutating func append(_ detail: Detail) { details.append(detail) }

    /// Notes that the insertion at a version replaces just what the deletion before it deletes.
    mutating func appendReplacement(_ version: Int) {
        replacements.append(UInt32(truncatingIfNeeded: version))
    }

    /// Makes room for so many runs.
    mutating func reserve(runs wanted: Int) {
        runs.reserve(wanted)
    }

    /// Takes back all operations from a version on.
    mutating func truncate(to remaining: Int) {
        precondition(remaining <= count, "truncation only shrinks")
        while runs.count > 0 {
            let last = runs[runs.count - 1]
            if last.kind == .insertion {
                scalars.truncate(to: Int(last.scalar) + max(0, remaining - last.start))
            }
            if last.start < remaining {
                // One deletion alone has no direction.
                if last.kind == .deletion, remaining - last.start == 1 {
                    runs[runs.count - 1].object &= ~OpRuns.reversed
                }
                break
            }
            if last.kind == .other { others.removeLast() }
            runs.truncate(to: runs.count - 1)
        }
        while let last = details.last, last.version >= remaining { details.removeLast() }
        while replacements.count > 0, Int(replacements[replacements.count - 1]) >= remaining {
            replacements.truncate(to: replacements.count - 1)
        }
        count = remaining
    }
}
