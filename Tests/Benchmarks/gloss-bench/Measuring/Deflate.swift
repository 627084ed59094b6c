import CZlib

/// Compression of encodings, for their size: zlib at its default level.
enum Deflate {
    /// The level that zlib takes by default.
    static let level: Int32 = 6

    /// How many bytes are left of `bytes`, in the format of zlib.
    static func count(_ bytes: [UInt8]) -> Int {
        var count = compressBound(UInt(bytes.count))
        var target = [UInt8](repeating: 0, count: Int(count))
        let status = compress2(&target, &count, bytes, UInt(bytes.count), level)
        precondition(status == Z_OK, "zlib refused to compress")
        return Int(count)
    }
}
