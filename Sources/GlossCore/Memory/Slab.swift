/// A growable block of plain values, owned by one place: the only file of the core with unsafe
/// pointers.
///
/// Every access asserts its bounds in debug builds and trusts them in release builds, where the
/// engine's invariants stand for them. Elements are plain bits, so nothing is retained, released or
/// destroyed one by one; growth moves them all, O(1) amortised.
struct Slab<Element: BitwiseCopyable>: ~Copyable {
    /// How many elements it holds.
    private(set) var count = 0
    private var capacity: Int
    private var base: UnsafeMutablePointer<Element>

    /// An empty slab with room for `capacity` elements.
    init(capacity: Int = 0) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    /// A slab of its own with the same elements.
    borrowing func copy() -> Slab {
        var copy = Slab(capacity: count)
        copy.base.update(from: base, count: count)
        copy.count = count
        return copy
    }

    /// How many bytes it has taken from the system.
    var byteCount: Int { capacity * MemoryLayout<Element>.stride }

    /// The element at an index below ``count``.
    subscript(index: Int) -> Element {
        @inline(__always) get {
            assert(index >= 0 && index < count, "the index is in the slab")
            return base[index]
        }
        @inline(__always) set {
            assert(index >= 0 && index < count, "the index is in the slab")
            base[index] = newValue
        }
        @inline(__always) _modify {
            assert(index >= 0 && index < count, "the index is in the slab")
            yield &base[index]
        }
    }

    /// The last element, or `nil`.
    var last: Element? { count == 0 ? nil : self[count - 1] }

    /// Adds an element at the end.
    @inline(__always)
    mutating func append(_ element: Element) {
        if count == capacity { grow(toHold: count + 1) }
        base[count] = element
        count += 1
    }

    /// Adds equal elements at the end.
    mutating func append(repeating element: Element, count added: Int) {
        precondition(added >= 0, "a slab grows")
        if count + added > capacity { grow(toHold: count + added) }
        (base + count).update(repeating: element, count: added)
        count += added
    }

    /// Adds `added` elements of any value at the end, for the caller to set.
    mutating func grow(by added: Int) {
        precondition(added >= 0, "a slab grows")
        if count + added > capacity { grow(toHold: count + added) }
        // Never read before they are set; setting them once keeps every byte defined.
        UnsafeMutableRawPointer(base + count).initializeMemory(
            as: UInt8.self, repeating: 0, count: added * MemoryLayout<Element>.stride)
        count += added
    }

    /// Adds the elements of a span at the end.
    mutating func append(contentsOf elements: Span<Element>) {
        if count + elements.count > capacity { grow(toHold: count + elements.count) }
        elements.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            (base + count).update(from: start, count: source.count)
        }
        count += elements.count
    }

    /// Adds what `body` writes, at most `room` elements.
    mutating func append(upTo room: Int, _ body: (inout OutputSpan<Element>) -> Void) {
        if count + room > capacity { grow(toHold: count + room) }
        let buffer = UnsafeMutableBufferPointer(start: base + count, count: room)
        var output = OutputSpan(buffer: buffer, initializedCount: 0)
        body(&output)
        count += output.finalize(for: buffer)
    }

    /// Makes room so that `wanted` elements fit without growing again.
    mutating func reserve(_ wanted: Int) {
        if wanted > capacity { resize(to: wanted) }
    }

    /// Makes room for more elements, for half of what it holds at least if it has to grow, or for
    /// another part.
    @inline(__always)
    mutating func makeRoom(for added: Int, orPart part: Int = 2) {
        if count &+ added > capacity { resize(to: count + max(added, count / part)) }
    }

    /// Gives the room back that no element takes.
    mutating func shrink() {
        if count < capacity { resize(to: count) }
    }

    /// Gives the last elements up, down to `remaining`.
    mutating func truncate(to remaining: Int) {
        precondition(remaining >= 0 && remaining <= count, "truncation only shrinks")
        count = remaining
    }

    /// Copies elements inside the slab; the two places may overlap.
    @inline(__always)
    mutating func move(from source: Int, to target: Int, count moved: Int) {
        assert(source >= 0 && source + moved <= count, "the source is in the slab")
        assert(target >= 0 && target + moved <= count, "the target is in the slab")
        (base + target).update(from: base + source, count: moved)
    }

    /// Sets a stretch of elements to one value.
    @inline(__always)
    mutating func fill(_ range: Range<Int>, with element: Element) {
        assert(range.lowerBound >= 0 && range.upperBound <= count, "the range is in the slab")
        (base + range.lowerBound).update(repeating: element, count: range.count)
    }

    /// Lends the elements of a range, to be read in place.
    func withSpan<Result, Failure: Error>(
        of range: Range<Int>, _ body: (Span<Element>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "the range is in the slab")
        return try body(
            UnsafeBufferPointer(start: base + range.lowerBound, count: range.count).span)
    }

    /// Adds the elements of a range at the end of a buffer that lies elsewhere, in one copy.
    ///
    /// The buffer must have the room.
    func append(_ range: Range<Int>, to output: inout OutputSpan<Element>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "the range is in the slab")
        precondition(range.count <= output.freeCapacity, "the buffer has the room")
        output.withUnsafeMutableBufferPointer { target, used in
            guard let start = target.baseAddress else { return }
            (start + used).initialize(from: base + range.lowerBound, count: range.count)
            used += range.count
        }
    }

    private mutating func grow(toHold wanted: Int) {
        resize(to: max(wanted, capacity + capacity / 2, 16))
    }

    private mutating func resize(to wanted: Int) {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: wanted)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
        capacity = wanted
    }
}

extension Slab where Element == UInt32 {
    /// Sets a stretch of elements to numbers that grow by a step.
    @inline(__always)
    mutating func fill(_ range: Range<Int>, from first: UInt32, by step: UInt32) {
        assert(range.lowerBound >= 0 && range.upperBound <= count, "the range is in the slab")
        let target = base + range.lowerBound
        for index in 0..<range.count {
            target[index] = first &+ UInt32(truncatingIfNeeded: index) &* step
        }
    }
}

extension Slab where Element == UInt8 {
    /// Eight elements as one number, to look at all of them at once.
    @inline(__always)
    func word(at index: Int) -> UInt64 {
        assert(index >= 0 && index + 8 <= count, "the elements are in the slab")
        return UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
    }

    /// Sets a stretch of elements to those of a span that lies elsewhere.
    @inline(__always)
    mutating func replace(at target: Int, with bytes: Span<UInt8>) {
        precondition(target >= 0 && bytes.count <= count - target, "the target is in the slab")
        bytes.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            (base + target).update(from: start, count: source.count)
        }
    }

    /// Adds the numbers of scalars at the end, if all of them are ASCII; gives whether they are.
    @inline(__always)
    mutating func append(ifASCII scalars: Span<Unicode.Scalar>) -> Bool {
        makeRoom(for: scalars.count)
        let target = base + count
        var union: UInt32 = 0
        scalars.withUnsafeBufferPointer { input in
            for index in 0..<input.count {
                let value = input[index].value
                union |= value
                target[index] = UInt8(truncatingIfNeeded: value)
            }
        }
        guard union < 0x80 else { return false }
        count += scalars.count
        return true
    }
}

extension Slab<UInt8> {
    /// Sets 8 bytes, the least significant first.
    @inline(__always)
    mutating func store(_ word: UInt64, at index: Int) {
        assert(index >= 0 && index + 8 <= count, "the bytes are in the slab")
        UnsafeMutableRawPointer(base + index).storeBytes(of: word.littleEndian, as: UInt64.self)
    }
}

extension Span<UInt8> {
    /// Eight bytes as a number, the least significant first.
    @inline(__always)
    func word(at index: Int) -> UInt64 {
        precondition(index >= 0 && index <= count &- 8, "the bytes are in the span")
        return withUnsafeBytes {
            $0.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
        }
    }

    /// Hands four such numbers at a time to `body`, as long as there are so many bytes, with no bounds
    /// to check between them.
    @inline(__always)
    func forEachFourWords(_ body: ((UInt64, UInt64, UInt64, UInt64)) -> Void) {
        withUnsafeBytes { bytes in
            for index in stride(from: 0, to: bytes.count & ~31, by: 32) {
                body(
                    (
                        bytes.littleEndianWord(at: index), bytes.littleEndianWord(at: index + 8),
                        bytes.littleEndianWord(at: index + 16),
                        bytes.littleEndianWord(at: index + 24)
                    ))
            }
        }
    }

    /// The same, or zero where less than eight bytes are left.
    @inline(__always)
    func wordOrZero(at index: Int) -> UInt64 {
        guard count >= 8, UInt(bitPattern: index) <= UInt(bitPattern: count &- 8) else { return 0 }
        return withUnsafeBytes { $0.littleEndianWord(at: index) }
    }
}

extension UnsafeRawBufferPointer {
    /// Eight bytes as a number, the least significant first; they must be there.
    @inline(__always)
    fileprivate func littleEndianWord(at index: Int) -> UInt64 {
        assert(index >= 0 && index <= count - 8, "the bytes are in the buffer")
        guard let baseAddress else { return 0 }
        return baseAddress.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
    }
}

extension Span where Element: BitwiseCopyable {
    /// Hands every element to `body` in order, with no bounds to check between them: a loop of
    /// arithmetic then takes many elements at a time.
    @inline(__always)
    func forEach(_ body: (Element) -> Void) {
        withUnsafeBufferPointer { elements in
            for index in 0..<elements.count { body(elements[index]) }
        }
    }
}

extension String {
    /// The string whose UTF-8 `body` writes, at most `capacity` bytes of it, with no copy after.
    init(utf8Capacity capacity: Int, _ body: (inout OutputSpan<UInt8>) -> Void) {
        self.init(unsafeUninitializedCapacity: capacity) { buffer in
            var output = OutputSpan(buffer: buffer, initializedCount: 0)
            body(&output)
            return output.finalize(for: buffer)
        }
    }
}

/// Sendable because a slab owns its memory alone and changes it only through `mutating` functions;
/// the pointer keeps the compiler from seeing that.
extension Slab: @unchecked Sendable {}
