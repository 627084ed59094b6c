import Testing

@testable import GlossClient

@Suite("Lists, cards, JSON and errors")
struct ReportTests {
    private let now = 1_772_629_331_123

    @Test("Lists are tables, or fields with tabs between them")
    func lists() {
        let rows = [
            ArticleRow(name: "river", title: "Rivers and Walls", paragraphs: 9, notes: 6),
            ArticleRow(name: "sea", title: "The Sea\u{1B}", paragraphs: 12, conflicts: 1),
        ]
        #expect(
            ListRenderer(RenderOptions(now: now)).articles(rows).map(\.text) == [
                "river  Rivers and Walls   9 paragraphs  6 notes",
                "sea    The Sea           12 paragraphs           1 conflict",
            ])
        #expect(
            ListRenderer(RenderOptions(isPlain: true, now: now)).articles(rows).map(\.text) == [
                "river\tRivers and Walls\t9\t6\t0\t0\t", "sea\tThe Sea\t12\t0\t0\t1\t",
            ])
        let long = ArticleRow(
            name: "x", title: String(repeating: "long ", count: 40), paragraphs: 1, changed: now)
        let lines = ListRenderer(RenderOptions(width: 60, now: now)).articles([long])
        #expect(lines.map(\.columns) == [60])
    }

    @Test("Notes and conflicts are one line each")
    func noteRows() {
        let note = RenderedNote(
            shortID: "k3f", kind: .suggestion(replacement: "1,836"), author: "mira", time: now,
            body: "CBS\nfigure", quote: "many", ranges: [0..<4])
        let rows = [NoteRow(article: "river", paragraph: 2, note: note)]
        #expect(
            ListRenderer(RenderOptions(width: 100, now: now)).notes(rows).map(\.text) == [
                "k3f  river p2  mira  now  “many”  [-many-]{+1,836+} CBS figure"
            ])
        let conflict = ConflictRow(
            shortID: "xkq", subject: "text of note k3f", article: "river", paragraph: 1,
            sides: ["you (laptop)", "mira"], time: now, needsDecision: true)
        #expect(
            ListRenderer(RenderOptions(now: now)).conflicts([conflict]).map(\.text) == [
                "xkq  text of note k3f  river p1  you (laptop) | mira  now"
            ])
    }

    private var card: ConflictCard {
        ConflictCard(
            shortID: "xkq", position: .init(1, of: 3), subject: "text of note k3f on “contain”",
            base: .init(
                label: "base", author: "mira", time: nil, content: "Is contain the right word?"),
            versions: [
                .init(
                    label: "A", author: "you", time: now, device: "laptop",
                    content: "Is contain the right word? Kennan used it."),
                .init(
                    label: "B", author: "mira", time: now, content: "Is confine the right word?",
                    why: "loaded"),
            ], isText: true, merged: "Is confine the right word? Kennan used it.")
    }

    @Test("A card shows what each version changes, and the merge")
    func cards() {
        #expect(
            ConflictCardRenderer(RenderOptions(width: 100, now: now)).lines(card).map(\.text) == [
                "xkq  1/3  text of note k3f on “contain”",
                "   base  mira              Is contain the right word?",
                "   A     you  now laptop   Is contain the right word?{+ Kennan used it.+}",
                "   B     mira  now         Is [-contain-]{+confine+} the right word?   why: “loaded”",
                "   both merge to           Is confine the right word? Kennan used it.",
            ])
        let tight = ConflictCardRenderer(RenderOptions(width: 80, now: now)).lines(card)
        #expect(tight[4].text.hasSuffix(" why: “loaded”") && tight[4].text.hasPrefix("      "))
        let narrow = ConflictCardRenderer(RenderOptions(width: 40, now: now)).lines(card)
        #expect(narrow.allSatisfy { $0.columns <= 40 })
        let spoken = ConflictCardRenderer(RenderOptions(width: 200, isAccessible: true, now: now))
            .lines(card).map(\.text)
        #expect(
            spoken[3] == "version B, by mira, now: Is confine the right word?, because: loaded")
    }

    @Test("JSON is one safe line that names its schema")
    func json() throws {
        let line = JSONOutput.line(
            "notes",
            [
                OutputMember("text", .string("\u{1B}\u{9B}\u{202E}水\n\"")),
                OutputMember("at", .time(now)), OutputMember("coverage", .share(0.71)),
                OutputMember("tags", .strings(["a"])), OutputMember("none", .null),
                OutputMember("range", .range(3..<5)),
            ])
        #expect(
            line == #"{"schema":"gloss.notes/1","text":"\u001b\u009b\u202e水\n\"","at":"#
                + #""2026-03-04T13:02:11.123Z","coverage":0.710,"tags":["a"],"none":null,"#
                + #""range":[3,5]}"# + "\n")
    }

    @Test("An error says what would have worked")
    func errors() throws {
        let finder = QuoteFinder(in: ArticleText("The water. The water's edge is near the sea."))
        let command = ["gloss", "note", "river", "the water", "-m", "which?"]
        let error = try #require(
            CommandError(
                finder.find("The water"), quote: "the water", article: "river", command: command))
        #expect(error.status == .noMatch)
        #expect(
            error.lines().map(\.text) == [
                "error: “the water” occurs 2 times in river",
                "  1  p1  [The water]. The water's edge is near the …",
                "  2  p1  The water. [The water]'s edge is near the sea.",
                "try:  gloss note river \"the water\" -m \"which?\" --nth 2",
            ])
        #expect(
            CommandError(.stale, "stale", "2 versions then, 3 now").json()
                == #"{"schema":"gloss.error/1","code":5,"name":"stale","message":"#
                + #""2 versions then, 3 now","details":[],"try":[]}"# + "\n")
        let near = try #require(
            CommandError(
                finder.find("egde is near"), quote: "egde is near", article: "river",
                command: ["gloss", "note", "river", "egde is near"]))
        #expect(near.tries.first == "gloss note river \"edge is near\"")
        #expect(near.message == "“egde is near” is not in river; closest (one word differs):")
        let filtered = try #require(
            CommandError(
                finder.find("sea", QuoteFilter(after: "river")), quote: "sea", article: "river",
                command: ["gloss", "note", "river", "sea", "--after", "river"]))
        #expect(filtered.message == "“sea” occurs once in river, but not where you said")
        #expect(filtered.tries == ["gloss note river sea"])
        let twice = try #require(
            CommandError(
                finder.find("Teh water"), quote: "Teh water", article: "river",
                command: ["gloss", "note", "river", "Teh water"]))
        #expect(twice.tries.first == "gloss note river \"The water\" --nth 1")
        #expect(
            CommandError(finder.find("sea"), quote: "sea", article: "river", command: command)
                == nil)
    }
}
