import Testing

@testable import GlossClient

@Suite("Finding a quote")
struct QuoteFinderTests {
    private let river = QuoteFinder(
        in: ArticleText(
            """
            Our purpose is not to *contain* the river but to give it somewhere to go. Walls teach \
            the water to climb.

            In 1953 the sea came over the dikes\u{2014}and took
            eighteen hundred lives.  \u{201C}Nobody\u{2019}s fault\u{201D}, they said.
            \u{20}\u{20}
            When the water had gone down, they counted co\u{AD}lumns of caf\u{E9} tables.
            """))

    private func found(_ quote: String, _ filter: QuoteFilter = QuoteFilter()) -> String? {
        guard case .one(let range) = river.find(quote, filter) else { return nil }
        return river.text.string(range)
    }

    @Test("A quote that stands there once is found as it is")
    func exact() {
        #expect(found("somewhere to go") == "somewhere to go")
        #expect(river.text.paragraphs.count == 3)
    }

    @Test(
        "Typography makes no difference",
        arguments: [
            ("dikes-and took eighteen", "dikes\u{2014}and took\neighteen"),
            ("lives. \"Nobody's fault\"", "lives.  \u{201C}Nobody\u{2019}s fault\u{201D}"),
            ("counted columns", "counted co\u{AD}lumns"),
            ("cafe\u{301} tables", "caf\u{E9} tables"),
            ("not to contain the", "not to *contain* the"),
            ("  give   it ", "give it"),
        ])
    func folded(quote: String, text: String) {
        #expect(found(quote).map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
    }

    @Test("Words may be left out within a paragraph, not across paragraphs")
    func gaps() {
        #expect(found("Our purpose … the river") == "Our purpose is not to *contain* the river")
        #expect(found("Walls...climb") == "Walls teach the water to climb")
        #expect(found("Our purpose … lives") == nil)
    }

    @Test("Several places are listed, none is picked")
    func several() throws {
        guard case .several(let candidates, total: 2) = river.find("the water") else {
            Issue.record("two places expected")
            return
        }
        #expect(candidates.map(\.paragraph) == [1, 3])
        #expect(candidates.map(\.number) == [1, 2])
        #expect(candidates[1].marked == "When [the water] had gone down, they counted …")
        #expect(found("the water", QuoteFilter(nth: 2)) == "the water")
        guard case .several(_, total: 2) = river.find("the water", QuoteFilter(nth: 3)) else {
            Issue.record("a number beyond the last picks nothing")
            return
        }
        guard case .several(_, total: 2) = QuoteFinder(in: ArticleText("banana")).find("ana")
        else {
            Issue.record("occurrences that overlap are several")
            return
        }
    }

    @Test("Context tells occurrences apart")
    func context() {
        guard case .one(let second) = river.find("the water", QuoteFilter(after: "When")),
            case .one(let first) = river.find("the water", QuoteFilter(before: "to climb")),
            case .one(let loose) = river.find("the water", QuoteFilter(before: "tables"))
        else {
            Issue.record("one place expected")
            return
        }
        #expect(first.lowerBound < second.lowerBound)
        #expect(loose == second)
        guard case .several(_, total: 2) = river.find("the water", QuoteFilter(after: "nowhere"))
        else {
            Issue.record("context that is nowhere picks nothing")
            return
        }
    }

    @Test("A quote from memory brings up the nearest place, and takes nothing")
    func nearest() throws {
        guard case .none(let near) = river.find("purpose in not to contain") else {
            Issue.record("nothing may be taken")
            return
        }
        #expect(near.first?.text == "purpose is not to *contain")
        #expect(near.first?.differingWords == 1)
        guard case .none(let typo) = river.find("soemwhere") else {
            Issue.record("nothing may be taken")
            return
        }
        #expect(typo.first?.text == "somewhere")
        #expect(river.find("quite another subject altogether") == .none(nearest: []))
        #expect(river.find("") == .none(nearest: []))
        #expect(river.find(" ... ") == .none(nearest: []))
    }

    @Test("Another case is offered, not taken")
    func letterCase() {
        guard case .none(let near) = river.find("WALLS TEACH") else {
            Issue.record("case is not folded")
            return
        }
        #expect(near.map(\.text) == ["Walls teach"])
    }

    @Test("No match cuts a grapheme")
    func graphemes() {
        let finder = QuoteFinder(in: ArticleText("e\u{301}t 👩‍🌾 👩 e"))
        guard case .one(let woman) = finder.find("👩"), case .one(let letter) = finder.find("e")
        else {
            Issue.record("one place each expected")
            return
        }
        #expect(finder.text.string(woman) == "👩")
        #expect(woman.lowerBound == 8)
        #expect(letter.lowerBound == 10)
    }

    @Test("A megabyte is searched at once")
    func large() {
        let line = String(repeating: "the water ran down – ", count: 50) + "\n\n"
        let text = String(repeating: line, count: 200) + "one   “needle” here"
        let finder = QuoteFinder(in: ArticleText(text))
        guard case .one = finder.find("one \"needle\" here") else {
            Issue.record("the needle is there")
            return
        }
        guard case .several(let shown, let total) = finder.find("water") else {
            Issue.record("water is everywhere")
            return
        }
        #expect(shown.count == QuoteFinder.candidateLimit)
        #expect(total == 10_000)
    }
}
