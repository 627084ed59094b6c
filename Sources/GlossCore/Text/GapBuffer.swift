/// Scalars of one width with a gap where the last edit was, so that editing on costs no moves.
///
/// Positions are scalars. An edit elsewhere first moves the gap there: O(distance), as one
/// `memmove`, about 0.1 ms a megabyte. Memory grows by a quarter at a time and never shrinks.
struct GapBuffer<Unit: ScalarUnit>: ~Copyable {
    /// The units, with the gap among them.
    private var units: Slab<Unit>
    private var gapStart: Int
    private var gapEnd: Int

    /// An empty buffer.
    init() {
        self.init(Slab())
    }

    /// A buffer that takes over units.
    init(_ units: consuming Slab<Unit>) {
        gapStart = units.count
        gapEnd = units.count
        self.units = units
    }

    /// A buffer of the scalars of a narrower one. O(n).
    init<Narrow: ScalarUnit>(widening narrow: borrowing GapBuffer<Narrow>) {
        units = Slab(capacity: narrow.units.count)
        units.grow(by: narrow.units.count)
        gapStart = narrow.gapStart
        gapEnd = narrow.gapEnd
        for part in [0..<gapStart, gapEnd..<units.count] {
            narrow.units.withSpan(of: part) { units.replace(at: part.lowerBound, with: $0) }
        }
    }

    /// A buffer of its own with the same scalars and no room to spare. O(n).
    borrowing func copy() -> GapBuffer {
        var copy = Slab<Unit>(capacity: count)
        forEachPart(of: 0..<count) { copy.append(contentsOf: $0) }
        return GapBuffer(copy)
    }

    /// How many scalars it holds.
    var count: Int { units.count - (gapEnd - gapStart) }

    /// How many bytes it has taken from the system.
    var byteCount: Int { units.byteCount }

    /// The unit at a position. O(1).
    subscript(position: Int) -> Unit {
        precondition(position >= 0 && position < count, "the position is in the text")
        return units[position < gapStart ? position : position + (gapEnd - gapStart)]
    }

    /// Puts a unit before a position. O(1) amortised at the gap, else O(distance).
    @inline(__always)
    mutating func insert(_ unit: Unit, at position: Int) {
        if position != gapStart || gapStart == gapEnd { openGap(at: position, room: 1) }
        units[gapStart] = unit
        gapStart += 1
    }

    /// Puts units of any width before a position; each must fit. O(n + distance).
    mutating func insert<Source: ScalarUnit>(contentsOf source: Span<Source>, at position: Int) {
        openGap(at: position, room: source.count)
        units.replace(at: gapStart, with: source)
        gapStart += source.count
    }

    /// Puts scalars before a position; each must fit. O(n + distance).
    mutating func insert(contentsOf scalars: Span<Unicode.Scalar>, at position: Int) {
        openGap(at: position, room: scalars.count)
        for index in scalars.indices {
            units[gapStart] = Unit(truncatingIfNeeded: scalars[index].value)
            gapStart += 1
        }
    }

    /// Takes a range away. O(1) if it touches the gap, else O(distance).
    @inline(__always)
    mutating func remove(_ range: Range<Int>) {
        if range.upperBound == gapStart && range.lowerBound >= 0 {
            gapStart = range.lowerBound
        } else {
            removeElsewhere(range)
        }
    }

    /// Takes a range away and says how much longer it was in UTF-8 and UTF-16. O(n + distance).
    @inline(__always)
    mutating func removeMeasured(_ range: Range<Int>) -> Surplus {
        if range.upperBound == gapStart && range.lowerBound == gapStart - 1 && gapStart > 0 {
            // Backspace. Only fields are read: a call would copy what was just written.
            gapStart -= 1
            return Surplus(of: UInt32(units[gapStart]))
        }
        let removed = surplus(of: range)
        remove(range)
        return removed
    }

    @inline(never)
    private mutating func removeElsewhere(_ range: Range<Int>) {
        precondition(range.upperBound <= count && range.lowerBound >= 0, "the range is in the text")
        if range.upperBound < gapStart {
            moveGap(to: range.upperBound)
        } else if range.lowerBound > gapStart {
            moveGap(to: range.lowerBound)
        }
        gapEnd += range.upperBound - gapStart
        gapStart = range.lowerBound
    }

    /// Lends the units of a range in order, as one or two spans. O(1) beside what `body` does.
    @inline(__always)
    func forEachPart(of range: Range<Int>, _ body: (Span<Unit>) -> Void) {
        let parts = parts(of: range)
        units.withSpan(of: parts.before, body)
        if !parts.behind.isEmpty { units.withSpan(of: parts.behind, body) }
    }

    /// How much longer a range is in UTF-8 and UTF-16. O(n), many scalars a cycle.
    func surplus(of range: Range<Int>) -> Surplus {
        var sum = Surplus()
        forEachPart(of: range) { sum += Surplus(of: $0) }
        return sum
    }

    /// The scalars of a range as units copied to the end of a buffer. O(n), at most two copies.
    func append(_ range: Range<Int>, to output: inout OutputSpan<Unit>) {
        let parts = parts(of: range)
        units.append(parts.before, to: &output)
        units.append(parts.behind, to: &output)
    }

    /// Where the scalars of a range lie before the gap and behind it.
    private func parts(of range: Range<Int>) -> (before: Range<Int>, behind: Range<Int>) {
        precondition(range.upperBound <= count && range.lowerBound >= 0, "the range is in the text")
        let middle = min(max(gapStart, range.lowerBound), range.upperBound)
        let gap = gapEnd - gapStart
        return (range.lowerBound..<middle, middle + gap..<range.upperBound + gap)
    }

    /// Moves the gap to a position and sees that it has room.
    @inline(never)
    private mutating func openGap(at position: Int, room: Int) {
        precondition(position >= 0 && position <= count, "the position is in the text")
        if gapEnd - gapStart < room { widenGap(by: room - (gapEnd - gapStart)) }
        moveGap(to: position)
    }

    private mutating func moveGap(to position: Int) {
        let distance = position - gapStart
        if distance < 0 {
            units.move(from: position, to: gapEnd + distance, count: -distance)
        } else {
            units.move(from: gapEnd, to: gapStart, count: distance)
        }
        gapStart += distance
        gapEnd += distance
    }

    private mutating func widenGap(by missing: Int) {
        let end = units.count
        let added = max(missing, end / 4 + 64)
        units.reserve(end + added)
        units.grow(by: added)
        units.move(from: gapEnd, to: gapEnd + added, count: end - gapEnd)
        gapEnd += added
    }
}
