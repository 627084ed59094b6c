import GlossCore
import Testing

@testable import GlossClient

@Suite("An article with its notes")
struct ArticleRendererTests {
    private let now = 1_772_629_331_123

    private func article(_ notes: [RenderedNote] = []) -> RenderedArticle {
        RenderedArticle(
            title: "Rivers and Walls",
            text: ArticleText(
                """
                Our purpose is not to contain the river but to give it somewhere to go. Walls \
                teach the water to climb.

                In 1953 the sea came over the dikes and took eighteen hundred lives.
                """), notes: notes)
    }

    private func range(of quote: String) -> Range<Int> {
        guard case .one(let range) = QuoteFinder(in: article().text).find(quote) else {
            return 0..<1
        }
        return range
    }

    private var notes: [RenderedNote] {
        [
            RenderedNote(
                shortID: "ryl", kind: .suggestion(replacement: "1,836"), author: "mira", time: now,
                quote: "eighteen hundred", ranges: [range(of: "eighteen hundred")]),
            RenderedNote(
                shortID: "k3f", author: "mira", time: now, body: "Is confine the right word?",
                quote: "contain", ranges: [range(of: "contain")], conflicts: ["xkq"],
                replies: [.init(shortID: "abc", author: "jo", body: "see p2", time: now)]),
            RenderedNote(
                shortID: "qrw", author: "jo", time: now, body: "source?", tags: ["fact-check"],
                quote: "dikes and took eighteen", ranges: [range(of: "dikes and took eighteen")]),
            RenderedNote(
                shortID: "vzn", author: "jo", time: now, body: "gone", quote: "a lost sentence",
                placement: .collapsed, ranges: [5..<5]),
        ]
    }

    private func lines(_ options: RenderOptions) -> [String] {
        ArticleRenderer(article(notes), options).lines().map(\.text)
    }

    @Test("In a narrow terminal notes stand under their paragraph")
    func narrow() {
        #expect(
            lines(RenderOptions(width: 80, now: now)) == [
                "Rivers and Walls   3 notes, 1 open suggestion",
                "",
                "p1   Our purpose is not to [contain]¹! the river but to give it",
                "     somewhere to go. Walls teach the water to climb.",
                "     ¹ k3f mira now ! conflict xkq",
                "       Is confine the right word?",
                "       └ jo: see p2",
                "",
                "p2   In 1953 the sea came over the [dikes and took [-eighteen]²",
                "     hundred-]{+1,836+}³ lives.",
                "     ² qrw jo now #fact-check",
                "       source?",
                "     ³ ryl mira now",
                "       suggests “1,836”",
                "",
                "Loose notes",
                "     vzn jo now",
                "       on “a lost sentence”",
                "       gone",
            ])
    }

    @Test("In a wide terminal notes stand beside their line")
    func margin() {
        let lines = lines(RenderOptions(width: 110, now: now))
        #expect(lines[2].hasPrefix("p1   Our purpose is not to [contain]¹! the river"))
        #expect(lines[2].hasSuffix("   ¹ k3f mira now ! conflict xkq"))
        #expect(
            lines[3].hasSuffix(
                "climb." + String(repeating: " ", count: 24) + "Is confine the right word?"))
        #expect(lines[4].hasSuffix("└ jo: see p2"))
        #expect(lines.allSatisfy { DisplayWidth.columns(of: $0) <= 110 })
    }

    @Test("Text from right to left keeps notes out of its lines")
    func rightToLeft() {
        let text = ArticleText("שלום עולם")
        let note = RenderedNote(
            shortID: "k3f", author: "mira", time: now, body: "hello", ranges: [0..<4])
        let lines = ArticleRenderer(
            RenderedArticle(title: "t", text: text, notes: [note]),
            RenderOptions(width: 120, now: now)
        ).lines().map(\.text)
        #expect(lines[2] == "p1   [שלום]¹ עולם")
        #expect(lines[3] == "     ¹ k3f mira now")
    }

    @Test("A screen reader gets sentences")
    func accessible() {
        let lines = lines(RenderOptions(width: 200, isAccessible: true, now: now))
        #expect(lines[2].hasPrefix("Paragraph 1. Our purpose is not to [contain] (note 1)! the"))
        #expect(
            lines[3] == "note 1 of 4, k3f, by mira, now, on “contain”, has conflict xkq: "
                + "Is confine the right word?")
        #expect(!lines.joined().contains("└"))
    }

    @Test("Plain output has no colours, superscripts or relative times")
    func plain() {
        let options = RenderOptions(colour: true, isPlain: true, now: now)
        let text = options.text(ArticleRenderer(article(notes), options).lines())
        #expect(text.contains("[contain]^1!"))
        #expect(text.contains("k3f mira 2026-03-04T13:02:11.123Z"))
        #expect(!text.contains("\u{1B}"))
    }

    @Test("Without notes there are no marks; at the foot they stand behind the text")
    func placements() {
        let bare = lines(RenderOptions(notes: .none, now: now))
        #expect(!bare.joined().contains("["))
        let foot = lines(RenderOptions(notes: .foot, now: now))
        #expect(foot.firstIndex(of: "Notes").map { $0 > 5 } == true)
        #expect(foot.count { $0.contains("k3f") } == 1)
    }

    @Test("A mark over several paragraphs opens in the first and closes in the last")
    func overParagraphs() {
        let note = RenderedNote(
            shortID: "k3f", author: "mira", time: now, body: "long", ranges: [4..<110])
        let lines = ArticleRenderer(article([note]), RenderOptions(now: now)).lines().map(\.text)
        #expect(lines[2].hasPrefix("p1   Our [purpose"))
        #expect(!lines[3].contains("]"))
        #expect(lines[5].contains("]¹"))
    }

    @Test("A note on the article as a whole has its own place")
    func whole() {
        let note = RenderedNote(
            shortID: "k3f", author: "mira", time: now, body: "Good.", placement: .whole)
        let lines = ArticleRenderer(article([note]), RenderOptions(now: now)).lines().map(\.text)
        #expect(
            lines.suffix(3) == ["On the article as a whole", "     k3f mira now", "       Good."])
    }

    @Test("Notes out of bounds of the text are listed, not drawn")
    func outOfBounds() {
        let note = RenderedNote(shortID: "k3f", author: "m", time: now, ranges: [4..<9999])
        let lines = ArticleRenderer(article([note]), RenderOptions(now: now)).lines().map(\.text)
        #expect(lines.contains("Loose notes"))
    }

    @Test("Notes on white space between paragraphs are listed; what goes beyond it is drawn")
    func betweenParagraphs() throws {
        let end = article().text.paragraphs[0].upperBound
        let empty = RenderedNote(
            shortID: "kmt", author: "m", time: now, body: "cut?", ranges: [end..<end + 1])
        let lines = ArticleRenderer(article([empty]), RenderOptions(now: now)).lines().map(\.text)
        #expect(lines.contains("Loose notes") && lines.contains { $0.contains("cut?") })
        let beyond = RenderedNote(
            shortID: "kmt", author: "m", time: now, body: "cut?", ranges: [end..<end + 4])
        let drawn = ArticleRenderer(article([beyond]), RenderOptions(now: now)).lines().map(\.text)
        #expect(drawn.contains { $0.contains("[In]¹ 1953") }, "\(drawn)")
    }
}
