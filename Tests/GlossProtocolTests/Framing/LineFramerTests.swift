import GlossProtocol
import Testing

@Suite struct LineFramerTests {
    /// Streams and the lines in them; what follows the last `\n` is no line yet.
    static let streams: [(stream: String, lines: [String])] = [
        ("", []),
        ("\n", [""]),
        ("\r\n", [""]),
        ("a\n", ["a"]),
        ("a\r\n", ["a"]),
        ("a\r\r\n", ["a\r"]),
        ("a\rb\n", ["a\rb"]),
        ("\n\n\r\n\n", ["", "", "", ""]),
        ("first\nsecond\r\nthird", ["first", "second"]),
        ("exactly8\nexactly8\n", ["exactly8", "exactly8"]),
        (
            "a rather longer line, past several words\nx\n",
            [
                "a rather longer line, past several words", "x",
            ]
        ),
        ("\u{0}\u{b}\u{c}\u{85}\u{2028}\u{2029}é🙂\n", ["\u{0}\u{b}\u{c}\u{85}\u{2028}\u{2029}é🙂"]),
    ]

    @Test(arguments: streams.indices, [1, 2, 3, 7, 8, 9, 1000])
    func `cuts the same lines however the bytes arrive`(index: Int, chunk: Int) throws {
        let (stream, lines) = Self.streams[index]
        var framer = LineFramer(limit: 100)
        var found: [String] = []
        var rest = Array(stream.utf8)[...]
        while !rest.isEmpty {
            framer.append(Array(rest.prefix(chunk)))
            rest = rest.dropFirst(chunk)
            while let line = try framer.next() {
                found.append(String(decoding: line, as: UTF8.self))
            }
        }
        #expect(found == lines)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `random bytes in random chunks give what splitting them gives`(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let stream = (0..<20_000).map { _ in
            [0, 0x0a, 0x0d, 0x8a, 0xff, 0x0b][Int.random(in: 0..<6, using: &random)]
                | (Bool.random(using: &random) ? 0 : UInt8.random(in: 0...255, using: &random))
        }
        let expected = stream.split(separator: 0x0a, omittingEmptySubsequences: false).dropLast()
            .map {
                Array($0.last == 0x0d ? $0.dropLast() : $0)
            }
        var framer = LineFramer(limit: stream.count)
        var found: [[UInt8]] = []
        var rest = stream[...]
        while !rest.isEmpty {
            let chunk = Int.random(in: 1...300, using: &random)
            framer.append(Array(rest.prefix(chunk)))
            rest = rest.dropFirst(chunk)
            // Sometimes the consumer is behind.
            if Bool.random(using: &random) { continue }
            while let line = try framer.next() { found.append(line) }
        }
        while let line = try framer.next() { found.append(line) }
        #expect(found == expected)
        #expect(framer.bufferedByteCount == stream.reversed().prefix { $0 != 0x0a }.count)
    }

    @Test(arguments: ["", "\r"], [1, 3, 100])
    func `a line of exactly the limit passes, one more byte does not`(
        end: String, chunk: Int
    ) throws {
        var framer = LineFramer(limit: 10)
        #expect(try feed("0123456789\(end)\n", to: &framer, chunk: chunk) == ["0123456789"])
        #expect(throws: FramingError.lineTooLong(limit: 10)) {
            try feed("0123456789x\(end)\n", to: &framer, chunk: chunk)
        }
    }

    @Test func `an endless line fails before its end comes`() throws {
        var framer = LineFramer(limit: 10)
        framer.append(Array("0123456789\r".utf8))
        #expect(try framer.next() == nil)
        framer.append(Array("x".utf8))
        #expect(throws: FramingError.lineTooLong(limit: 10)) { try framer.next() }
    }

    @Test func `lines before the one that is too long are given out, and nothing after it`() throws
    {
        var framer = LineFramer(limit: 3)
        framer.append(Array("one\nfour\ntwo\n".utf8))
        #expect(try framer.next() == Array("one".utf8))
        #expect(throws: FramingError.lineTooLong(limit: 3)) { try framer.next() }
        framer.append(Array("two\n".utf8))
        #expect(try framer.next() == nil)
        #expect(framer.bufferedByteCount == 0)
    }

    @Test func `a new limit holds for lines that have arrived but were not taken`() throws {
        var framer = LineFramer(limit: 5)
        framer.append(Array("hello\na longer line\nhello!\n".utf8))
        #expect(try framer.next() == Array("hello".utf8))
        framer.limit = 100
        #expect(try framer.next() == Array("a longer line".utf8))
        framer.limit = 5
        #expect(throws: FramingError.lineTooLong(limit: 5)) { try framer.next() }
    }

    @Test func `a mebibyte line that drips in is found`() throws {
        var framer = LineFramer(limit: 1 << 20)
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        var rest = (line + [0x0a])[...]
        while rest.count > 1 {
            framer.append(Array(rest.prefix(min(1000, rest.count - 1))))
            rest = rest.dropFirst(min(1000, rest.count - 1))
            #expect(try framer.next() == nil)
        }
        framer.append(Array(rest))
        #expect(try framer.next() == line)
        #expect(framer.bufferedByteCount == 0)
    }

    private func feed(_ text: String, to framer: inout LineFramer, chunk: Int) throws -> [String] {
        var found: [String] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            framer.append(Array(rest.prefix(chunk)))
            rest = rest.dropFirst(chunk)
            while let line = try framer.next() {
                found.append(String(decoding: line, as: UTF8.self))
            }
        }
        return found
    }
}

/// SplitMix64: a small generator whose run is told by its seed.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
