import GlossCore
import GlossStorage
import Testing

@Suite("The contract of a store: receipts")
struct ReceiptContract {
    private let chain = [UInt8](repeating: 3, count: 32)
    private let key = [UInt8](repeating: 4, count: 32)

    @Test("The key for receipts is kept, and no other takes its place", arguments: Engine.allCases)
    func key(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            #expect(try await store.info().receiptKey == nil)
            await expect(.invalid) { try await store.setReceiptKey([1]) }
            try await store.setReceiptKey(key)
            await expect(.exists) { try await store.setReceiptKey(chain) }
            try await store.setLineage(9)
            #expect(try await store.info() == StoreInfo(lineage: 9, receiptKey: key))
        }
    }

    @Test("The hash of a log is that of its last append", arguments: Engine.allCases)
    func chain(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            let id = Fixture.article
            #expect(try await store.document(id)?.chain == nil)
            _ = try await store.commit([
                Append(document: id, expectedHead: 0, rows: [Fixture.row(0)], chain: chain)
            ])
            #expect(try await store.document(id)?.chain == chain)
            #expect(try await store.header(of: id, at: 0)?.record.chain == chain)
            // Nothing new leaves it; somebody who does not say it takes it away.
            _ = try await store.commit([Append(document: id, expectedHead: 1, rows: [])])
            #expect(try await store.document(id)?.chain == chain)
            _ = try await store.commit([
                Append(document: id, expectedHead: 1, rows: [Fixture.row(1)])
            ])
            #expect(try await store.document(id)?.chain == nil)
            try await store.setChain(key, of: id, at: 1)
            #expect(try await store.document(id)?.chain == nil, "the head is another one")
            try await store.setChain(key, of: id, at: 2)
            #expect(try await store.document(id)?.chain == key)
            try await store.setChain(key, of: DocumentID(high: 99, low: 0), at: 2)
            await expect(.invalid) { try await store.setChain([1], of: id, at: 2) }
            await expect(.invalid) {
                _ = try await store.commit([
                    Append(document: id, expectedHead: 2, rows: [Fixture.row(2)], chain: [1])
                ])
            }
            #expect(try await store.document(id)?.head == 2)
        }
    }
}
