extension ScalarArena {
    /// The scalars of a range as a string. O(n); one copy if the arena is ASCII.
    func string(_ range: Range<Int>) -> String {
        String(utf8Capacity: range.count + surplus(of: range).utf8) { write(range, to: &$0) }
    }

    /// Adds the scalars of a range as UTF-8 to the end of an array. O(n); one copy if the arena is
    /// ASCII.
    func append(utf8Of range: Range<Int>, to bytes: inout [UInt8]) {
        let room = range.count + surplus(of: range).utf8
        bytes.append(addingCapacity: room) { write(range, to: &$0) }
    }

    /// How much longer a range is in UTF-8 and UTF-16. O(1) if the arena is ASCII, else O(n).
    func surplus(of range: Range<Int>) -> Surplus {
        if isASCII { return Surplus() }
        return switch width {
        case .one: narrow.withSpan(of: range) { Surplus(of: $0) }
        case .two: medium.withSpan(of: range) { Surplus(of: $0) }
        case .four: wide.withSpan(of: range) { Surplus(of: $0) }
        }
    }

    func write(_ range: Range<Int>, to output: inout OutputSpan<UInt8>) {
        switch width {
        case .one where isASCII: narrow.append(range, to: &output)
        case .one: narrow.withSpan(of: range) { output.append(utf8Of: $0) }
        case .two: medium.withSpan(of: range) { output.append(utf8Of: $0) }
        case .four: wide.withSpan(of: range) { output.append(utf8Of: $0) }
        }
    }
}
