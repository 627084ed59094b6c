/// Places whose words are nearly those of a quote.
struct NearWords {
    /// A place, and how many words of it differ.
    struct Place {
        var range: Range<Int>
        var differingWords: Int
    }

    /// What one word left out, added or changed altogether costs.
    private static let wordCost = 100
    /// The most work, in pairs of words, before it gives up.
    private static let workLimit = 200_000_000

    private var quote: [[UInt32]] = []
    private var ranges: [Range<Int>] = []
    private var words: [Int] = []
    private var vocabulary: [[UInt32]] = []

    /// The three nearest places that do not overlap, the nearest first. None where more than two
    /// words in five differ.
    static func best(for quote: String, in scalars: [Unicode.Scalar]) -> [Place] {
        let near = NearWords(quote, scalars)
        guard !near.quote.isEmpty, near.quote.count * near.words.count <= workLimit else {
            return []
        }
        return near.best()
    }

    private init(_ text: String, _ scalars: [Unicode.Scalar]) {
        let quoted = Array(text.unicodeScalars)
        var quote: [[UInt32]] = []
        WordKind.forEach(in: quoted, 0..<quoted.count) { range, kind in
            guard kind == .word || kind == .ideograph else { return }
            quote.append(NearWords.folded(quoted[range]))
        }
        var ranges: [Range<Int>] = []
        var words: [Int] = []
        var vocabulary: [[UInt32]] = []
        var known: [[UInt32]: Int] = [:]
        WordKind.forEach(in: scalars, 0..<scalars.count) { range, kind in
            guard kind == .word || kind == .ideograph else { return }
            let word = NearWords.folded(scalars[range])
            let number = known[word] ?? vocabulary.count
            if number == vocabulary.count {
                known[word] = number
                vocabulary.append(word)
            }
            ranges.append(range)
            words.append(number)
        }
        self.quote = quote
        self.ranges = ranges
        self.words = words
        self.vocabulary = vocabulary
    }

    /// The first 64 scalars of a word in lower case.
    private static func folded(_ word: ArraySlice<Unicode.Scalar>) -> [UInt32] {
        var folded: [UInt32] = []
        for scalar in word.prefix(64) where scalar != "\u{AD}" {
            if scalar == "\u{2019}" {
                folded.append(0x27)
            } else if scalar.isASCII {
                let isUpper = (0x41...0x5A).contains(scalar.value)
                folded.append(isUpper ? scalar.value + 32 : scalar.value)
            } else {
                folded += scalar.properties.lowercaseMapping.unicodeScalars.map(\.value)
            }
        }
        return folded
    }

    /// Aligns the quote with every stretch of the text at once, row by row (Sellers).
    private func best() -> [Place] {
        let count = quote.count
        var costs = [Int32](repeating: -1, count: count * vocabulary.count)
        var column = (0...count).map { $0 * NearWords.wordCost }
        var starts = [Int](repeating: 0, count: count + 1)
        var found: [(cost: Int, words: Range<Int>)] = []
        let limit = NearWords.wordCost * count * 2 / 5
        for (position, word) in words.enumerated() {
            var diagonal = (cost: column[0], start: position)
            starts[0] = position + 1
            for index in 1...count {
                let key = word * count + index - 1
                if costs[key] < 0 {
                    costs[key] = Int32(changeCost(quote[index - 1], vocabulary[word]))
                }
                var cost = diagonal.cost + Int(costs[key])
                var start = diagonal.start
                if column[index] + NearWords.wordCost < cost {
                    cost = column[index] + NearWords.wordCost
                    start = starts[index]
                }
                if column[index - 1] + NearWords.wordCost < cost {
                    cost = column[index - 1] + NearWords.wordCost
                    start = starts[index - 1]
                }
                diagonal = (column[index], starts[index])
                column[index] = cost
                starts[index] = start
            }
            guard column[count] <= limit, starts[count] <= position else { continue }
            let place = (cost: column[count], words: starts[count]..<position + 1)
            if let last = found.last, last.words.overlaps(place.words) {
                if place.cost < last.cost { found[found.count - 1] = place }
            } else {
                found.append(place)
            }
        }
        return found.sorted { ($0.cost, $0.words.lowerBound) < ($1.cost, $1.words.lowerBound) }
            .prefix(3).map { place in
                let last = ranges[place.words.upperBound - 1]
                return Place(
                    range: ranges[place.words.lowerBound].lowerBound..<last.upperBound,
                    differingWords: differing(place.words))
            }
    }

    private func changeCost(_ left: [UInt32], _ right: [UInt32]) -> Int {
        if left == right { return 0 }
        let longer = max(left.count, right.count)
        let difference = abs(left.count - right.count)
        guard difference * 2 <= longer else { return NearWords.wordCost }
        let distance = editDistance(left, right)
        return distance * 2 > longer ? NearWords.wordCost : NearWords.wordCost * distance / longer
    }

    private func differing(_ place: Range<Int>) -> Int {
        editDistance(quote, words[place].map { vocabulary[$0] })
    }
}
