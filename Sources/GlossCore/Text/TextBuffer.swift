/// The visible text of an article: a gap buffer whose positions are Unicode scalars.
///
/// Each scalar takes 1 byte while all are below U+0100, then 2, then 4 (see ``ScalarWidth``), so a
/// position is an index. Edits where the last one was cost O(1), others move the gap first. The
/// lengths in UTF-8 and UTF-16 are kept along; where text is ASCII that costs nothing.
struct TextBuffer: ~Copyable {
    /// How many bytes each scalar takes.
    private(set) var width = ScalarWidth.one
    /// How much longer the text is in UTF-8 and UTF-16.
    private(set) var surplus = Surplus()
    // One of these three holds the text; the others are empty.
    private(set) var narrow = GapBuffer<UInt8>()
    private(set) var medium = GapBuffer<UInt16>()
    private(set) var wide = GapBuffer<UInt32>()

    /// An empty text.
    init() {}

    /// A text from UTF-8 bytes, or `nil` if they are not well-formed. O(n).
    init?(utf8 bytes: Span<UInt8>) {
        guard let survey = UTF8Survey(bytes) else { return nil }
        width = ScalarWidth(holding: survey.union)
        surplus = survey.surplus
        switch width {
        case .one: narrow = GapBuffer(Slab(bytes, surveyed: survey))
        case .two: medium = GapBuffer(Slab(bytes, surveyed: survey))
        case .four: wide = GapBuffer(Slab(bytes, surveyed: survey))
        }
    }

    /// A text of its own with the same scalars. O(n).
    borrowing func copy() -> TextBuffer {
        var copy = TextBuffer()
        copy.width = width
        copy.surplus = surplus
        copy.narrow = narrow.copy()
        copy.medium = medium.copy()
        copy.wide = wide.copy()
        return copy
    }

    /// How many scalars it holds. O(1).
    var count: Int {
        switch width {
        case .one: narrow.count
        case .two: medium.count
        case .four: wide.count
        }
    }

    /// How many bytes it has taken from the system.
    var byteCount: Int { narrow.byteCount + medium.byteCount + wide.byteCount }

    /// The scalar at a position. O(1).
    subscript(position: Int) -> Unicode.Scalar {
        switch width {
        case .one: Unicode.Scalar(narrow[position])
        case .two: medium[position].scalar
        case .four: wide[position].scalar
        }
    }

    /// Puts a scalar before a position. O(1) amortised where the last edit was, else O(distance).
    @inline(__always)
    mutating func insert(_ scalar: Unicode.Scalar, at position: Int) {
        if width == .one && scalar.value < 0x80 {
            narrow.insert(UInt8(truncatingIfNeeded: scalar.value), at: position)
        } else {
            insertWide(scalar, at: position)
        }
    }

    @inline(never)
    private mutating func insertWide(_ scalar: Unicode.Scalar, at position: Int) {
        widen(toHold: scalar.value)
        switch width {
        case .one: narrow.insert(UInt8(truncatingIfNeeded: scalar.value), at: position)
        case .two: medium.insert(UInt16(truncatingIfNeeded: scalar.value), at: position)
        case .four: wide.insert(scalar.value, at: position)
        }
        surplus += Surplus(of: scalar.value)
    }

    /// Puts scalars before a position. O(n) amortised, and O(distance) from the last edit.
    mutating func insert(contentsOf scalars: Span<Unicode.Scalar>, at position: Int) {
        var union: UInt32 = 0
        scalars.forEach { union |= $0.value }
        widen(toHold: union)
        switch width {
        case .one: narrow.insert(contentsOf: scalars, at: position)
        case .two: medium.insert(contentsOf: scalars, at: position)
        case .four: wide.insert(contentsOf: scalars, at: position)
        }
        if union >= 0x80 {
            scalars.forEach { surplus += Surplus(of: $0.value) }
        }
    }

    /// Puts scalars of an arena before a position. O(n) amortised, and O(distance) from the last
    /// edit.
    mutating func insert(
        from arena: borrowing ScalarArena, _ range: Range<Int>, at position: Int
    ) {
        switch arena.width {
        case .one: arena.narrow.withSpan(of: range) { insert($0, arena.isASCII, at: position) }
        case .two: arena.medium.withSpan(of: range) { insert($0, false, at: position) }
        case .four: arena.wide.withSpan(of: range) { insert($0, false, at: position) }
        }
    }

    private mutating func insert<Unit: ScalarUnit>(
        _ units: Span<Unit>, _ isASCII: Bool, at position: Int
    ) {
        if !isASCII {
            // Only what is inserted counts: an arena stays wide for scalars deleted long ago.
            var union: Unit = 0
            units.forEach { union |= $0 }
            widen(toHold: UInt32(union))
            surplus += Surplus(of: units)
        }
        switch width {
        case .one: narrow.insert(contentsOf: units, at: position)
        case .two: medium.insert(contentsOf: units, at: position)
        case .four: wide.insert(contentsOf: units, at: position)
        }
    }

    /// Takes a range away. O(1) where the last edit was, else O(distance); and O(n) if the text is
    /// not ASCII. The width stays.
    @inline(__always)
    mutating func remove(_ range: Range<Int>) {
        if width == .one && surplus.utf8 == 0 {
            narrow.remove(range)
        } else {
            removeWide(range)
        }
    }

    @inline(never)
    private mutating func removeWide(_ range: Range<Int>) {
        switch width {
        case .one: surplus -= narrow.removeMeasured(range)
        case .two: surplus -= medium.removeMeasured(range)
        case .four: surplus -= wide.removeMeasured(range)
        }
    }

    /// Makes every scalar as wide as the widest of those held and those to come.
    @inline(__always)
    private mutating func widen(toHold union: UInt32) {
        let wanted = ScalarWidth(holding: union)
        if wanted > width { widen(to: wanted) }
    }

    @inline(never)
    private mutating func widen(to wanted: ScalarWidth) {
        switch (width, wanted) {
        case (.one, .two):
            medium = GapBuffer(widening: narrow)
        case (.one, _):
            wide = GapBuffer(widening: narrow)
        default:
            wide = GapBuffer(widening: medium)
            medium = GapBuffer()
        }
        narrow = GapBuffer()
        width = wanted
    }
}

extension Slab where Element: ScalarUnit {
    /// A slab of the scalars of UTF-8 that a survey found well-formed and not wider than a unit.
    fileprivate init(_ bytes: Span<UInt8>, surveyed survey: UTF8Survey) {
        self.init()
        append(bytes, surveyed: survey)
    }
}
