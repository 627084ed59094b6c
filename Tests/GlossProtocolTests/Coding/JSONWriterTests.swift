import GlossCore
import Testing

@testable import GlossProtocol

@Suite struct JSONWriterTests {
    private func written(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `Integers of every length are written in decimal`() {
        var numbers = [0, Int.max, Int.min]
        var power = 1
        for _ in 0..<19 {
            numbers += [power - 1, power, power + 1, -power]
            power = power &* 10
        }
        for number in numbers {
            #expect(written { $0.integer(number) } == String(number))
        }
    }

    @Test func `Ids are written and read as they are described`() {
        var random = HostileInputTests.Random(state: 5)
        let bits = [0, 9, 10, 0xF, 0x0123_4567_89AB_CDEF, UInt64.max]
        for agent in bits + (0..<100).map({ _ in random.next() }) {
            let id = OpID(agent: AgentID(rawValue: agent), seq: 1_234)
            #expect(written { $0.string(id) } == "\"\(id)\"")
            #expect(written { $0.string(hex: agent) } == "\"\(id.agent)\"")
            #expect(HexWord.value(of: HexWord.digits(of: agent >> 32)) == agent >> 32)
        }
    }

    @Test func `Only lower-case hex digits are digits, in each place`() {
        let digits = Array("0123456789abcdef".utf8)
        for place in 0..<8 {
            for byte in UInt8.min...UInt8.max {
                let shift = UInt64(8 * place)
                let word = 0x3030_3030_3030_3030 & ~(0xFF << shift) | UInt64(byte) << shift
                let expected = digits.firstIndex(of: byte).map { UInt64($0) << UInt64(4 * place) }
                #expect(HexWord.value(of: word) == expected)
            }
        }
    }
}
