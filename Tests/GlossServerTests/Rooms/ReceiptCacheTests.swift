import GlossCore
import GlossProtocol
import Testing

@testable import GlossServer

/// The receipts that are kept.
@Suite struct ReceiptCacheTests {
    private func receipt(_ number: Int) -> LogReceipt {
        LogReceipt(
            chain: LogChain(of: DocumentID(high: UInt64(number), low: 0)), signature: [])
    }

    @Test("What is asked for stays, what is not goes, and never all at once")
    func bounds() {
        var cache = ReceiptCache()
        let favourite = DocumentID(high: 0, low: 1)
        cache.keep(receipt(0), for: favourite)
        for number in 1...5_000 {
            let document = DocumentID(high: UInt64(number), low: 2)
            cache.keep(receipt(number), for: document)
            #expect(cache.receipt(for: document) == receipt(number))
            #expect(cache.count <= 2 * ReceiptCache.halfLimit)
            if number % 100 == 0 { #expect(cache.receipt(for: favourite) == receipt(0)) }
            let recent = DocumentID(high: UInt64(max(1, number - 200)), low: 2)
            #expect(cache.receipt(for: recent) != nil)
        }
        #expect(cache.receipt(for: DocumentID(high: 1, low: 2)) == nil)
    }
}
