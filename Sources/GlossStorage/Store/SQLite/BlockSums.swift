import GlossCore
import Synchronization

/// Running checksums of the rows in blocks, one for each 1,024 rows, of the documents that were asked
/// about last: what is between takes few hashes. Rows never change, so these hold as long as their
/// document is there.
final class BlockSums: Sendable {
    private static let stride = 1_024
    private static let limit = 256

    private struct Known {
        var document: DocumentID
        /// The checksum behind no row, behind ``stride`` rows, behind twice as many …
        var sums: [UInt64]
    }

    /// The one that was added to last stands at the end.
    private let known = Mutex<[Known]>([])

    /// Forgets a document.
    func drop(_ document: DocumentID) {
        known.withLock { $0.removeAll { $0.document == document } }
    }

    /// The running checksum at a position in a block.
    ///
    /// - Parameter near: a position in front of it and the checksum there, if one is known.
    /// - Complexity: O(1) where the document was asked about before, else O(position).
    func sum(
        of document: DocumentID, at position: Int, in hashes: borrowing BlockHashes,
        near: (position: Int, sum: UInt64)? = nil
    ) throws(StoreError) -> UInt64 {
        var sums = known.withLock { $0.first { $0.document == document }?.sums } ?? [0]
        let count = sums.count
        let index = min(position / Self.stride, count - 1)
        var (next, sum) = (index * Self.stride, sums[index])
        if let near, (next...position).contains(near.position) { (next, sum) = near }
        while next < position {
            let end = min(position, (next / Self.stride + 1) * Self.stride)
            let bytes = try hashes.hashes(after: next, to: end)
            for start in Swift.stride(from: 0, to: bytes.count, by: LogRules.hashLength) {
                sum = LogRules.sum(after: sum, hash: bytes[start..<start + LogRules.hashLength])
            }
            next = end
            if next == sums.count * Self.stride { sums.append(sum) }
        }
        if sums.count > count { keep(sums, of: document) }
        return sum
    }

    private func keep(_ sums: [UInt64], of document: DocumentID) {
        known.withLock { known in
            known.removeAll { $0.document == document }
            if known.count == Self.limit { known.removeFirst() }
            known.append(Known(document: document, sums: sums))
        }
    }
}
