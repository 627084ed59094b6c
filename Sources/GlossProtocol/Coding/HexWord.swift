/// Eight lower-case hex digits in one word, the first in its most significant byte: all of them are
/// read and written at once.
enum HexWord {
    /// The value of eight digits; `nil` if one of them is none.
    static func value(of digits: UInt64) -> UInt64? {
        let letters = digits >> 6 & 0x0101_0101_0101_0101
        var value = digits & 0x0F0F_0F0F_0F0F_0F0F + letters * 9
        if value & 0xF0F0_F0F0_F0F0_F0F0 != 0 || spread(value) != digits { return nil }
        value = (value | value >> 4) & 0x00FF_00FF_00FF_00FF
        value = (value | value >> 8) & 0x0000_FFFF_0000_FFFF
        return (value | value >> 16) & 0xFFFF_FFFF
    }

    /// The digits of a value below 2^32.
    static func digits(of value: UInt64) -> UInt64 {
        var value = value
        value = (value | value << 16) & 0x0000_FFFF_0000_FFFF
        value = (value | value << 8) & 0x00FF_00FF_00FF_00FF
        value = (value | value << 4) & 0x0F0F_0F0F_0F0F_0F0F
        return spread(value)
    }

    /// The digits of eight numbers below 16, one in each byte.
    private static func spread(_ values: UInt64) -> UInt64 {
        let letters = (values + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return values + 0x3030_3030_3030_3030 + letters * (0x61 - 0x3A)
    }
}
