public import GlossCore
import GlossCrypto

extension DocumentID {
    /// The id of the private annotation set that a user has of an article: the same on all their
    /// devices, made without asking anybody.
    public static func privateSet(of article: DocumentID, for user: String) -> DocumentID {
        let bytes = SHA256.hash(Array("gloss private set\n\(article)\n\(user)".utf8)).bytes
        func number(_ range: Range<Int>) -> UInt64 {
            bytes[range].reduce(0) { $0 << 8 | UInt64($1) }
        }
        return privateSet(high: UInt32(number(0..<4)), low: number(4..<12))
    }
}
