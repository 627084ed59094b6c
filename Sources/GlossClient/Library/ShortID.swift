public import GlossCore

/// The short names of annotations, replies and conflicts: the letters k to z, one for each hex
/// digit of a 64-bit key, so that nobody takes them for numbers or hashes.
///
/// People type as many letters as tell one from the others, at least ``shortest``.
public struct ShortID: Hashable, Sendable {
    /// Nothing shorter is shown, even if it would do.
    public static let shortest = 3
    private static let letters = Array("klmnopqrstuvwxyz".utf8)

    /// The key.
    public let key: UInt64

    /// The short name of an annotation or reply.
    public init(_ id: OpID) {
        var hash = Hash64()
        hash.combine(id)
        key = hash.finalize()
    }

    /// The short name of a conflict.
    public init(_ id: ConflictID) { key = id.rawValue }

    init(key: UInt64) { self.key = key }

    /// The first letters of the name.
    public func prefix(_ count: Int) -> String {
        let digits = (0..<min(16, count)).map { index in
            Self.letters[Int(key >> UInt64(60 - 4 * index) & 15)]
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// The keys that start with some letters; `nil` if these are no letters of a short name.
    public static func keys(startingWith text: String) -> ClosedRange<UInt64>? {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= 16 else { return nil }
        var low: UInt64 = 0
        for byte in bytes {
            guard let digit = letters.firstIndex(of: byte) else { return nil }
            low = low << 4 | UInt64(digit)
        }
        let free = UInt64(64 - 4 * bytes.count)
        guard free > 0 else { return low...low }
        low <<= free
        return low...(low | (1 << free &- 1))
    }
}

/// The shortest unique names within a set of keys.
public struct ShortIDs: Sendable {
    private let keys: [UInt64]

    init(_ keys: some Sequence<UInt64>) {
        self.keys = Set(keys).sorted()
    }

    /// The name to show for a key: unique among the keys, and not shorter than
    /// ``ShortID/shortest``. O(log n).
    public func name(of id: ShortID) -> String {
        let place = keys.partitioningIndex { $0 >= id.key }
        var length = ShortID.shortest
        let isThere = place < keys.count && keys[place] == id.key
        for neighbour in [place - 1, isThere ? place + 1 : place]
        where keys.indices.contains(neighbour) {
            let common = (keys[neighbour] ^ id.key).leadingZeroBitCount / 4
            length = max(length, common + 1)
        }
        return id.prefix(length)
    }
}
