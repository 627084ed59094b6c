import TestSupport
import Testing

@testable import GlossClient

@Suite("Safe text, its width and its lines")
struct TextTests {
    @Test("Nothing in other people's text commands the terminal", arguments: 0..<50)
    func hostile(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var text = "\u{1B}]52;c;x\u{7}\u{9B}31m\u{202E}evil\u{2066}\r\n\u{85}"
        for _ in 0..<40 {
            let value = UInt32(random.below(random.chance(0.5) ? 0x100 : 0x3000))
            if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
        }
        for safe in [SafeText.lines(text), SafeText.line(text)] {
            let isClean = safe.unicodeScalars.allSatisfy { scalar in
                let isControl =
                    scalar.value < 0x20 && scalar != "\n"
                    || (0x7F..<0xA0).contains(scalar.value)
                return !isControl && !scalar.properties.isBidiControl
            }
            #expect(isClean)
        }
        #expect(!SafeText.line(text).contains("\n"))
    }

    @Test("What reorders text is shown by its number")
    func bidi() {
        #expect(SafeText.line("a\u{202E}b") == "a‹U+202E›b")
        #expect(SafeText.lines("a\r\nb\rc\td") == "a\nb\nc    d")
        #expect(SafeText.line(" two\n words ") == "two words")
        #expect(SafeText.lines("\u{1B}[31mred") == "[31mred")
    }

    @Test(
        "Graphemes have their columns",
        arguments: [
            ("a", 1), ("é", 1), ("e\u{301}", 1), ("水", 2), ("한", 2), ("👩‍🌾", 2), ("🇳🇱", 2), ("❤️", 2),
            ("❤", 1), ("\u{200B}", 0), ("ｱ", 1), ("Ａ", 2), ("…", 1), ("1️⃣", 2), ("\u{301}", 0),
            ("", 0), ("日本語 text", 11),
        ])
    func width(text: String, columns: Int) {
        #expect(DisplayWidth.columns(of: text) == columns)
    }

    @Test("Cut text keeps to its width")
    func truncated() {
        #expect(DisplayWidth.truncated("the water", to: 9) == "the water")
        #expect(DisplayWidth.truncated("the water", to: 5) == "the …")
        #expect(DisplayWidth.truncated("日本語", to: 4) == "日…")
        #expect(DisplayWidth.truncated("x", to: 0) == "")
    }

    @Test("Lines break at spaces, between wide characters, and only if they must inside a word")
    func wrap() {
        func lines(_ text: String, _ width: Int) -> [String] {
            TextWrap.lines(StyledText(text), width: width).map(\.text)
        }
        #expect(lines("one two three", 7) == ["one two", "three"])
        #expect(lines("one\ntwo", 20) == ["one", "two"])
        #expect(lines("abcdefghij k", 4) == ["abcd", "efgh", "ij k"])
        #expect(lines("水水水水 a", 5) == ["水水", "水水", "a"])
        #expect(lines("", 10) == [""])
        #expect(lines("a    b", 3) == ["a", "b"])
    }

    @Test("No line is too long and no word is lost", arguments: 0..<60)
    func wrapped(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let pieces = ["river", "to", " ", " ", "水", "👩‍🌾", "e\u{301}", "-", "incomprehensibilities"]
        let text = (0..<80).map { _ in pieces[random.below(pieces.count)] }.joined()
        let width = 2 + random.below(40)
        let lines = TextWrap.lines(StyledText(text), width: width)
        #expect(lines.allSatisfy { $0.columns <= width })
        #expect(
            lines.map(\.text).joined().filter { $0 != " " } == text.filter { $0 != " " })
    }

    @Test("Colours are never the only sign")
    func colours() {
        let text = StyledText.comparison(WordDiff.segments(from: "an old word", to: "a new word"))
        #expect(text.text == "[-an old-]{+a new+} word")
        #expect(text.painted(colour: false) == text.text)
        #expect(text.painted(colour: true).hasPrefix("\u{1B}[9;31m[-an old-]\u{1B}[0m"))
        #expect(TextStyle.Colour.of(author: "mira") == TextStyle.Colour.of(author: "mira"))
    }

    @Test("Colour is for terminals that want it")
    func choice() {
        #expect(ColourChoice.auto.isOn(isTerminal: true, environment: [:]))
        #expect(ColourChoice.auto.isOn(isTerminal: true, environment: ["NO_COLOR": ""]))
        #expect(!ColourChoice.auto.isOn(isTerminal: false, environment: [:]))
        #expect(!ColourChoice.auto.isOn(isTerminal: true, environment: ["NO_COLOR": "1"]))
        #expect(!ColourChoice.auto.isOn(isTerminal: true, environment: ["TERM": "dumb"]))
        #expect(ColourChoice.always.isOn(isTerminal: false, environment: ["NO_COLOR": "1"]))
        #expect(!ColourChoice.never.isOn(isTerminal: true, environment: [:]))
    }

    @Test("Times are written for machines and for people")
    func times() {
        let time = 1_772_629_331_123  // 2026-03-04T13:02:11.123Z, a Wednesday.
        #expect(TimeText.rfc3339(time) == "2026-03-04T13:02:11.123Z")
        #expect(TimeText.rfc3339(951_782_400_000) == "2000-02-29T00:00:00.000Z")
        #expect(TimeText.rfc3339(0) == "1970-01-01T00:00:00.000Z")
        #expect(TimeText.rfc3339(.max) == "9999-12-31T23:59:59.999Z")
        #expect(TimeText.absolute(time, offset: 3600) == "2026-03-04 14:02")
        func relative(_ later: Int) -> String {
            TimeText.relative(time, now: time + later * 1000, offset: 3600)
        }
        #expect(relative(30) == "now")
        #expect(relative(300) == "5 min ago")
        #expect(relative(2 * 3600) == "14:02")
        #expect(relative(20 * 3600) == "Wed 14:02")
        #expect(relative(8 * 86_400) == "4 Mar")
        #expect(relative(400 * 86_400) == "4 Mar 2026")
        #expect(relative(-600) == "14:02")
        #expect(TimeText.relative(0, now: 3_600_000, offset: -3600) == "Wed 23:00")
        #expect(TimeText.duration(milliseconds: 3 * 3_600_000) == "3 h")
    }
}
