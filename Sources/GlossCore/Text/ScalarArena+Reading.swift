extension ScalarArena {
    /// The scalars of a range as a string. O(n), one copy.
    func string(_ range: Range<Int>) -> String {
        let places = places(of: range)
        return String(utf8Capacity: places.count) { bytes.append(places, to: &$0) }
    }

    /// Adds the scalars of a range as UTF-8 to the end of an array. O(n), one copy.
    func append(utf8Of range: Range<Int>, to output: inout [UInt8]) {
        let places = places(of: range)
        output.append(addingCapacity: places.count) { bytes.append(places, to: &$0) }
    }

    /// Writes a range in UTF-8 where there is room for it. O(n).
    func write(_ range: Range<Int>, to output: inout OutputSpan<UInt8>) {
        bytes.append(places(of: range), to: &output)
    }

    /// Adds the scalars of a range to the end of an array. O(n).
    func append(scalarsOf range: Range<Int>, to output: inout [Unicode.Scalar]) {
        let places = places(of: range)
        output.append(addingCapacity: range.count) { output in
            bytes.withSpan(of: places) { output.append(utf8: $0) }
        }
    }

    /// How much longer a range is in UTF-8 and UTF-16. O(1) if the arena is ASCII, else O(n).
    func surplus(of range: Range<Int>) -> Surplus {
        isASCII ? Surplus() : bytes.surplus(of: places(of: range))
    }
}
