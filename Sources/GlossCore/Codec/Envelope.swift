/// What stands around the stored form of a document.
///
/// A file begins with the five letters `GLOSS`, one for its kind, its version and a zero. It ends
/// with the ``XXHash64`` of everything before, 8 bytes. Before that there may be zeros, as many as
/// its head says: a file has at least one byte for every ``operationsPerByte`` operations that it
/// makes its reader remember, so that a small file never takes much memory.
enum Envelope {
    /// What a file holds.
    enum Kind: UInt8 {
        /// ``Document/encodeHistory()``.
        case history = 0x48
        /// ``Document/encodeSnapshot()``.
        case snapshot = 0x53
    }

    /// The only version so far.
    static let version: UInt8 = 1
    /// A file stands for at most so many operations a byte, and ``freeOperations`` besides.
    static let operationsPerByte = 64
    /// How many operations any file may stand for.
    static let freeOperations = 1 << 16
    private static let magic: [UInt8] = Array("GLOSS".utf8)
    private static let headLength = 8
    private static let sumLength = 8

    /// Puts a body into its envelope.
    ///
    /// - Parameter weight: how many operations it stands for.
    static func seal(_ body: borrowing ByteWriter, kind: Kind, weight: Int) -> [UInt8] {
        var writer = ByteWriter()
        for byte in magic { writer.append(byte: byte) }
        writer.append(byte: kind.rawValue)
        writer.append(byte: version)
        writer.append(byte: 0)
        let wanted = max(0, weight - freeOperations) / operationsPerByte + 1
        let padding = max(0, wanted - body.count - headLength - sumLength)
        writer.append(count: padding)
        writer.append(contentsOf: body)
        writer.append(zeros: padding)
        writer.append(word: writer.checksum())
        return writer.array()
    }

    /// Checks an envelope and gives a reader of its body. O(n).
    static func open(_ bytes: [UInt8], kind: Kind) throws(CodecError) -> ByteReader {
        guard bytes.count >= headLength + sumLength + 1, bytes.starts(with: magic) else {
            throw CodecError(.notGloss, "the bytes are no document of Gloss")
        }
        guard Kind(rawValue: bytes[5]) != nil else {
            throw CodecError(.unsupportedVersion, "the document is of an unknown kind")
        }
        guard bytes[6] == version, bytes[7] == 0 else {
            throw CodecError(.unsupportedVersion, "the document is of version \(bytes[6])")
        }
        guard bytes[5] == kind.rawValue else {
            throw CodecError(.notGloss, "the bytes are no \(kind)")
        }
        let end = bytes.count - sumLength
        let sum = bytes.span.word(at: end)
        guard XXHash64.hash(bytes.span.extracting(0..<end)) == sum else {
            throw .damaged("the checksum is wrong")
        }
        var head = ByteReader(bytes, headLength..<end)
        let padding = try head.count(upTo: head.remaining)
        return ByteReader(bytes, head.position..<end - padding)
    }

    /// Throws if a file is too short for as many operations as it stands for.
    static func check(weight: Int, of reader: ByteReader) throws(CodecError) {
        guard weight <= reader.bytes.count * operationsPerByte + freeOperations else {
            throw CodecError(.tooLarge, "the document stands for too much for its length")
        }
    }
}
