import GlossCore
import GlossCrypto
import GlossProtocol
import TestSupport
import Testing

@Suite struct ReceiptTests {
    private static let document = DocumentID(high: 1, low: 2)
    private static let log: UInt64 = 0xABC
    private static let seed = (0..<32).map { UInt8($0) }

    private struct Row {
        var user: String
        var device: String
        var time: Int
        var hash: SHA256Digest
    }

    private static let rows = (0..<4).map { number in
        Row(
            user: ["ana", "ben"][number % 2], device: ["é", "desk", "", "laptop"][number],
            time: number * 1_000_000_007, hash: SHA256.hash([UInt8(number)]))
    }

    private static func chain(_ rows: [Row], of document: DocumentID = document) -> LogChain {
        rows.reduce(into: LogChain(of: document)) { chain, row in
            chain.append(user: row.user, device: row.device, time: row.time, hash: row.hash)
        }
    }

    @Test func `Each part of each row, their order and the document are in the chain`() {
        let chain = Self.chain(Self.rows)
        var others: [LogChain] = [
            Self.chain(Self.rows.reversed()), Self.chain(Array(Self.rows.dropLast())),
            Self.chain(Array(Self.rows.dropFirst())),
            Self.chain(Self.rows, of: Self.document.annotations),
        ]
        for index in Self.rows.indices {
            var altered = Self.rows
            altered[index].user += "x"
            others.append(Self.chain(altered))
            // What moves from one name to the next is another row, too.
            altered = Self.rows
            altered[index].device = String(altered[index].user.removeLast()) + altered[index].device
            others.append(Self.chain(altered))
            altered = Self.rows
            altered[index].time += 1
            others.append(Self.chain(altered))
            altered = Self.rows
            altered[index].hash = SHA256.hash([77])
            others.append(Self.chain(altered))
        }
        #expect(Set(others + [chain]).count == others.count + 1)
        #expect(chain.position == 4 && Self.chain(Self.rows) == chain)
    }

    @Test func `A receipt is good for one chain, one document and one lineage`() throws {
        let key = try Ed25519.PrivateKey(rawRepresentation: Self.seed)
        let chain = Self.chain(Self.rows)
        let receipt = try LogReceipt(
            signing: chain, of: Self.document, log: Self.log, with: key)
        func isValid(
            _ receipt: LogReceipt, of document: DocumentID = Self.document,
            log: UInt64 = Self.log, by signer: Ed25519.PrivateKey
        ) -> Bool { receipt.isValid(for: document, log: log, by: signer.publicKey) }
        #expect(isValid(receipt, by: key))
        #expect(!isValid(receipt, of: Self.document.annotations, by: key))
        #expect(!isValid(receipt, log: 1, by: key))
        #expect(!isValid(receipt, by: try Ed25519.PrivateKey()))
        let moved = LogChain(position: 3, digest: chain.digest)
        #expect(!isValid(LogReceipt(chain: moved, signature: receipt.signature), by: key))
        var forged = receipt.signature
        forged[10] ^= 1
        #expect(!isValid(LogReceipt(chain: chain, signature: forged), by: key))
    }

    @Test func `Chains and receipts are those of the vectors`() throws {
        let key = try Ed25519.PrivateKey(rawRepresentation: Self.seed)
        var lines: [String] = []
        var chain = LogChain(of: Self.document)
        func line(_ row: Row?) throws {
            let receipt = try LogReceipt(
                signing: chain, of: Self.document, log: Self.log, with: key)
            let message = LogReceipt.message(chain, of: Self.document, log: Self.log)
                .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            let start = row.map {
                #"{"at":\#(chain.position),"u":"\#($0.user)","d":"\#($0.device)","w":\#($0.time),"#
                    + #""h":"\#(Base64URL.encode($0.hash.bytes))","#
            }
            lines.append(
                (start ?? #"{"doc":"\#(Self.document)","log":"0000000000000abc","at":0,"#)
                    + #""chain":"\#(Base64URL.encode(chain.digest.bytes))","#
                    + #""signed":"\#(message)","sig":"\#(Base64URL.encode(receipt.signature))"}"#)
        }
        try line(nil)
        for row in Self.rows {
            chain.append(user: row.user, device: row.device, time: row.time, hash: row.hash)
            try line(row)
        }
        let frozen = try Vectors.lines("codec/receipts.jsonl")
        #expect(frozen.map { String(decoding: $0, as: UTF8.self) } == lines)
    }
}
