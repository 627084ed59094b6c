/// Bytes read as choices; zeros behind the end.
struct FuzzBytes {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether all of them are read.
    var isEmpty: Bool { place >= bytes.count }

    /// The next byte.
    mutating func next() -> Int {
        guard place < bytes.count else { return 0 }
        place += 1
        return Int(bytes[place - 1])
    }

    /// A number below `bound`, from one byte if that is enough.
    mutating func below(_ bound: Int) -> Int {
        guard bound > 1 else { return 0 }
        return bound > 256 ? (next() << 8 | next()) % bound : next() % bound
    }

    /// One of some elements.
    mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[below(elements.count)]
    }
}
