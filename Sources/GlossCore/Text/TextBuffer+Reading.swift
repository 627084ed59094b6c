extension TextBuffer {
    /// The scalar at a position. O(log n), and the way there if the block is not ASCII.
    subscript(position: Int) -> Unicode.Scalar {
        precondition(position >= 0 && position < count, "the position is in the text")
        let found = find(position &+ 1)
        let block = block(at: found.index)
        var place = byte(of: position &- found.start, in: block)
        if place >= Int(block.gap) { place &+= frameSize &- Int(block.byteCount) }
        place &+= Int(block.frame) &* frameSize
        return bytes.withSpan(of: place..<bytes.count) { $0.scalar(at: 0).value }
    }

    /// The whole text as a string. O(n), one copy.
    var string: String { string(0..<count) }

    /// A range as a string. O(n), one copy.
    func string(_ range: Range<Int>) -> String {
        String(utf8Capacity: utf8Count(of: range)) { write(range, to: &$0) }
    }

    /// Adds a range as UTF-8 to the end of an array. O(n), one copy.
    func append(utf8Of range: Range<Int>, to output: inout [UInt8]) {
        output.append(addingCapacity: utf8Count(of: range)) { write(range, to: &$0) }
    }

    /// The scalars of a range. O(n).
    func scalars(_ range: Range<Int>) -> [Unicode.Scalar] {
        [Unicode.Scalar](capacity: range.count) { output in
            forEachPart(of: range) { part in
                bytes.withSpan(of: part) { output.append(utf8: $0) }
            }
        }
    }

    /// Writes a range in UTF-8 where there is room for it. O(n).
    func write(_ range: Range<Int>, to output: inout OutputSpan<UInt8>) {
        forEachPart(of: range) { bytes.append($0, to: &output) }
    }

    private func utf8Count(of range: Range<Int>) -> Int {
        if surplus.utf8 == 0 { return range.count }
        if range == 0..<count { return utf8Count }
        var sum = 0
        forEachPart(of: range) { sum += $0.count }
        return sum
    }

    /// Hands over where the bytes of a range lie in ``bytes``, in order. O(log n + n / 4096).
    func forEachPart(of range: Range<Int>, _ body: (Range<Int>) -> Void) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "the range is in the text")
        guard !range.isEmpty else { return }
        var (index, start) = find(range.lowerBound &+ 1)
        while start < range.upperBound {
            let block = block(at: index)
            let end = start &+ Int(block.count)
            let first = byte(of: max(range.lowerBound, start) &- start, in: block)
            let last = byte(of: min(range.upperBound, end) &- start, in: block)
            forEachPart(ofBytes: first..<last, in: block, body)
            start = end
            index &+= 1
        }
    }

    /// Hands over where some bytes of a block lie: before the gap and behind it.
    func forEachPart(ofBytes range: Range<Int>, in block: TextBlock, _ body: (Range<Int>) -> Void) {
        let middle = min(max(Int(block.gap), range.lowerBound), range.upperBound)
        let floor = Int(block.frame) &* frameSize
        let behind = floor &+ frameSize &- Int(block.byteCount)
        if range.lowerBound < middle { body(floor &+ range.lowerBound..<floor &+ middle) }
        if middle < range.upperBound { body(behind &+ middle..<behind &+ range.upperBound) }
    }

    /// Where the bytes of a range lie that ends at the gap, if they are ASCII and in one block. O(1).
    @inline(__always)
    func bytes(typedIn range: Range<Int>) -> Range<Int>? {
        guard range.upperBound == position, range.lowerBound >= start, openSurplus.utf8 == 0 else {
            return nil
        }
        return gap &- range.count..<gap
    }

    /// How many bytes of a block lie before one of its scalars. O(1) at its ends or if it is ASCII.
    func byte(of scalar: Int, in block: TextBlock) -> Int {
        if block.count == block.byteCount || scalar == 0 { return scalar }
        if scalar == Int(block.count) { return Int(block.byteCount) }
        let floor = Int(block.frame) &* frameSize
        let gap = floor &+ Int(block.gap)
        let ceiling = floor &+ frameSize
        if scalar <= Int(block.before) {
            return bytes.place(scalar, behind: floor, end: gap) &- floor
        }
        let width = frameSize &- Int(block.byteCount)
        let skipped = scalar &- Int(block.before)
        return bytes.place(skipped, behind: gap &+ width, end: ceiling) &- floor &- width
    }
}
