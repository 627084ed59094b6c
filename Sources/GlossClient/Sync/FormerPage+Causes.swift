import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

extension FormerPage {
    /// What its rows build on in pages that were given before, which the server may have left out;
    /// as many as go into one message.
    ///
    /// - Throws: ``GlossProtocol/ChangeError`` if a change kept here is none.
    /// - Complexity: O(rows of all these pages, and size of its own).
    func causes(
        of rows: [GivenRow], in former: ArraySlice<FormerPage>
    ) throws -> [GivenCause] {
        var hashes: [OpID: SHA256Digest] = [:]
        for row in former.flatMap(\.rows) {
            hashes[OpID(agent: row.agent, seq: row.seq + row.count - 1)] = SHA256Digest(row.hash)
        }
        if hashes.isEmpty { return [] }
        var named: Set<OpID> = []
        for row in rows { named.formUnion(try ChangeCodec.decode(row.change.bytes).causes) }
        let found = named.sorted().compactMap { id in
            hashes[id].map { GivenCause(id: id, hash: $0) }
        }
        return Array(found.prefix(WireLimits.stretch))
    }
}
