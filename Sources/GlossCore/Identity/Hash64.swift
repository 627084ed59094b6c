/// A 64-bit hash for ids and checksums that need no cryptography: FNV-1a over bytes, finished with
/// the 64-bit finalizer of MurmurHash3 so that every bit counts. Specified in Protocol/.
package struct Hash64 {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    package init() {}

    package mutating func combine(byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    /// Eight bytes, most significant first.
    package mutating func combine(_ value: UInt64) {
        for shift in stride(from: 56, through: 0, by: -8) {
            combine(byte: UInt8(truncatingIfNeeded: value >> UInt64(shift)))
        }
    }

    package mutating func combine(_ value: Int) { combine(UInt64(bitPattern: Int64(value))) }

    /// The UTF-8 bytes, their number first.
    package mutating func combine(_ text: String) {
        combine(text.utf8.count)
        for byte in text.utf8 { combine(byte: byte) }
    }

    package mutating func combine(_ id: OpID) {
        combine(id.agent.rawValue)
        combine(id.seq)
    }

    package func finalize() -> UInt64 { Hash64.mix(state) }

    /// The 64-bit finalizer of MurmurHash3: one to one, and every bit of the value bears on every
    /// bit of the result.
    @inline(__always)
    static func mix(_ bits: UInt64) -> UInt64 {
        var value = bits
        value ^= value >> 33
        value &*= 0xff51_afd7_ed55_8ccd
        value ^= value >> 33
        value &*= 0xc4ce_b9fe_1a85_ec53
        value ^= value >> 33
        return value
    }
}
