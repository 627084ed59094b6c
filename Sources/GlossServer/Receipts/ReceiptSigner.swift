import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

/// Signs what a server has committed, and knows its signatures again, those of the lineages before
/// included: the key is kept with the logs, and comes back with a copy of them.
struct ReceiptSigner: Sendable {
    /// The lineage of the logs now.
    let log: UInt64
    private let key: Ed25519.PrivateKey

    /// Signs with the key of that seed of 32 bytes.
    init(log: UInt64, seed: [UInt8]) throws(CryptoError) {
        self.log = log
        key = try Ed25519.PrivateKey(rawRepresentation: seed)
    }

    /// Signs with the key of a store, which is made if there is none.
    ///
    /// - Throws: ``StoreError``, ``CryptoError``.
    init(_ store: any Store) async throws {
        let info = try await store.info()
        if let seed = info.receiptKey {
            try self.init(log: info.lineage, seed: seed)
            return
        }
        let seed = try Ed25519.PrivateKey().rawRepresentation
        try await store.setReceiptKey(seed)
        try self.init(log: info.lineage, seed: seed)
    }

    /// Signs a chain of the logs now; `nil` if libcrypto cannot.
    func receipt(for chain: LogChain, of document: DocumentID) -> LogReceipt? {
        try? LogReceipt(signing: chain, of: document, log: log, with: key)
    }

    /// Whether a stretch that ends with a chain was signed here.
    func knows(_ stretch: SignedStretch, endingWith chain: LogChain) -> Bool {
        LogReceipt(chain: chain, signature: stretch.signature)
            .isValid(for: stretch.doc, log: stretch.log, by: key.publicKey)
    }

    /// Signs what is in front of a stretch that was signed here; `nil` if it was not.
    ///
    /// No other chain in front leads to the one behind, so this says nothing new.
    ///
    /// - Complexity: O(rows of the stretch).
    func answer(_ request: ReceiptRequest) -> ReceiptAnswer? {
        let stretch = request.stretch
        let start = LogChain(position: stretch.from - 1, digest: stretch.chain)
        var chain = start
        for row in request.rows {
            chain.append(user: row.user, device: row.device, time: row.time, hash: row.hash)
        }
        guard knows(stretch, endingWith: chain),
            let receipt = try? LogReceipt(
                signing: start, of: stretch.doc, log: stretch.log, with: key)
        else { return nil }
        return ReceiptAnswer(
            id: request.id, doc: stretch.doc, at: stretch.from - 1, signature: receipt.signature)
    }
}

extension LogChain {
    /// Adds a row of a log, or one on its way there, at the next position.
    mutating func append(user: String, device: String, time: Int, hash: [UInt8]) {
        guard let digest = SHA256Digest(hash) else {
            preconditionFailure("the hash of a row has 32 bytes")
        }
        append(user: user, device: device, time: time, hash: digest)
    }

    /// The chain of a document's log up to a position, read from its rows.
    ///
    /// - Complexity: O(rows); memory for one page of them.
    init(
        of document: DocumentID, to head: Int, in store: any Store, pageBytes: Int = 1_048_576
    ) async throws(StoreError) {
        self.init(of: document)
        while position < head {
            let rows = try await store.rows(
                of: document, after: position, maxBytes: pageBytes, maxRows: 16_384)
            guard !rows.isEmpty else {
                throw Room.damaged(document, position + 1, "the row is missing")
            }
            for row in rows.prefix(head - position) {
                append(
                    user: row.user, device: row.deviceLabel, time: row.receivedAt, hash: row.hash)
            }
        }
    }

    /// The chain of a document as its store keeps it; `nil` if nobody has computed it.
    init?(_ record: DocumentRecord) {
        if record.head == 0 {
            self.init(of: record.id)
        } else if let bytes = record.chain, let digest = SHA256Digest(bytes) {
            self.init(position: record.head, digest: digest)
        } else {
            return nil
        }
    }
}
