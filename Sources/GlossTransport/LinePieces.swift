import NIOCore

/// Lines with their ends as pieces of a bounded size, one after the other.
struct LinePieces {
    private static let end = UInt8(ascii: "\n")

    private let lines: [[UInt8]]
    private let limit: Int
    private let allocator: ByteBufferAllocator
    private var rest: Int
    private var line = 0
    private var offset = 0

    /// The pieces of `lines`, none of which contains a `\n`: of `limit` bytes each but for the last.
    init(of lines: [[UInt8]], limit: Int, _ allocator: ByteBufferAllocator) {
        self.lines = lines
        self.limit = limit
        self.allocator = allocator
        rest = lines.reduce(0) { $0 + $1.count + 1 }
    }

    /// Whether there are no more.
    var isAtEnd: Bool { rest == 0 }

    /// The next piece; nil at the end.
    mutating func next() -> ByteBuffer? {
        if isAtEnd { return nil }
        let count = min(rest, limit)
        var piece = allocator.buffer(capacity: count)
        while piece.readableBytes < count {
            let bytes = lines[line]
            if offset == 0 { assert(!bytes.contains(Self.end)) }
            let stop = min(bytes.count, offset + count - piece.readableBytes)
            piece.writeBytes(bytes[offset..<stop])
            offset = stop
            if offset == bytes.count, piece.readableBytes < count {
                piece.writeInteger(Self.end)
                line += 1
                offset = 0
            }
        }
        rest -= count
        return piece
    }
}
