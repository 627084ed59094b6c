/// The visible text of an article: a list of blocks of UTF-8, each a small gap buffer.
///
/// Positions are Unicode scalars. A block has a frame of 4 kB in one slab. Where somebody types, the
/// block is open: its gap stands in fields, and an edit at the gap touches only these. An edit
/// elsewhere closes the block, finds the other one by the lengths of blocks and of groups of them,
/// and moves at most one block's bytes to get the gap there. In a block that is all ASCII a position
/// is a byte; in others the way from the gap or the block's start has to be counted.
///
/// The lengths in UTF-8 and UTF-16 are kept along; where text is ASCII that costs nothing.
struct TextBuffer: ~Copyable {
    /// How many blocks one of ``groups`` sums up.
    static let groupSize = 64

    /// How many bytes a block may have.
    let frameSize: Int
    /// How many bytes of a block stay free where there is a choice.
    var spare: Int { max(4, frameSize / 8) }
    /// The frames of the blocks.
    var bytes = Slab<UInt8>()
    /// The blocks in the order of the text; what the open one says is out of date.
    var blocks = Slab<TextBlock>()
    /// How long every 64 blocks are together, going by what they say themselves.
    var groups = Slab<TextLength>()
    /// Frames without a block.
    var freeFrames = Slab<UInt32>()
    /// How much longer the text is in UTF-8 and UTF-16.
    var surplus = Surplus()

    /// The index of the open block.
    var openIndex = 0
    /// The position at which it begins.
    var start = 0
    /// How much longer it is in UTF-8 and UTF-16.
    var openSurplus = Surplus()
    /// The byte of the slab at which it begins.
    var floor = 0
    /// The bytes of the slab that are its gap.
    var gap = 0
    var gapEnd = 0
    /// The byte of the slab at which it ends.
    var ceiling = 0
    /// How many scalars of the whole text lie before the gap.
    var position = 0
    /// How many scalars of the whole text lie behind the gap.
    var behind = 0

    /// An empty text.
    ///
    /// - Parameter frameSize: how many bytes a block may have, 16 at least.
    init(frameSize: Int = 4096) {
        precondition(frameSize >= 16 && frameSize <= 0xFFFF, "a block holds a few scalars")
        self.frameSize = frameSize
    }

    /// A text from UTF-8 bytes, or `nil` if they are not well-formed. O(n).
    init?(utf8 bytes: Span<UInt8>, frameSize: Int = 4096) {
        guard let survey = UTF8Survey(bytes) else { return nil }
        self.init(frameSize: frameSize)
        insertAtGap(bytes, isASCII: survey.surplus.utf8 == 0)
    }

    /// A text of its own with the same scalars. O(n).
    borrowing func copy() -> TextBuffer {
        var copy = TextBuffer(frameSize: frameSize)
        copy.bytes = bytes.copy()
        copy.blocks = blocks.copy()
        copy.groups = groups.copy()
        copy.freeFrames = freeFrames.copy()
        copy.surplus = surplus
        copy.openIndex = openIndex
        copy.start = start
        copy.openSurplus = openSurplus
        copy.floor = floor
        copy.gap = gap
        copy.gapEnd = gapEnd
        copy.ceiling = ceiling
        copy.position = position
        copy.behind = behind
        return copy
    }

    /// How many scalars it holds. O(1).
    var count: Int { position &+ behind }

    /// How many bytes it has taken from the system.
    var byteCount: Int {
        bytes.byteCount + blocks.byteCount + groups.byteCount + freeFrames.byteCount
    }

    /// Puts a scalar before a position. O(1) amortised where the last edit was, else O(log n) and a
    /// move inside a block.
    @inline(__always)
    mutating func insert(_ scalar: Unicode.Scalar, at place: Int) {
        if place == position && gap < gapEnd && scalar.value < 0x80 {
            bytes[gap] = UInt8(truncatingIfNeeded: scalar.value)
            gap &+= 1
            position &+= 1
        } else {
            insertElsewhere(scalar, at: place)
        }
    }

    @inline(never)
    private mutating func insertElsewhere(_ scalar: Unicode.Scalar, at place: Int) {
        if place != position { move(to: place, reaching: place) }
        insertAtGap(scalar)
    }

    /// Puts scalars of an arena before a position. O(n), and O(log n) and a move inside a block if the
    /// last edit was elsewhere.
    mutating func insert(
        from arena: borrowing ScalarArena, _ range: Range<Int>, at place: Int
    ) {
        if place != position { move(to: place, reaching: place) }
        let places = arena.places(of: range)
        arena.bytes.withSpan(of: places) { insertAtGap($0, isASCII: $0.count == range.count) }
    }

    /// Takes a range away. O(1) where the last edit was, else as an insertion; O(n) if the text there
    /// is not ASCII, and O(n / 4096) for whole blocks.
    @inline(__always)
    mutating func remove(_ range: Range<Int>) {
        let removed = range.upperBound &- range.lowerBound
        if openSurplus.utf8 == 0 && range.upperBound == position && range.lowerBound >= start {
            gap &-= removed
            position &-= removed
        } else if openSurplus.utf8 == 0 && range.lowerBound == position
            && removed <= ceiling &- gapEnd
        {
            gapEnd &+= removed
            behind &-= removed
        } else {
            removeElsewhere(range)
        }
    }

    // MARK: At the gap

    private mutating func insertAtGap(_ scalar: Unicode.Scalar) {
        let width = scalar.utf8Width
        if gapEnd &- gap < width { makeRoom() }
        var left = scalar.utf8Bytes
        for _ in 0..<width {
            bytes[gap] = UInt8(truncatingIfNeeded: left)
            left >>= 8
            gap &+= 1
        }
        position &+= 1
        let added = Surplus(of: scalar.value)
        openSurplus += added
        surplus += added
    }

    /// Sees that the frames of so many bytes more can be had without growing twice.
    @inline(__always)
    private mutating func reserveFrames(for added: Int) {
        guard added > frameSize else { return }
        bytes.makeRoom(for: (added / (frameSize &- spare) &+ 2) &* frameSize)
    }

    /// Puts well-formed UTF-8 where the gap is.
    private mutating func insertAtGap(_ source: Span<UInt8>, isASCII: Bool) {
        reserveFrames(for: source.count)
        var index = 0
        while index < source.count {
            let left = source.count &- index
            var next = index &+ min(left, room(for: left))
            if next < source.count {
                while source[next].isContinuation { next &-= 1 }
            }
            let first = gap
            bytes.replace(at: gap, with: source.extracting(index..<next))
            gap &+= next &- index
            position &+= next &- index
            if !isASCII {
                let added = bytes.surplus(of: first..<gap)
                position &-= added.utf8
                openSurplus += added
                surplus += added
            }
            index = next
            if index < source.count { makeRoom() }
        }
    }

    /// How many of many bytes to put into the gap, four at least if there are so many.
    ///
    /// Where a long text goes into an empty block, some room is left for edits to come.
    private mutating func room(for left: Int) -> Int {
        if gapEnd &- gap < min(left, 4) { makeRoom() }
        let room = gapEnd &- gap
        return left > room && room > frameSize / 2 ? room &- spare : room
    }
}
