/// Cuts a byte stream into lines.
///
/// A line ends with `\n`; one `\r` right before it is dropped. No other byte is special, and
/// whether a line is UTF-8 or JSON is for the decoder to say. Lines are cut when asked for, not
/// when bytes arrive, so a new `limit` applies to every line that was not given out yet.
///
/// Every byte is scanned once and copied twice: in, and out with its line.
public struct LineFramer: Sendable {
    /// The longest line allowed, in bytes without its end (`\n` or `\r\n`).
    public var limit: Int

    private var buffer: [UInt8] = []
    /// Where the next line begins in `buffer`.
    private var start = 0
    /// No `\n` in `buffer[start..<scanned]`.
    private var scanned = 0
    private var failed = false

    /// Storage kept by a framer that holds no bytes: many connections are idle most of the time.
    private static let idleCapacity = 1024
    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// A framer at the start of a stream.
    public init(limit: Int) {
        precondition(limit >= 0)
        self.limit = limit
    }

    /// Bytes taken in and not yet given out, line ends included.
    public var bufferedByteCount: Int {
        buffer.count - start
    }

    /// Takes in the next bytes of the stream; after an error they are dropped. Amortised O(count).
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard !failed else { return }
        discardConsumed()
        buffer.append(contentsOf: bytes)
    }

    /// Takes in the next bytes of the stream; after an error they are dropped. Amortised O(count).
    public mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    /// The next whole line without its end, or nil until more bytes come.
    ///
    /// Throws `lineTooLong` as soon as the bytes at hand cannot be the start of a line within the
    /// limit, even if the line's end has not come; from then on gives nil. O(length of the line).
    public mutating func next() throws(FramingError) -> [UInt8]? {
        guard !failed else { return nil }
        guard let end = endOfLine() else {
            try check(length: buffer.count - start - (buffer.last == Self.carriageReturn ? 1 : 0))
            return nil
        }
        let endsWithReturn = end > start && buffer[end - 1] == Self.carriageReturn
        let contentEnd = endsWithReturn ? end - 1 : end
        try check(length: contentEnd - start)
        let line = Array(buffer[start..<contentEnd])
        start = end + 1
        scanned = start
        if start == buffer.count { discardConsumed() }
        return line
    }

    private mutating func check(length: Int) throws(FramingError) {
        guard length > limit else { return }
        failed = true
        buffer = []
        start = 0
        scanned = 0
        throw .lineTooLong(limit: limit)
    }

    /// The index of the next `\n`. Leaves `scanned` there, or at the end of the buffer.
    private mutating func endOfLine() -> Int? {
        let from = scanned
        let found = buffer.withUnsafeBytes { bytes in
            firstIndex(of: Self.newline, in: bytes, from: from)
        }
        scanned = found ?? buffer.count
        return found
    }

    /// Drops the bytes already given out, when that moves fewer bytes than it frees.
    private mutating func discardConsumed() {
        guard start > 0 else { return }
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= Self.idleCapacity)
        } else if start >= buffer.count - start {
            buffer.removeSubrange(..<start)
        } else {
            return
        }
        scanned -= start
        start = 0
    }
}

/// The first index at or after `from` that holds `byte`, looking at eight bytes at a time.
private func firstIndex(of byte: UInt8, in bytes: UnsafeRawBufferPointer, from: Int) -> Int? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highBits: UInt64 = 0x8080_8080_8080_8080
    let pattern = ones &* UInt64(byte)
    var index = from
    while index &+ 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        // A byte of `difference` is zero where the word has the byte looked for; the lowest high
        // bit that stays set marks the first such byte.
        let difference = UInt64(littleEndian: word) ^ pattern
        let zeros = (difference &- ones) & ~difference & highBits
        if zeros != 0 { return index &+ zeros.trailingZeroBitCount / 8 }
        index &+= 8
    }
    while index < bytes.count {
        if bytes[index] == byte { return index }
        index &+= 1
    }
    return nil
}
