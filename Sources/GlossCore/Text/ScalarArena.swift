/// All scalars ever inserted into a text, in the order they came: append-only, addressed by index.
///
/// They are kept as UTF-8. While all are ASCII an index is a byte; else a mark at each 64th scalar
/// says where it begins, and the way from there is short.
struct ScalarArena: ~Copyable {
    /// How many scalars lie from one mark to the next.
    static let stride = 64

    /// How many scalars it holds.
    private(set) var count = 0
    /// The scalars as UTF-8.
    private(set) var bytes = Slab<UInt8>()
    /// Where each 64th scalar begins, the first one left out.
    private var marks = Slab<UInt32>()

    /// An empty arena.
    init() {}

    /// An arena of its own with the same scalars. O(n).
    borrowing func copy() -> ScalarArena {
        var copy = ScalarArena()
        copy.count = count
        copy.bytes = bytes.copy()
        copy.marks = marks.copy()
        return copy
    }

    /// How many bytes it has taken from the system.
    var byteCount: Int { bytes.byteCount + marks.byteCount }

    /// Gives the room back that no scalar takes. O(n).
    mutating func shrink() {
        bytes.shrink()
        marks.shrink()
    }

    /// Whether every scalar is ASCII.
    var isASCII: Bool { bytes.count == count }

    /// The scalar at an index. O(1).
    subscript(index: Int) -> Unicode.Scalar {
        precondition(index >= 0 && index < count, "the index is in the arena")
        let place = place(of: index)
        return bytes.withSpan(of: place..<bytes.count) { $0.scalar(at: 0).value }
    }

    /// The byte at which the scalar at an index begins, or the end. O(1).
    @inline(__always)
    func place(of index: Int) -> Int {
        isASCII || index == 0 ? index : index == count ? bytes.count : markedPlace(of: index)
    }

    @inline(never)
    private func markedPlace(of index: Int) -> Int {
        let mark = index / ScalarArena.stride
        let skipped = index % ScalarArena.stride
        let start = mark == 0 ? 0 : Int(marks[mark - 1])
        guard mark < marks.count else {
            return bytes.place(skipped, behind: start, end: bytes.count)
        }
        let end = Int(marks[mark])
        let isASCII = end - start == ScalarArena.stride
        return isASCII ? start + skipped : bytes.place(skipped, behind: start, end: end)
    }

    /// The bytes of a range of scalars. O(1).
    func places(of range: Range<Int>) -> Range<Int> {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= count, "the range is in the arena")
        return place(of: range.lowerBound)..<place(of: range.upperBound)
    }

    /// Adds a scalar. O(1) amortised.
    @inline(__always)
    mutating func append(_ scalar: Unicode.Scalar) {
        if scalar.value < 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        } else {
            appendWide(scalar)
        }
        count &+= 1
        if count % ScalarArena.stride == 0 { mark() }
    }

    @inline(never)
    private mutating func appendWide(_ scalar: Unicode.Scalar) {
        var left = scalar.utf8Bytes
        for _ in 0..<scalar.utf8Width {
            bytes.append(UInt8(truncatingIfNeeded: left))
            left >>= 8
        }
    }

    /// Notes where the next scalar begins, and makes room for those up to the next mark.
    @inline(never)
    private mutating func mark() {
        marks.append(UInt32(truncatingIfNeeded: bytes.count))
        bytes.makeRoom(for: 4 * ScalarArena.stride)
    }

    /// Adds scalars. O(n) amortised; a single wide one does not make a long text slow.
    mutating func append(contentsOf scalars: Span<Unicode.Scalar>) {
        var index = 0
        while index < scalars.count {
            let stretch = scalars.extracting(index..<min(scalars.count, index &+ 512))
            let start = bytes.count
            if bytes.append(ifASCII: stretch) {
                noteMarks(start, stretch.count, isASCII: true)
            } else {
                for index in stretch.indices { append(stretch[index]) }
            }
            index &+= stretch.count
        }
    }

    /// Adds the scalars of UTF-8 bytes and says how many they were; `nil`, and nothing added, if the
    /// bytes are not well-formed UTF-8. O(n), ASCII at many bytes a cycle.
    mutating func append(utf8 added: Span<UInt8>) -> Int? {
        guard let survey = UTF8Survey(added) else { return nil }
        let start = bytes.count
        bytes.makeRoom(for: added.count)
        bytes.append(contentsOf: added)
        noteMarks(start, survey.count, isASCII: survey.surplus.utf8 == 0)
        return survey.count
    }

    /// Adds the last scalars before a place where a text was just typed. O(n) amortised, one copy.
    @inline(__always)
    mutating func append(from text: borrowing TextBuffer, typedIn range: Range<Int>) {
        guard let typed = text.bytes(typedIn: range) else { return append(from: text, range) }
        let start = bytes.count
        bytes.makeRoom(for: typed.count)
        text.bytes.withSpan(of: typed) { bytes.append(contentsOf: $0) }
        noteMarks(start, range.count, isASCII: true)
    }

    /// Adds scalars from a text. O(n) amortised, one copy.
    mutating func append(from text: borrowing TextBuffer, _ range: Range<Int>) {
        let start = bytes.count
        text.forEachPart(of: range) { part in
            bytes.makeRoom(for: part.count)
            text.bytes.withSpan(of: part) { bytes.append(contentsOf: $0) }
        }
        noteMarks(start, range.count, isASCII: bytes.count - start == range.count)
    }

    /// Counts scalars that were added at a place and marks those that need it.
    private mutating func noteMarks(_ start: Int, _ added: Int, isASCII: Bool) {
        var index = count
        var place = start
        count += added
        while (marks.count + 1) * ScalarArena.stride <= count {
            let next = (marks.count + 1) * ScalarArena.stride
            if isASCII {
                place += next - index
            } else {
                place = bytes.place(next - index, behind: place, end: bytes.count)
            }
            index = next
            marks.append(UInt32(truncatingIfNeeded: place))
        }
    }

    /// Gives the last scalars up, down to `remaining`. O(1).
    mutating func truncate(to remaining: Int) {
        precondition(remaining >= 0 && remaining <= count, "truncation only shrinks")
        bytes.truncate(to: place(of: remaining))
        count = remaining
        marks.truncate(to: remaining / ScalarArena.stride)
    }
}
