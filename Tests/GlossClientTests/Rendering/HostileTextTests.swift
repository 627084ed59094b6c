import GlossCore
import TestSupport
import Testing

@testable import GlossClient

@Suite("Hostile text in every renderer")
struct HostileTextTests {
    private func hostile(_ random: inout SeededRandom) -> String {
        let pieces = [
            "\u{1B}]52;c;eHg=\u{7}", "\u{9B}2J", "\u{202E}", "\u{2067}", "\r", "\n", "\t", "\u{0}",
            "word", " ", "水", "👩‍🌾", "e\u{301}", "שלום", "\u{7F}", "\u{85}", "\u{2028}", "[", "]",
        ]
        return (0..<random.below(30)).map { _ in pieces[random.below(pieces.count)] }.joined()
    }

    private func check(_ random: inout SeededRandom) -> CheckView {
        let evidence = Check.Evidence(
            source: hostile(&random), link: hostile(&random), page: hostile(&random),
            time: hostile(&random))
        let states: [CheckStanding.State] = [.unchecked, .fresh, .stale, .pending]
        let author = Attribution(
            user: hostile(&random), device: "", time: 0, isMine: false, isAcknowledged: true)
        return CheckView(
            state: states[random.below(states.count)],
            verdict: Verdict(rawValue: hostile(&random)), evidence: [evidence],
            remark: hostile(&random), author: author, why: hostile(&random),
            then: hostile(&random), now: hostile(&random))
    }

    private func isSafe(_ lines: [StyledText], tabs: Int = 0) -> Bool {
        lines.allSatisfy { line in
            let fields = line.text.split(separator: "\t", omittingEmptySubsequences: false)
            return fields.count == tabs + 1
                && fields.joined().unicodeScalars.allSatisfy { scalar in
                    scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value)
                        && !scalar.properties.isBidiControl
                }
        }
    }

    @Test("No control character and no line end gets through", arguments: 0..<80)
    func everywhere(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let text = ArticleText(hostile(&random) + "end" + hostile(&random))
        let notes = (0..<4).map { index in
            let lower = random.below(text.scalars.count)
            let upper = lower + random.below(text.scalars.count - lower + 1)
            return RenderedNote(
                shortID: "k\(index)",
                kind: random.chance(0.5) ? .note : .suggestion(replacement: hostile(&random)),
                author: hostile(&random), time: random.below(1 << 41), body: hostile(&random),
                label: hostile(&random), check: check(&random), status: hostile(&random),
                tags: [hostile(&random)], quote: hostile(&random),
                placement: random.chance(0.7) ? .anchored : .collapsed, ranges: [lower..<upper],
                replies: [
                    .init(shortID: "r", author: hostile(&random), body: hostile(&random), time: 0)
                ])
        }
        let article = RenderedArticle(title: hostile(&random), text: text, notes: notes)
        let card = ConflictCard(
            shortID: "xkq", subject: hostile(&random),
            base: .init(
                label: "base", author: hostile(&random), time: 0, content: text.string(0..<3)),
            versions: [
                .init(
                    label: "A", author: "a", time: nil, device: hostile(&random),
                    content: hostile(&random), why: hostile(&random))
            ], isText: random.chance(0.5), merged: hostile(&random))
        let row = ConflictRow(
            shortID: "xkq", subject: hostile(&random), article: hostile(&random), paragraph: 1,
            sides: [hostile(&random)], time: 0, needsDecision: true)
        for width in [24, 80, 120] {
            for isAccessible in [false, true] {
                let options = RenderOptions(
                    width: width, isPlain: random.chance(0.2), isAccessible: isAccessible,
                    now: 1 << 41)
                let isTable = options.isPlain && !isAccessible
                let lists = ListRenderer(options)
                #expect(isSafe(ArticleRenderer(article, options).lines()))
                #expect(isSafe(ConflictCardRenderer(options).lines(card)))
                #expect(isSafe(lists.conflicts([row]), tabs: isTable ? 4 : 0))
                #expect(
                    isSafe(
                        lists.notes([NoteRow(article: "\u{1B}c", paragraph: 1, note: notes[0])]),
                        tabs: isTable ? 6 : 0))
            }
        }
        let json = JSONOutput.line("x", [OutputMember("y", .string(hostile(&random)))])
        #expect(isSafe([StyledText(String(json.dropLast()))]))
    }
}
