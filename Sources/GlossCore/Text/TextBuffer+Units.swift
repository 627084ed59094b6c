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
    ///   for; else O(n) to the nearer end, many scalars a cycle.
    func offset(of position: Int, in encoding: Encoding) -> Int {
        precondition(position >= 0 && position <= count, "the position is in the text")
        let all = surplus[encoding]
        if all == 0 { return position }
        if position <= count / 2 { return position + surplus(of: 0..<position)[encoding] }
        return position + all - surplus(of: position..<count)[encoding]
    }

    /// The position that lies `offset` units into the text, or `nil` if that is outside the text or
    /// inside a scalar.
    ///
    /// - Complexity: as ``offset(of:in:)``, from the start.
    func position(at offset: Int, in encoding: Encoding) -> Int? {
        let all = surplus[encoding]
        guard offset >= 0, offset <= count + all else { return nil }
        if all == 0 { return offset }
        var position = 0
        var left = offset
        while position < count {
            let block = position..<min(position + 256, count)
            let length = block.count + surplus(of: block)[encoding]
            if length > left { break }
            left -= length
            position = block.upperBound
        }
        while left > 0 {
            left -= 1 + Surplus(of: self[position].value)[encoding]
            position += 1
        }
        return left == 0 ? position : nil
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
