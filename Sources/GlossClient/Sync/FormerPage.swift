import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

/// As much of a former log as goes into one message.
struct FormerPage {
    /// The chain in front of it.
    var start: LogChain
    var rows: [LogOutline] = []
    /// The server's signature behind it, once there is one.
    var signature: [UInt8]?

    /// The pages of a former log, the last of which is signed; `nil` if its rows are not all here.
    static func pages(of log: FormerLog, _ rows: [LogOutline]) -> [FormerPage]? {
        guard let digest = SHA256Digest(log.startChain) else { return nil }
        var chain = LogChain(position: log.start, digest: digest)
        var pages = [FormerPage(start: chain)]
        var bytes = 0
        for row in rows {
            let page = pages[pages.count - 1]
            if !page.rows.isEmpty,
                bytes + row.byteCount > WireLimits.pushBytes
                    || page.rows.count == WireLimits.stretch
            {
                pages.append(FormerPage(start: chain))
                bytes = 0
            }
            guard let next = chain.adding(row) else { return nil }
            chain = next
            pages[pages.count - 1].rows.append(row)
            bytes += row.byteCount
        }
        guard chain.position == log.position else { return nil }
        pages[pages.count - 1].signature = log.signature
        return pages
    }

    /// What of the log it is; `nil` while it is not signed.
    func stretch(of log: FormerLog) -> SignedStretch? {
        signature.map { signature in
            SignedStretch(
                doc: log.document, log: log.lineage, from: start.position + 1,
                chain: start.digest, at: start.position + rows.count, signature: signature)
        }
    }

    /// What the chain takes of its rows.
    var outlines: [RowOutline] {
        rows.compactMap { row in
            SHA256Digest(row.hash).map {
                RowOutline(
                    user: row.user, device: row.deviceLabel, time: row.receivedAt, hash: $0)
            }
        }
    }
}
