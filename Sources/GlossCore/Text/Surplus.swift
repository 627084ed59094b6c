/// How much longer than in scalars a text is in the units of other programs.
struct Surplus: Equatable {
    /// How many UTF-8 bytes it takes beyond one a scalar. Zero means that it is ASCII.
    var utf8 = 0
    /// How many UTF-16 units it takes beyond one a scalar: its scalars from U+10000 on.
    var utf16 = 0

    /// Nothing: the surplus of ASCII.
    init() {}

    /// A surplus of known size.
    init(utf8: Int, utf16: Int) {
        self.utf8 = utf8
        self.utf16 = utf16
    }

    /// The surplus of one scalar.
    @inline(__always)
    init(of value: UInt32) {
        utf16 = value > 0xFFFF ? 1 : 0
        utf8 = (value > 0x7F ? 1 : 0) + (value > 0x7FF ? 1 : 0) + utf16
    }

    @inline(__always)
    static func += (left: inout Surplus, right: Surplus) {
        left.utf8 &+= right.utf8
        left.utf16 &+= right.utf16
    }

    @inline(__always)
    static func -= (left: inout Surplus, right: Surplus) {
        left.utf8 &-= right.utf8
        left.utf16 &-= right.utf16
    }
}

extension UInt8 {
    /// Whether it is a byte of UTF-8 that no scalar begins with.
    @inline(__always)
    var isContinuation: Bool { self & 0xC0 == 0x80 }
}
