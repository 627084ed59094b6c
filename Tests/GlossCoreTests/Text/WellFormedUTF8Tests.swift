import TestSupport
import Testing

@testable import GlossCore

@Suite struct WellFormedUTF8Tests {
    private static let malformed: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xC2, 0xC2],
        [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xE1, 0x80], [0xE1], [0xE1, 0x80, 0x41],
        [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xEF, 0xBF],
        [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x90, 0x80], [0xF0],
        [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
        [0xFE], [0xFF], [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80],
    ]

    @Test(arguments: malformed)
    func `malformed bytes are refused wherever they stand, and nothing is added`(_ bytes: [UInt8]) {
        for lead in ["", "a", "é", String(repeating: "x", count: 63), "漢😀"] {
            for tail in ["", "a", String(repeating: "y", count: 130)] {
                let all = Array(lead.utf8) + bytes + Array(tail.utf8)
                var arena = ScalarArena()
                arena.append(contentsOf: (["o", "k"] as [Unicode.Scalar]).span)
                let added = arena.append(utf8: all.span)
                #expect(added == nil)
                let kept = arena.string(0..<arena.count)
                #expect(kept == "ok")
                let isASCII = arena.isASCII
                #expect(isASCII)
                #expect(isRefused(all))
            }
        }
    }

    @Test func `every scalar goes in as UTF-8 and comes out again`() {
        var text = String.UnicodeScalarView()
        for value in UInt32(0)...0x10_FFFF {
            if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        }
        let bytes = Array(String(text).utf8)
        var arena = ScalarArena()
        #expect(arena.append(utf8: bytes.span) == text.count)
        var written: [UInt8] = []
        arena.append(utf8Of: 0..<arena.count, to: &written)
        #expect(written == bytes)
        #expect(!isRefused(bytes))
    }

    @Test func `random damage is refused exactly when the standard library repairs it`() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<20_000 {
            var bytes = Array(Scalars.string(Scalars.astral.run(upTo: 8, using: &random)).utf8)
            if !bytes.isEmpty {
                bytes[random.below(bytes.count)] = UInt8(random.below(256))
                if random.chance(0.2) { bytes.removeLast() }
            }
            let isValid = Array(String(decoding: bytes, as: UTF8.self).utf8) == bytes
            #expect(isRefused(bytes) != isValid, "\(bytes)")
        }
    }

    private func isRefused(_ bytes: [UInt8]) -> Bool {
        switch TextBuffer(utf8: bytes.span) {
        case .some: false
        case .none: true
        }
    }
}
