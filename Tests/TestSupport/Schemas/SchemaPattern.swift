/// A regular expression as the schemas use them: from the start of the text, with classes, groups,
/// alternatives and counts. What it does not know it refuses.
struct SchemaPattern: Sendable {
    private struct Item {
        var part: Part
        var count: ClosedRange<Int>
    }

    private indirect enum Part {
        case scalar(ranges: [ClosedRange<UInt32>], isNegated: Bool)
        case group([[Item]])
    }

    /// As it was written.
    let source: String
    private let items: [Item]
    /// Whether the match must reach the end of the text.
    private let endsText: Bool

    /// - Parameter place: where it stands, for the error.
    init(_ source: String, at place: String) throws(SchemaError) {
        self.source = source
        var parser = Parser(source, place)
        try parser.expect("^")
        let alternatives = try parser.alternatives()
        endsText = parser.accept("$")
        guard parser.isAtEnd, alternatives.count == 1 else {
            throw SchemaError(place, "the pattern is of a kind that is not known: \(source)")
        }
        items = alternatives[0]
    }

    /// Whether the pattern matches a text.
    func matches(_ text: String) -> Bool {
        let scalars = text.unicodeScalars.map(\.value)
        let ends = Self.ends(of: items, from: [0], in: scalars)
        return endsText ? ends.contains(scalars.count) : !ends.isEmpty
    }

    /// Every place where a match may end that starts at one of some places.
    private static func ends(
        of items: [Item], from starts: Set<Int>, in scalars: [UInt32]
    ) -> Set<Int> {
        var places = starts
        for item in items where !places.isEmpty {
            var found: Set<Int> = item.count.lowerBound == 0 ? places : []
            var rounds = 0
            while rounds < item.count.upperBound, !places.isEmpty {
                places = ends(of: item.part, from: places, in: scalars)
                rounds += 1
                if rounds >= item.count.lowerBound {
                    if places.isSubset(of: found) { break }
                    found.formUnion(places)
                }
            }
            places = found
        }
        return places
    }

    private static func ends(
        of part: Part, from starts: Set<Int>, in scalars: [UInt32]
    ) -> Set<Int> {
        switch part {
        case .scalar(let ranges, let isNegated):
            var found: Set<Int> = []
            for start in starts where start < scalars.count {
                let scalar = scalars[start]
                if ranges.contains(where: { $0.contains(scalar) }) != isNegated {
                    found.insert(start + 1)
                }
            }
            return found
        case .group(let alternatives):
            return alternatives.reduce(into: []) { found, items in
                found.formUnion(ends(of: items, from: starts, in: scalars))
            }
        }
    }
}

extension SchemaPattern {
    private struct Parser {
        private let scalars: [Unicode.Scalar]
        private let place: String
        private var index = 0

        init(_ source: String, _ place: String) {
            scalars = Array(source.unicodeScalars)
            self.place = place
        }

        var isAtEnd: Bool { index == scalars.count }

        mutating func accept(_ scalar: Unicode.Scalar) -> Bool {
            guard index < scalars.count, scalars[index] == scalar else { return false }
            index += 1
            return true
        }

        mutating func expect(_ scalar: Unicode.Scalar) throws(SchemaError) {
            if !accept(scalar) { throw SchemaError(place, "the pattern needs a \(scalar)") }
        }

        mutating func alternatives() throws(SchemaError) -> [[Item]] {
            var found = [try sequence()]
            while accept("|") { found.append(try sequence()) }
            return found
        }

        private mutating func sequence() throws(SchemaError) -> [Item] {
            var items: [Item] = []
            while index < scalars.count, !"|)$".unicodeScalars.contains(scalars[index]) {
                let part = try part()
                items.append(Item(part: part, count: try count()))
            }
            return items
        }

        private mutating func part() throws(SchemaError) -> Part {
            if accept("(") {
                let alternatives = try alternatives()
                try expect(")")
                return .group(alternatives)
            }
            if accept("[") { return try characterClass() }
            let isSpecial = ".*+?{}\\^]".unicodeScalars.contains(scalars[index])
            if isSpecial { throw SchemaError(place, "\(scalars[index]) is not known in patterns") }
            return .scalar(ranges: [try scalar()], isNegated: false)
        }

        private mutating func characterClass() throws(SchemaError) -> Part {
            let isNegated = accept("^")
            var ranges: [ClosedRange<UInt32>] = []
            while !accept("]") {
                let first = try scalar()
                let isRange = index + 1 < scalars.count && scalars[index + 1] != "]"
                if isRange, accept("-") {
                    ranges.append(first.lowerBound...(try scalar().lowerBound))
                } else {
                    ranges.append(first)
                }
            }
            return .scalar(ranges: ranges, isNegated: isNegated)
        }

        /// One scalar, which may be written as `\uXXXX`.
        private mutating func scalar() throws(SchemaError) -> ClosedRange<UInt32> {
            guard index < scalars.count else { throw SchemaError(place, "the pattern is cut off") }
            defer { index += 1 }
            guard scalars[index] == "\\" else { return scalars[index].value...scalars[index].value }
            let digits = String(String.UnicodeScalarView(scalars[(index + 1)...].prefix(5)))
            guard digits.first == "u", let value = UInt32(digits.dropFirst(), radix: 16) else {
                throw SchemaError(place, "the escape is not known in patterns")
            }
            index += 5
            return value...value
        }

        private mutating func count() throws(SchemaError) -> ClosedRange<Int> {
            if accept("?") { return 0...1 }
            if accept("*") { return 0...Int.max }
            if accept("+") { return 1...Int.max }
            guard accept("{") else { return 1...1 }
            let least = try number()
            let most = accept(",") ? try number() : least
            try expect("}")
            return least...most
        }

        private mutating func number() throws(SchemaError) -> Int {
            let start = index
            while index < scalars.count, ("0"..."9").contains(scalars[index]) { index += 1 }
            let digits = String(String.UnicodeScalarView(scalars[start..<index]))
            guard let number = Int(digits) else {
                throw SchemaError(place, "the pattern needs a number")
            }
            return number
        }
    }
}
