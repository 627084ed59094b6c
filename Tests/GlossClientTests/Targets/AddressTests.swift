import Testing

@testable import GlossClient

@Suite("Addresses, names and shell words")
struct AddressTests {
    private let text = ArticleText("One.\r\n\r\nTwo\nlines.\n\n\nThe\u{301}ree.")

    @Test("Paragraphs and scalars have addresses")
    func addresses() throws {
        #expect(text.string(try TargetAddress("p2").range(in: text)) == "Two\nlines.")
        #expect(
            text.string(try TargetAddress("p1-p2").range(in: text)) == "One.\r\n\r\nTwo\nlines.")
        #expect(try TargetAddress("p1-2") == TargetAddress("p1-p2"))
        #expect(try TargetAddress("chars=0,3").range(in: text) == 0..<3)
        let third = text.paragraphs[2].lowerBound
        let cut = try TargetAddress("chars=\(third),\(third + 3)").range(in: text)
        #expect(text.string(cut) == "The\u{301}")
    }

    @Test(
        "What is no address is refused",
        arguments: [
            ("p0", TargetAddress.Failure.malformed), ("3", .malformed), ("p", .malformed),
            ("p3-p2", .empty), ("chars=5,5", .empty), ("chars=1", .malformed),
            ("p99999999999999999999", .malformed), ("p1-p2-p3", .malformed),
        ])
    func refused(address: String, failure: TargetAddress.Failure) {
        #expect(throws: failure) { try TargetAddress(address) }
    }

    @Test("An address beyond the article is refused")
    func beyond() {
        #expect(throws: TargetAddress.Failure.beyondParagraphs(3)) {
            try TargetAddress("p4").range(in: text)
        }
        #expect(throws: TargetAddress.Failure.beyondCharacters(text.scalars.count)) {
            try TargetAddress("chars=0,999").range(in: text)
        }
    }

    @Test("The offset between paragraphs belongs to the next one")
    func paragraphs() {
        #expect(text.paragraph(at: 0) == 0)
        #expect(text.paragraph(at: 6) == 1)
        #expect(text.paragraph(at: 10_000) == 2)
        #expect(ArticleText("").paragraphs.isEmpty)
        #expect(ArticleText(" \n\n").paragraphs.isEmpty)
    }

    @Test(
        "A quoted word is the same word to a shell",
        arguments: [
            "plain", "two words", "it's", "a \"b\" $c", "", "back\\slash", "don't \"$x\"", "!",
        ])
    func quoting(word: String) {
        #expect(ShellWords.split(word.shellQuoted) == [word])
    }

    @Test("Words are quoted no more than they need")
    func quotes() {
        #expect("river".shellQuoted == "river")
        #expect("the water".shellQuoted == "\"the water\"")
        #expect("\u{1B}[1m".shellQuoted == "$'\\x1b[1m'")
        #expect(ShellWords.split("code --wait 'a b'\\ c") == ["code", "--wait", "a b c"])
        #expect(ShellWords.split("open 'quote") == nil)
    }

    @Test("The nearest names are suggested")
    func names() {
        let known = ["show", "notes", "note", "resolve", "status"]
        #expect(NearestName.suggestions(for: "shwo", among: known) == ["show"])
        #expect(NearestName.suggestions(for: "reslove", among: known) == ["resolve"])
        #expect(NearestName.suggestions(for: "nots", among: known) == ["notes", "note"])
        #expect(NearestName.suggestions(for: "zebra", among: known).isEmpty)
    }
}
