extension TextBuffer {
    /// The whole text as a string. O(n); two copies if it is ASCII.
    var string: String { string(0..<count) }

    /// A range as a string. O(n); at most two copies if the text is ASCII.
    func string(_ range: Range<Int>) -> String {
        String(utf8Capacity: range.count + surplus(of: range).utf8) { write(range, to: &$0) }
    }

    /// Adds a range as UTF-8 to the end of an array. O(n); at most two copies if the text is ASCII.
    func append(utf8Of range: Range<Int>, to bytes: inout [UInt8]) {
        let room = range.count + surplus(of: range).utf8
        bytes.append(addingCapacity: room) { write(range, to: &$0) }
    }

    /// The scalars of a range. O(n).
    func scalars(_ range: Range<Int>) -> [Unicode.Scalar] {
        [Unicode.Scalar](capacity: range.count) { output in
            switch width {
            case .one:
                narrow.forEachPart(of: range) { output.append(scalarsOf: $0) }
            case .two:
                medium.forEachPart(of: range) { output.append(scalarsOf: $0) }
            case .four:
                wide.forEachPart(of: range) { output.append(scalarsOf: $0) }
            }
        }
    }

    /// How much longer a range is in UTF-8 and UTF-16. O(1) for ASCII or the whole text, else O(n).
    func surplus(of range: Range<Int>) -> Surplus {
        if surplus.utf8 == 0 { return Surplus() }
        if range == 0..<count { return surplus }
        return switch width {
        case .one: narrow.surplus(of: range)
        case .two: medium.surplus(of: range)
        case .four: wide.surplus(of: range)
        }
    }

    func write(_ range: Range<Int>, to output: inout OutputSpan<UInt8>) {
        switch width {
        case .one where surplus.utf8 == 0: narrow.append(range, to: &output)
        case .one: narrow.forEachPart(of: range) { output.append(utf8Of: $0) }
        case .two: medium.forEachPart(of: range) { output.append(utf8Of: $0) }
        case .four: wide.forEachPart(of: range) { output.append(utf8Of: $0) }
        }
    }
}

extension OutputSpan<Unicode.Scalar> {
    fileprivate mutating func append<Unit: ScalarUnit>(scalarsOf units: Span<Unit>) {
        for index in units.indices { append(units[index].scalar) }
    }
}
