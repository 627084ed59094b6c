/// What a quote and a text may differ in and still be the same words.
enum TextFold {
    /// How far apart they may be.
    enum Level: Int, Comparable {
        /// White space, soft hyphens, and the kinds of quotes, apostrophes and dashes.
        case typography
        /// Those, and the marks Markdown puts around words.
        case markup
        /// Those, and case.
        case letterCase

        static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// What a grapheme becomes.
    enum Outcome {
        case space
        case nothing
        case dots
        case scalar(UInt32)
        /// No rule is about it.
        case kept
    }

    /// What a scalar that is a grapheme by itself becomes.
    static func outcome(of scalar: Unicode.Scalar, _ level: Level) -> Outcome {
        if isSpace(scalar) { return .space }
        switch scalar.value {
        case 0xAD, 0x200B, 0x2060, 0xFEFF: return .nothing
        case 0x2026: return .dots
        case 0x60 where level == .typography: return .scalar(0x27)
        case 0x2018...0x201B, 0x2032, 0x2BC, 0xB4, 0x2039, 0x203A: return .scalar(0x27)
        case 0x201C...0x201F, 0x2033, 0xAB, 0xBB: return .scalar(0x22)
        case 0x2010...0x2015, 0x2212: return .scalar(0x2D)
        case 0x2A, 0x5F, 0x60: return level >= .markup ? .nothing : .kept
        case 0x41...0x5A where level >= .letterCase: return .scalar(scalar.value + 32)
        default: return .kept
        }
    }

    /// Whether a scalar is white space, line ends among it.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20, 0x09...0x0D, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F,
            0x205F, 0x3000:
            true
        default: false
        }
    }
}

/// Gives the same number to graphemes that are canonically equal, however they are spelled.
struct GraphemeNumbers {
    private var numbers: [Character: UInt32] = [:]
    private var next: UInt32 = 0x11_0000

    /// The number of a grapheme.
    mutating func number(of character: Character) -> UInt32 {
        if numbers.isEmpty { addComposedLetters() }
        if let known = numbers[character] { return known }
        defer { next += 1 }
        numbers[character] = next
        return next
    }

    /// Simple scalars stand for themselves, so what is equal to one needs its number.
    private mutating func addComposedLetters() {
        let ranges: [ClosedRange<UInt32>] = [
            0xC0...0x24F, 0x370...0x482, 0x48A...0x52F, 0x1E00...0x1FFF, 0x2200...0x22FF,
            0x3041...0x3096, 0x309B...0x30FF,
        ]
        for value in ranges.joined() {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let character = Character(scalar)
            if numbers[character] == nil { numbers[character] = value }
        }
    }
}

/// A text as numbers that are equal where a quote may differ, and where each one came from.
struct FoldedText {
    /// One for each grapheme that counts, a run of white space being one.
    private(set) var tokens: [UInt32] = []
    /// Where each begins in the scalars.
    private(set) var starts: [Int32] = []
    /// Where each ends in the scalars.
    private(set) var ends: [Int32] = []

    /// - Complexity: O(scalars).
    init(
        _ scalars: [Unicode.Scalar], _ level: TextFold.Level, numbers: inout GraphemeNumbers
    ) {
        var names = numbers
        tokens.reserveCapacity(scalars.count)
        starts.reserveCapacity(scalars.count)
        ends.reserveCapacity(scalars.count)
        Graphemes.forEach(in: scalars, 0..<scalars.count) { cluster in
            let scalar = scalars[cluster.lowerBound]
            let isSingle = cluster.count == 1
            let outcome: TextFold.Outcome =
                isSingle || scalar == "\r" ? TextFold.outcome(of: scalar, level) : .kept
            switch outcome {
            case .space: addSpace(cluster)
            case .nothing: break
            case .dots: for _ in 0..<3 { add(0x2E, cluster) }
            case .scalar(let value): add(value, cluster)
            case .kept:
                if isSingle, Graphemes.isSimple(scalar), level < .letterCase || scalar.isASCII {
                    add(scalar.value, cluster)
                } else {
                    addNumber(of: scalars[cluster], cluster, level, &names)
                }
            }
        }
        numbers = names
    }

    /// A quote: as a text, without white space around it.
    init(
        quote: some Sequence<Unicode.Scalar>, _ level: TextFold.Level,
        numbers: inout GraphemeNumbers
    ) {
        self.init(Array(quote), level, numbers: &numbers)
        if tokens.last == 0x20 { tokens.removeLast() }
        if tokens.first == 0x20 { tokens.removeFirst() }
    }

    /// The scalars that some tokens came from.
    func range(_ range: Range<Int>) -> Range<Int> {
        Int(starts[range.lowerBound])..<Int(ends[range.upperBound - 1])
    }

    private mutating func addNumber(
        of cluster: ArraySlice<Unicode.Scalar>, _ range: Range<Int>, _ level: TextFold.Level,
        _ names: inout GraphemeNumbers
    ) {
        let text = Graphemes.string(cluster)
        for character in level >= .letterCase ? text.lowercased() : text {
            let single = character.unicodeScalars.first
            if let single, character.unicodeScalars.count == 1, Graphemes.isSimple(single) {
                add(single.value, range)
            } else {
                add(names.number(of: character), range)
            }
        }
    }

    private mutating func add(_ token: UInt32, _ range: Range<Int>) {
        tokens.append(token)
        starts.append(Int32(range.lowerBound))
        ends.append(Int32(range.upperBound))
    }

    private mutating func addSpace(_ range: Range<Int>) {
        if tokens.last == 0x20 {
            ends[ends.count - 1] = Int32(range.upperBound)
        } else {
            add(0x20, range)
        }
    }
}
