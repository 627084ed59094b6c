public import GlossCore
public import GlossCrypto

/// What a server signs: that it had committed a document's log, up to a position, with a chain.
public struct LogReceipt: Hashable, Sendable {
    /// The chain, and the position it reaches to.
    public var chain: LogChain
    /// The server's Ed25519 signature, 64 bytes.
    public var signature: [UInt8]

    /// A receipt as it was received.
    public init(chain: LogChain, signature: [UInt8]) {
        self.chain = chain
        self.signature = signature
    }

    /// Signs a chain.
    ///
    /// - Parameter log: the lineage of the server's logs.
    /// - Throws: ``CryptoError`` `libraryFailure`.
    public init(
        signing chain: LogChain, of document: DocumentID, log: UInt64, with key: Ed25519.PrivateKey
    ) throws(CryptoError) {
        self.init(
            chain: chain,
            signature: try key.sign(Self.message(chain, of: document, log: log)))
    }

    /// Whether the holder of a key has signed just this.
    public func isValid(
        for document: DocumentID, log: UInt64, by key: Ed25519.PublicKey
    ) -> Bool {
        key.isValidSignature(signature, of: Self.message(chain, of: document, log: log))
    }

    /// What is signed.
    public static func message(
        _ chain: LogChain, of document: DocumentID, log: UInt64
    ) -> [UInt8] {
        var bytes = Array("gloss receipt 1".utf8)
        bytes.appendBigEndian(log)
        bytes += document.bytes
        bytes.appendBigEndian(UInt64(chain.position))
        chain.digest.withUnsafeBytes { bytes.append(contentsOf: $0) }
        return bytes
    }
}
