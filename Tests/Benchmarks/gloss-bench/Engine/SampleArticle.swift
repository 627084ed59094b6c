import GlossCore
import TestSupport

/// An article of words by chance, for benches that work on whole words.
struct SampleArticle {
    private static let words = """
        harbour village council teacher machine letter morning question answer record winter \
        distance paper journey figure market neighbour measure bridge signal weather station river
        """.split(separator: " ").map(String.init)

    /// A word.
    static func word(_ random: inout SeededRandom) -> String {
        words[random.below(words.count)]
    }

    /// Sentences in paragraphs, of at least so many bytes.
    static func text(ofBytes count: Int, _ random: inout SeededRandom) -> String {
        var text = ""
        while text.utf8.count < count {
            let sentence = (0..<12).map { _ in word(&random) }.joined(separator: " ")
            text += sentence + (random.chance(0.2) ? ".\n" : ". ")
        }
        return text
    }

    /// The ranges of the words of an article.
    static func words(of article: Replica) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start: Int?
        for (offset, scalar) in article.scalars.enumerated() {
            if scalar.properties.isAlphabetic {
                start = start ?? offset
            } else if let first = start {
                ranges.append(first..<offset)
                start = nil
            }
        }
        return ranges
    }
}
