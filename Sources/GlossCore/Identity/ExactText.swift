/// Text that is equal only to the very same bytes.
///
/// Swift's `String` takes canonically equivalent texts for one. What replicas compare, order or use
/// as a key must not depend on Unicode's tables: it goes through this.
public struct ExactText: Hashable, Comparable, Sendable {
    /// The text.
    public let text: String

    /// A text to be compared by its UTF-8 bytes.
    public init(_ text: String) { self.text = text }

    /// Whether the bytes are the same.
    public static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// Orders texts by their bytes.
    public static func < (left: ExactText, right: ExactText) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
        hasher.combine(0xFF as UInt8)
    }
}
