/// XXH64, the 64-bit hash of Yann Collet's xxHash, with seed 0: the checksum of stored documents.
///
/// It finds damage, not malice. Four lanes each take 8 bytes of every 32, so it reads several bytes
/// a cycle.
enum XXHash64 {
    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    /// The hash of all bytes. O(n).
    static func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var index = 0
        var hash = prime5
        if bytes.count >= 32 {
            var first = prime1 &+ prime2
            var second = prime2
            var third: UInt64 = 0
            var fourth = 0 &- prime1
            index = bytes.count & ~31
            bytes.forEachFourWords { words in
                first = round(first, words.0)
                second = round(second, words.1)
                third = round(third, words.2)
                fourth = round(fourth, words.3)
            }
            hash = rotate(first, 1) &+ rotate(second, 7) &+ rotate(third, 12) &+ rotate(fourth, 18)
            hash = merge(first, into: hash)
            hash = merge(second, into: hash)
            hash = merge(third, into: hash)
            hash = merge(fourth, into: hash)
        }
        hash &+= UInt64(bytes.count)
        return avalanche(rest(of: bytes, from: index, hash))
    }

    private static func merge(_ lane: UInt64, into hash: UInt64) -> UInt64 {
        (hash ^ round(0, lane)) &* prime1 &+ prime4
    }

    /// Takes in the bytes that do not fill 32.
    private static func rest(of bytes: Span<UInt8>, from start: Int, _ former: UInt64) -> UInt64 {
        var hash = former
        var index = start
        while index + 8 <= bytes.count {
            hash = rotate(hash ^ round(0, bytes.word(at: index)), 27) &* prime1 &+ prime4
            index += 8
        }
        if index + 4 <= bytes.count {
            var word: UInt64 = 0
            for place in 0..<4 { word |= UInt64(bytes[index + place]) << UInt64(8 * place) }
            hash = rotate(hash ^ (word &* prime1), 23) &* prime2 &+ prime3
            index += 4
        }
        while index < bytes.count {
            hash = rotate(hash ^ (UInt64(bytes[index]) &* prime5), 11) &* prime1
            index += 1
        }
        return hash
    }

    private static func avalanche(_ value: UInt64) -> UInt64 {
        var hash = value
        hash = (hash ^ hash >> 33) &* prime2
        hash = (hash ^ hash >> 29) &* prime3
        return hash ^ hash >> 32
    }

    @inline(__always)
    private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        rotate(lane &+ word &* prime2, 31) &* prime1
    }

    @inline(__always)
    private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
        value &<< count | value &>> (64 &- count)
    }
}
