import GlossCore
import GlossProtocol

/// Receipts for documents that are not in memory: those asked for last, in two halves, the older of
/// which goes as a whole. What is asked for again stays.
struct ReceiptCache {
    /// Receipts in one half.
    static let halfLimit = 512

    private var young: [DocumentID: LogReceipt] = [:]
    private var old: [DocumentID: LogReceipt] = [:]

    /// How many there are, those that are in both halves twice.
    var count: Int { young.count + old.count }

    /// The receipt kept for a document.
    mutating func receipt(for document: DocumentID) -> LogReceipt? {
        if let receipt = young[document] { return receipt }
        guard let receipt = old[document] else { return nil }
        keep(receipt, for: document)
        return receipt
    }

    /// Keeps a receipt in place of the one there.
    mutating func keep(_ receipt: LogReceipt, for document: DocumentID) {
        if young[document] == nil, young.count == Self.halfLimit {
            old = young
            young = [:]
        }
        young[document] = receipt
    }
}
