import GlossCrypto

/// At `position`, take out `deleted` scalars, then put in `inserted`.
struct Patch: Sendable {
    var position: Int
    var deleted: Int
    var inserted: [Unicode.Scalar]
}

/// What one writer did in one go, each patch counting those before it.
struct Transaction: Sendable {
    var agent: Int
    /// The transactions whose merge the writer had before this one, as places in the list.
    var parents: [Int]
    var patches: [Patch]
}

/// An editing history, and the text that it must lead to.
struct Trace: Sendable {
    var name: String
    /// Whether transactions follow a graph; otherwise each follows the one before.
    var isConcurrent: Bool
    var transactions: [Transaction]
    var finalText: [Unicode.Scalar]

    /// How many patches it has.
    var edits: Int { transactions.reduce(0) { $0 + $1.patches.count } }

    /// All patches in the order of the list: a text's history if the trace is sequential.
    var patches: [Patch] { transactions.flatMap(\.patches) }

    /// The hash that every bench of this trace has to end in.
    var finalSHA256: String { sha256(of: finalText) }

    /// Bytes of the final text in UTF-8.
    var finalBytes: Int { finalText.reduce(0) { $0 + UTF8.width($1) } }
}

/// SHA-256 of the UTF-8 form of a text, in hex.
func sha256(of text: [Unicode.Scalar]) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: text)
    return sha256(of: String(view))
}

/// SHA-256 of the UTF-8 form of a text, in hex.
func sha256(of text: String) -> String {
    SHA256.hash(Array(text.utf8)).description
}
