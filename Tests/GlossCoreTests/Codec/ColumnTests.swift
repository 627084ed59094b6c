import TestSupport
import Testing

@testable import GlossCore

/// Columns of numbers and the pieces they are made of.
@Suite struct ColumnTests {
    @Test func `numbers of all sizes come back with their tags`() throws {
        var random = SeededRandom(seed: 5)
        for count in [0, 1, 2, 3, 10, 1000] {
            for tagCount in 1...6 {
                let numbers = (0..<count).map { _ in
                    let value = random.next() >> UInt64(random.below(64))
                    return (random.chance(0.3) ? 0 : value, random.below(tagCount))
                }
                try expect(numbers, tagCount)
                try expect(numbers.map { ($0.0 >> 19, $0.1) }, tagCount)
            }
        }
        try expect([(UInt64.max, 0), (0, 0), (1 << 63, 0), (1 << 45, 0), (1 << 44, 0)], 1)
    }

    @Test func `codes of very uneven frequencies stay short`() throws {
        var numbers: [(UInt64, Int)] = []
        for bits in 0..<20 {
            numbers += Array(repeating: (1 << UInt64(bits), 0), count: 1 << (19 - bits))
        }
        try expect(numbers, 1)
    }

    @Test func `equal numbers take a bit each`() {
        var column = ColumnWriter()
        for _ in 0..<8000 { column.append(0) }
        var writer = ByteWriter()
        column.write(to: &writer)
        check(writer.count < 1010)
    }

    @Test func `the checksum is XXH64`() {
        let vectors: [(String, UInt64)] = [
            ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B),
            ("abc", 0x44BC_2CF5_AD77_0999),
            ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
        ]
        for (text, sum) in vectors {
            check(XXHash64.hash(Array(text.utf8).span) == sum, "\(text)")
        }
    }

    private func expect(_ numbers: [(UInt64, Int)], _ tagCount: Int) throws {
        var column = ColumnWriter(tagCount: tagCount)
        for (value, tag) in numbers { column.append(value, tag: tag) }
        var writer = ByteWriter()
        column.write(to: &writer)
        let length = writer.count
        writer.append(word: 0xFFFF_FFFF_FFFF_FFFF)
        let bytes = writer.array()
        var reader = ByteReader(bytes, 0..<length)
        let decoded = try ColumnReader(&reader, tagCount: tagCount, isWide: true)
        var cursor = decoded.start
        let isNarrow = numbers.allSatisfy { $0.0 >> 45 == 0 }
        let count = decoded.count
        check(count == numbers.count)
        for (value, tag) in numbers {
            if isNarrow {
                let number = decoded.next(&cursor, bytes.span)
                check(number.value == value && number.tag == tag)
            } else {
                let number = decoded.nextWide(&cursor, bytes.span)
                check(number == value)
            }
        }
        try decoded.finish(cursor)
        try reader.finish()
        guard isNarrow else { return }
        cursor = decoded.start
        for index in stride(from: 0, to: numbers.count - 1, by: 2) {
            let (first, second) = decoded.nextPair(&cursor, bytes.span)
            check(first == numbers[index] && second == numbers[index + 1])
        }
    }
}
