import Testing

@testable import GlossClient

@Suite("Answering a conflict in an editor")
struct AnswerSheetTests {
    private let options = RenderOptions(now: 0)

    private func sheet(
        _ first: String, _ second: String, base: String? = "One.", shown: String = "One."
    ) -> AnswerSheet {
        let card = ConflictCard(
            shortID: "xkq", subject: "text of note k3f",
            base: base.map { .init(label: "base", author: "mira", time: nil, content: $0) },
            versions: [
                .init(label: "A", author: "you", time: 0, device: "laptop", content: first),
                .init(label: "B", author: "jo", time: nil, content: second, why: "loaded"),
            ], isText: true)
        return AnswerSheet(card, shown: shown, options)
    }

    @Test("It has each version behind its label, with who, where, when and why")
    func text() {
        #expect(
            sheet("Two.", "Three.").text == """
                ::: conflict xkq   text of note k3f — leave the text you want, delete the ::: lines
                ::: base  mira
                One.
                ::: A  you (laptop), now
                Two.
                ::: B  jo — why: “loaded”
                Three.
                :::

                """)
    }

    @Test("Labels are longer than any colons in the text, so that all of it can be kept")
    func fence() {
        let sheet = sheet("::: kept\nTwo.", ":::: more", base: nil)
        #expect(sheet.text.hasPrefix("::::: conflict"))
        #expect(sheet.answer(in: "::: kept\n:::: more\n") == .words("::: kept\n:::: more"))
        #expect(sheet.answer(in: "::::: A\nTwo.\n") == .unfinished(1))
    }

    @Test("What is left stands; nothing left is no answer; labels left are not done")
    func answers() {
        let sheet = sheet("Two.", "Three.")
        #expect(sheet.answer(in: "Four.\r\n\r\nFive.\r\n") == .words("Four.\n\nFive."))
        #expect(sheet.answer(in: " \n\n") == .empty)
        #expect(sheet.answer(in: sheet.text) == .unfinished(5))
        let again = sheet.returned("::: A\nTwo.\n", labels: 1)
        #expect(again.hasPrefix("::: not finished: 1 line starts with :::"))
        #expect(sheet.answer(in: again) == .unfinished(1))
        #expect(sheet.returned(again, labels: 1) == again)
        #expect(
            sheet.answer(in: again.replacing("::: A\n", with: "")) == .words("Two."),
            "the reason need not be deleted")
    }

    @Test("White space around what shows is put back")
    func margins() {
        let sheet = sheet("Two.", "Three.", shown: " One.\n")
        #expect(sheet.answer(in: "Two.") == .words(" Two.\n"))
    }
}
