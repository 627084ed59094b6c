/// What accounts may be called.
enum AccountName {
    /// The rule in words.
    static let rule = "a name has 1 to 32 of the characters a-z 0-9 . _ -"

    /// Whether an account may have this name.
    static func isValid(_ name: String) -> Bool {
        (1...32).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
