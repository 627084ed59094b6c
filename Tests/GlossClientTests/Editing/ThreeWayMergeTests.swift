import TestSupport
import Testing

@testable import GlossClient

@Suite("A three-way merge of words")
struct ThreeWayMergeTests {
    private let base = "Is contain the right word?"

    @Test("Changes that do not touch are both made")
    func clean() {
        let left = "Is contain the right word? Kennan used it."
        let right = "Is confine the right word?"
        let both = "Is confine the right word? Kennan used it."
        #expect(ThreeWayMerge.merge(base: base, left, right) == both)
        #expect(ThreeWayMerge.merge(base: base, right, left) == both)
        #expect(ThreeWayMerge.merge(base: base, base, right) == right)
        #expect(ThreeWayMerge.merge(base: base, left, base) == left)
    }

    @Test("The same change on both sides is made once")
    func same() {
        let change = "Is confine the right word?"
        #expect(ThreeWayMerge.merge(base: base, change, change) == change)
        #expect(
            ThreeWayMerge.merge(base: base, change, change + " No.") == change + " No.")
    }

    @Test("Changes that touch do not merge")
    func touching() {
        #expect(
            ThreeWayMerge.merge(
                base: base, "Is confine the right word?", "Is hold the right word?") == nil)
        #expect(ThreeWayMerge.merge(base: base, base + " A.", base + " B.") == nil)
        #expect(ThreeWayMerge.merge(base: "", "a", "b") == nil)
    }

    @Test("Neither side comes first, and far changes always merge", arguments: 0..<60)
    func symmetry(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let words = (0..<30).map { "word\($0)" }
        func changed(_ range: Range<Int>) -> [String] {
            var copy = words
            for _ in 0..<3 {
                let index = range.lowerBound + random.below(range.count)
                copy[index] = random.chance(0.5) ? "" : "new\(random.below(9)) 👩‍🌾"
            }
            return copy
        }
        let base = words.joined(separator: " ")
        let early = changed(0..<14)
        let late = changed(16..<30)
        let left = early.joined(separator: " ")
        let right = late.joined(separator: " ")
        let both = (early[..<15] + late[15...]).joined(separator: " ")
        #expect(ThreeWayMerge.merge(base: base, left, right) == both)
        let anywhere = changed(0..<30).joined(separator: " ")
        #expect(
            ThreeWayMerge.merge(base: base, left, anywhere)
                == ThreeWayMerge.merge(base: base, anywhere, left))
    }
}
