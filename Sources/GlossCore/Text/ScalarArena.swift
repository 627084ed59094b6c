/// All scalars ever inserted into a text, in the order they came: append-only, addressed by index.
///
/// Each takes 1 byte while all are below U+0100, then 2, then 4 (see ``ScalarWidth``). Widening
/// copies everything once, so at most twice in an arena's life.
struct ScalarArena: ~Copyable {
    /// Every bit that is set in any scalar, those that were truncated included. It decides the width.
    private(set) var union: UInt32 = 0
    /// How many bytes each scalar takes.
    private(set) var width = ScalarWidth.one
    // One of these three holds the scalars; the others are empty.
    private(set) var narrow = Slab<UInt8>()
    private(set) var medium = Slab<UInt16>()
    private(set) var wide = Slab<UInt32>()

    /// An empty arena.
    init() {}

    /// An arena of its own with the same scalars. O(n).
    borrowing func copy() -> ScalarArena {
        var copy = ScalarArena()
        copy.union = union
        copy.width = width
        copy.narrow = narrow.copy()
        copy.medium = medium.copy()
        copy.wide = wide.copy()
        return copy
    }

    /// How many scalars it holds.
    var count: Int {
        switch width {
        case .one: narrow.count
        case .two: medium.count
        case .four: wide.count
        }
    }

    /// How many bytes it has taken from the system.
    var byteCount: Int { narrow.byteCount + medium.byteCount + wide.byteCount }

    /// Whether every scalar it ever held is ASCII.
    var isASCII: Bool { union < 0x80 }

    /// The scalar at an index. O(1).
    subscript(index: Int) -> Unicode.Scalar {
        precondition(index >= 0 && index < count, "the index is in the arena")
        return switch width {
        case .one: Unicode.Scalar(narrow[index])
        case .two: medium[index].scalar
        case .four: wide[index].scalar
        }
    }

    /// Adds a scalar. O(1) amortised.
    @inline(__always)
    mutating func append(_ scalar: Unicode.Scalar) {
        union |= scalar.value
        if union < 0x100 {
            narrow.append(UInt8(truncatingIfNeeded: scalar.value))
        } else {
            appendWide(scalar)
        }
    }

    @inline(never)
    private mutating func appendWide(_ scalar: Unicode.Scalar) {
        widen(toHold: scalar.value)
        switch width {
        case .one: narrow.append(UInt8(truncatingIfNeeded: scalar.value))
        case .two: medium.append(UInt16(truncatingIfNeeded: scalar.value))
        case .four: wide.append(scalar.value)
        }
    }

    /// Adds scalars. O(n) amortised.
    mutating func append(contentsOf scalars: Span<Unicode.Scalar>) {
        var added: UInt32 = 0
        scalars.forEach { added |= $0.value }
        widen(toHold: added)
        switch width {
        case .one:
            scalars.forEach { narrow.append(UInt8(truncatingIfNeeded: $0.value)) }
        case .two:
            scalars.forEach { medium.append(UInt16(truncatingIfNeeded: $0.value)) }
        case .four:
            scalars.forEach { wide.append($0.value) }
        }
    }

    /// Adds scalars from a text. O(n) amortised.
    mutating func append(from buffer: borrowing TextBuffer, _ range: Range<Int>) {
        for position in range { append(buffer[position]) }
    }

    /// Adds the scalars of UTF-8 bytes and says how many they were; `nil`, and nothing added, if the
    /// bytes are not well-formed UTF-8. O(n), ASCII at many bytes a cycle.
    mutating func append(utf8 bytes: Span<UInt8>) -> Int? {
        guard let survey = UTF8Survey(bytes) else { return nil }
        widen(toHold: survey.union)
        switch width {
        case .one: narrow.append(bytes, surveyed: survey)
        case .two: medium.append(bytes, surveyed: survey)
        case .four: wide.append(bytes, surveyed: survey)
        }
        return survey.count
    }

    /// Gives the last scalars up, down to `remaining`. O(1); the width stays.
    mutating func truncate(to remaining: Int) {
        switch width {
        case .one: narrow.truncate(to: remaining)
        case .two: medium.truncate(to: remaining)
        case .four: wide.truncate(to: remaining)
        }
    }

    /// Makes every scalar as wide as the widest of those held and those to come.
    @inline(__always)
    private mutating func widen(toHold added: UInt32) {
        union |= added
        let wanted = ScalarWidth(holding: union)
        if wanted > width { widen(to: wanted) }
    }

    @inline(never)
    private mutating func widen(to wanted: ScalarWidth) {
        switch (width, wanted) {
        case (.one, .two):
            medium = Slab(widening: narrow)
        case (.one, _):
            wide = Slab(widening: narrow)
        default:
            wide = Slab(widening: medium)
            medium = Slab()
        }
        narrow = Slab()
        width = wanted
    }
}

extension Slab where Element: ScalarUnit {
    /// A slab of the scalars of a narrower one. O(n).
    fileprivate init<Narrow: ScalarUnit>(widening narrow: borrowing Slab<Narrow>) {
        self.init(capacity: narrow.count + narrow.count / 4)
        grow(by: narrow.count)
        narrow.withSpan(of: 0..<narrow.count) { replace(at: 0, with: $0) }
    }
}
