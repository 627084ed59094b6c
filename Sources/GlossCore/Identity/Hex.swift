/// Fixed-width lower-case hexadecimal, the one way Gloss writes 64-bit ids.
package enum Hex {
    /// 16 lower-case digits, most significant first.
    package static func string(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// The value of exactly `digits` (at most 16) lower-case hex digits, or `nil`.
    package static func parse(_ bytes: some Sequence<UInt8>, digits: Int) -> UInt64? {
        var value: UInt64 = 0
        var count = 0
        for byte in bytes {
            let digit: UInt64
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                digit = UInt64(byte - UInt8(ascii: "a")) + 10
            default: return nil
            }
            count += 1
            if count > digits || count > 16 { return nil }
            value = value << 4 | digit
        }
        return count == digits ? value : nil
    }
}
