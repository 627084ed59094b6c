/// What a ``TextBuffer`` knows of one of its blocks while nobody types there.
///
/// A block's bytes lie in a frame of the buffer's slab: `gap` bytes at its start, the others at its
/// end, and what is free between them.
struct TextBlock: BitwiseCopyable {
    /// Which frame it has.
    var frame: UInt32
    /// How many scalars it holds.
    var count: UInt16 = 0
    /// How many bytes they take in UTF-8.
    var byteCount: UInt16 = 0
    /// How many of them are from U+10000 on: two units of UTF-16.
    var astral: UInt16 = 0
    /// How many bytes lie before the gap.
    var gap: UInt16 = 0
    /// How many scalars lie before the gap.
    var before: UInt16 = 0

    /// An empty block in a frame.
    init(frame: Int) { self.frame = UInt32(truncatingIfNeeded: frame) }

    /// How long it is.
    @inline(__always)
    var length: TextLength {
        TextLength(
            count: Int(count),
            surplus: Surplus(utf8: Int(byteCount) &- Int(count), utf16: Int(astral)))
    }
}

/// How long some text is in scalars and in the units of other programs.
struct TextLength: BitwiseCopyable {
    /// How many scalars it has.
    var count = 0
    /// How much longer it is in UTF-8 and UTF-16.
    var surplus = Surplus()

    @inline(__always)
    static func += (left: inout TextLength, right: TextLength) {
        left.count &+= right.count
        left.surplus += right.surplus
    }

    @inline(__always)
    static func -= (left: inout TextLength, right: TextLength) {
        left.count &-= right.count
        left.surplus -= right.surplus
    }
}
