/// Positions in the units of other programs.
extension TextBuffer {
    /// An encoding whose units positions are counted in outside the core.
    enum Encoding {
        /// Bytes of UTF-8.
        case utf8
        /// Code units of UTF-16, as in JavaScript and in the Language Server Protocol.
        case utf16
    }

    /// How many bytes the text takes in UTF-8. O(1).
    var utf8Count: Int { count + surplus.utf8 }

    /// How many units the text takes in UTF-16. O(1).
    var utf16Count: Int { count + surplus.utf16 }

    /// How many units of an encoding lie before a position.
    ///
    /// - Complexity: O(1) if the text is ASCII, or has no scalar from U+10000 on and UTF-16 is asked
    ///   for; else O(log n) and the way inside a block, many bytes a cycle.
    func offset(of position: Int, in encoding: Encoding) -> Int {
        precondition(position >= 0 && position <= count, "the position is in the text")
        if surplus[encoding] == 0 { return position }
        let (index, before) = block { $0.count <= position }
        let block = block(at: index)
        let inside = byte(of: position - before.count, in: block)
        var sum = before.surplus
        if block.length.surplus[encoding] > 0 {
            forEachPart(ofBytes: 0..<inside, in: block) { sum += bytes.surplus(of: $0) }
        }
        return position + sum[encoding]
    }

    /// The position that lies `offset` units into the text, or `nil` if that is outside the text or
    /// inside a scalar.
    ///
    /// - Complexity: as ``offset(of:in:)``.
    func position(at offset: Int, in encoding: Encoding) -> Int? {
        let all = surplus[encoding]
        guard offset >= 0, offset <= count + all else { return nil }
        if all == 0 { return offset }
        let (index, before) = block { $0.count + $0.surplus[encoding] <= offset }
        let block = block(at: index)
        let left = offset - before.count - before.surplus[encoding]
        let inside =
            switch encoding {
            case .utf8: position(ofByte: left, in: block)
            case .utf16: position(ofUTF16: left, in: block)
            }
        return inside.map { before.count + $0 }
    }

    /// The last block of which `isBefore` holds for all that stands before it, and what that is.
    private func block(_ isBefore: (TextLength) -> Bool) -> (index: Int, before: TextLength) {
        var before = TextLength()
        var group = 0
        while group + 1 < groups.count {
            var end = before
            end += length(ofGroup: group)
            guard isBefore(end) else { break }
            before = end
            group += 1
        }
        var index = group * TextBuffer.groupSize
        while index + 1 < blocks.count {
            var end = before
            end += block(at: index).length
            guard isBefore(end) else { break }
            before = end
            index += 1
        }
        return (index, before)
    }

    private func position(ofByte byte: Int, in block: TextBlock) -> Int? {
        var continuations = 0
        forEachPart(ofBytes: 0..<byte, in: block) { continuations += bytes.surplus(of: $0).utf8 }
        var isInside = false
        if byte < Int(block.byteCount) {
            forEachPart(ofBytes: byte..<byte + 1, in: block) {
                isInside = bytes[$0.lowerBound].isContinuation
            }
        }
        return isInside ? nil : byte - continuations
    }

    private func position(ofUTF16 unit: Int, in block: TextBlock) -> Int? {
        if block.astral == 0 { return unit }
        var left = unit
        var position = 0
        var isReached = false
        forEachPart(ofBytes: 0..<Int(block.byteCount), in: block) { part in
            if isReached { return }
            let end = bytes.skip(utf16: &left, in: part)
            position += end - part.lowerBound - bytes.surplus(of: part.lowerBound..<end).utf8
            isReached = end < part.upperBound
        }
        return left == 0 ? position : nil
    }
}

extension Slab where Element == UInt8 {
    /// Where the scalar begins that lies `units` units of UTF-16 into a range of UTF-8, or the end.
    ///
    /// - Parameter units: is left with how many are missing there, one inside of a scalar.
    fileprivate func skip(utf16 units: inout Int, in range: Range<Int>) -> Int {
        var index = range.lowerBound
        while index < range.upperBound, units > 0 {
            let end = min(index + 64, range.upperBound)
            let length = surplus(of: index..<end)
            let step = end - index - length.utf8 + length.utf16
            if end == range.upperBound || step > units { break }
            units -= step
            index = end
        }
        while index < range.upperBound {
            let byte = self[index]
            if !byte.isContinuation {
                let width = byte < 0xF0 ? 1 : 2
                if width > units { break }
                units -= width
            }
            index += 1
        }
        return index
    }
}

extension Surplus {
    /// The surplus in one of the two units.
    fileprivate subscript(encoding: TextBuffer.Encoding) -> Int {
        switch encoding {
        case .utf8: utf8
        case .utf16: utf16
        }
    }
}
