/// The id of a document: 128 bits, random but for the last one.
///
/// The last bit tells an article (0) from its shared annotation set (1): the set's id follows from
/// the article's, so whoever knows one knows the other without asking. Ids that start with 32 ones
/// are private annotation sets', and follow from the article and the user. Written as 32 lower-case
/// hex digits.
public struct DocumentID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The first 64 bits.
    public let high: UInt64
    /// The last 64 bits.
    public let low: UInt64

    /// A document id with the given bits.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new article's id, from the caller's random source.
    public static func article(using random: inout some RandomNumberGenerator) -> DocumentID {
        while true {
            let id = DocumentID(high: random.next(), low: random.next() & ~1)
            if id.kind == .article { return id }
        }
    }

    /// The id of a private annotation set, of 95 bits that follow from its article and its user.
    public static func privateSet(high: UInt32, low: UInt64) -> DocumentID {
        DocumentID(high: privatePrefix << 32 | UInt64(high), low: low | 1)
    }

    /// The first half of the first 64 bits of private annotation sets.
    private static let privatePrefix: UInt64 = 0xFFFF_FFFF

    /// The id written as exactly 32 lower-case hex digits; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        let utf8 = text.utf8
        guard utf8.count == 32, let high = Hex.parse(utf8.prefix(16), digits: 16),
            let low = Hex.parse(utf8.dropFirst(16), digits: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    /// What kind of document this is.
    public var kind: DocumentKind {
        if high >> 32 == DocumentID.privatePrefix { return .privateAnnotations }
        return low & 1 == 0 ? .article : .annotations
    }

    /// The article this document is or belongs to. Of a private set it does not follow from the id:
    /// the result is no document.
    public var article: DocumentID { DocumentID(high: high, low: low & ~1) }

    /// The shared annotation set of the article this document is or belongs to.
    public var annotations: DocumentID { DocumentID(high: high, low: low | 1) }

    /// 32 lower-case hex digits.
    public var description: String { Hex.string(high) + Hex.string(low) }

    /// Orders ids by their bits.
    public static func < (left: DocumentID, right: DocumentID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

/// What a document holds.
public enum DocumentKind: String, Hashable, Sendable, CaseIterable {
    /// Text and a few registers.
    case article
    /// The annotations of one article, for all who may read it.
    case annotations
    /// Those that one user keeps to themselves.
    case privateAnnotations = "private"
}
