import NIOCore
import Testing

@testable import GlossTransport

@Suite struct LinePiecesTests {
    @Test(arguments: 1...12)
    func `the pieces together are the lines with their ends`(limit: Int) {
        for seed in 0..<30 {
            let lines = (0..<1 + seed % 8).map { number in
                [UInt8](repeating: UInt8(97 + number), count: (7 * seed + 11 * number) % 30)
            }
            let whole = lines.flatMap { $0 + [UInt8(ascii: "\n")] }
            var pieces = LinePieces(of: lines, limit: limit, ByteBufferAllocator())
            var found: [UInt8] = []
            while let piece = pieces.next() {
                let count = piece.readableBytes
                #expect(count == limit || pieces.isAtEnd && (1...limit).contains(count))
                found += piece.readableBytesView
            }
            #expect(found == whole)
            #expect(pieces.isAtEnd && pieces.next() == nil)
        }
    }
}
