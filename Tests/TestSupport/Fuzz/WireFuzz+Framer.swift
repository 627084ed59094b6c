import GlossProtocol

extension WireFuzz {
    /// Lines do not depend on the pieces that their bytes come in, and no more is kept than a line
    /// may have.
    ///
    /// The first byte is the limit, the second how many of the next say how long pieces are.
    static func checkFramer(_ bytes: [UInt8]) throws(Finding) {
        var rest = bytes[...]
        let limit = Int(rest.popFirst() ?? 0)
        let count = Int(rest.popFirst() ?? 0)
        let pieces = Array(rest.prefix(count))
        let stream = Array(rest.dropFirst(count))

        let (expected, fails) = lines(of: stream, limit: limit)
        var framer = LineFramer(limit: limit)
        var found: [[UInt8]] = []
        var failures = 0
        var place = 0
        var turn = 0
        while place < stream.count {
            let length = pieces.isEmpty ? 1 : max(1, Int(pieces[turn % pieces.count]))
            turn += 1
            framer.append(Array(stream[place..<min(stream.count, place + length)]))
            place += length
            do throws(FramingError) {
                while let line = try framer.next() { found.append(line) }
            } catch {
                failures += 1
            }
            try expect(framer.bufferedByteCount <= limit + 1, "a line is all that is kept")
        }
        try expect(found == expected, "the lines are those of the stream")
        try expect(failures == (fails ? 1 : 0), "a line that is too long is an error, once")
    }

    /// What a stream consists of, and whether it ends in a line that is too long.
    private static func lines(of stream: [UInt8], limit: Int) -> ([[UInt8]], fails: Bool) {
        var lines: [[UInt8]] = []
        let parts = stream.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            let line = part.last == UInt8(ascii: "\r") ? part.dropLast() : part
            if line.count > limit { return (lines, true) }
            if index < parts.count - 1 { lines.append(Array(line)) }
        }
        return (lines, false)
    }
}
