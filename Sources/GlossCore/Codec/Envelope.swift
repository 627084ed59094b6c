/// What stands around the stored form of a document.
///
/// A file begins with the five letters `GLOSS`, one for its kind, its version and a zero. It ends
/// with the ``XXHash64`` of everything before, 8 bytes. Before that stands, in 8 bytes, how many
/// zeros are before these: a file has at least one byte for every ``operationsPerByte`` operations
/// that it makes its reader remember, so that a small file never takes much memory.
enum Envelope {
    /// What a file holds.
    enum Kind: UInt8 {
        /// ``Document/encodeHistory()``.
        case history = 0x48
        /// ``Document/encodeSnapshot()``.
        case snapshot = 0x53
        /// ``PackedLog/encode()``.
        case log = 0x4C
    }

    /// The only version so far.
    static let version: UInt8 = 1
    /// A file stands for at most so many operations a byte, and ``freeOperations`` besides.
    static let operationsPerByte = 64
    /// How many operations any file may stand for.
    static let freeOperations = 1 << 16
    private static let magic: [UInt8] = Array("GLOSS".utf8)
    private static let headLength = 8
    private static let tailLength = 16

    /// A writer with the first bytes of a file.
    static func begin(_ kind: Kind) -> ByteWriter {
        var writer = ByteWriter()
        for byte in magic { writer.append(byte: byte) }
        writer.append(byte: kind.rawValue)
        writer.append(byte: version)
        writer.append(byte: 0)
        return writer
    }

    /// Adds the last bytes of a file.
    ///
    /// - Parameter weight: how many operations it stands for.
    static func seal(_ writer: inout ByteWriter, weight: Int) -> [UInt8] {
        let wanted = max(0, weight - freeOperations) / operationsPerByte + 1
        let padding = max(0, wanted - writer.count)
        writer.append(zeros: padding)
        writer.append(word: UInt64(padding))
        writer.append(word: writer.checksum())
        return writer.array()
    }

    /// How many zeros a file was made longer by.
    static func paddingLength(of bytes: [UInt8]) -> Int {
        Int(clamping: bytes.span.word(at: bytes.count - tailLength))
    }

    /// Checks an envelope and gives a reader of its body. O(n).
    static func open(_ bytes: [UInt8], kind: Kind) throws(CodecError) -> ByteReader {
        guard bytes.count >= headLength + tailLength, bytes.starts(with: magic) else {
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
        let end = bytes.count - 8
        guard XXHash64.hash(bytes.span.extracting(0..<end)) == bytes.span.word(at: end) else {
            throw .damaged("the checksum is wrong")
        }
        let padding = paddingLength(of: bytes)
        guard padding <= bytes.count - headLength - tailLength else {
            throw .damaged("the bytes end too early")
        }
        return ByteReader(bytes, headLength..<bytes.count - tailLength - padding)
    }

    /// Throws if a file is too short for as many operations as it stands for.
    static func check(weight: Int, of reader: ByteReader) throws(CodecError) {
        guard weight <= reader.bytes.count * operationsPerByte + freeOperations else {
            throw CodecError(.tooLarge, "the document stands for too much for its length")
        }
    }
}
