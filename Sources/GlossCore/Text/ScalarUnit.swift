/// The unsigned integers that scalars are stored in: 1, 2 or 4 bytes.
protocol ScalarUnit: FixedWidthInteger, UnsignedInteger, BitwiseCopyable {}

extension UInt8: ScalarUnit {}
extension UInt16: ScalarUnit {}
extension UInt32: ScalarUnit {}

extension ScalarUnit {
    /// The scalar that a unit stands for.
    @inline(__always)
    var scalar: Unicode.Scalar {
        guard let scalar = Unicode.Scalar(UInt32(self)) else {
            preconditionFailure("units come from scalars")
        }
        return scalar
    }
}

/// How many bytes each scalar of a text takes in memory.
///
/// All scalars of one text take as many as its widest needs, so that positions stay indices; see
/// PEP 393, "Flexible String Representation" (Martin von Löwis, 2010), which CPython follows.
enum ScalarWidth: UInt8, Comparable {
    /// All scalars are below U+0100.
    case one
    /// All scalars are below U+10000.
    case two
    /// Any scalar may be there.
    case four

    /// The width that holds scalars of which `union` has every bit that is set in any of them.
    ///
    /// The limits are powers of two, so that the union is below one only if all scalars are.
    @inline(__always)
    init(holding union: UInt32) {
        self = union < 0x100 ? .one : union < 0x1_0000 ? .two : .four
    }

    static func < (left: ScalarWidth, right: ScalarWidth) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// How much longer than in scalars a text is in the units of other programs.
struct Surplus: Equatable {
    /// How many UTF-8 bytes it takes beyond one a scalar. Zero means that it is ASCII.
    var utf8 = 0
    /// How many UTF-16 units it takes beyond one a scalar: its scalars from U+10000 on.
    var utf16 = 0

    /// Nothing: the surplus of ASCII.
    init() {}

    /// The surplus of one scalar.
    @inline(__always)
    init(of value: UInt32) {
        utf16 = value > 0xFFFF ? 1 : 0
        utf8 = (value > 0x7F ? 1 : 0) + (value > 0x7FF ? 1 : 0) + utf16
    }

    /// The surplus of all scalars of a span. O(n), many at a time.
    init<Unit: ScalarUnit>(of units: Span<Unit>) {
        var two: UInt32 = 0
        var three: UInt32 = 0
        var four: UInt32 = 0
        units.forEach { unit in
            // The top bit of a difference says which is larger: a branch would make this one scalar
            // at a time.
            let value = UInt32(truncatingIfNeeded: unit)
            two &+= (0x7F &- value) &>> 31
            if Unit.bitWidth > 8 { three &+= (0x7FF &- value) &>> 31 }
            if Unit.bitWidth > 16 { four &+= (0xFFFF &- value) &>> 31 }
        }
        utf8 = Int(two) + Int(three) + Int(four)
        utf16 = Int(four)
    }

    @inline(__always)
    static func += (left: inout Surplus, right: Surplus) {
        left.utf8 += right.utf8
        left.utf16 += right.utf16
    }

    @inline(__always)
    static func -= (left: inout Surplus, right: Surplus) {
        left.utf8 -= right.utf8
        left.utf16 -= right.utf16
    }
}
