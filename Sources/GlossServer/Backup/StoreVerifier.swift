import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

/// Replays everything a store holds, and compares what comes out with what it says.
struct StoreVerifier {
    let store: any Store
    private(set) var report = BackupReport()

    init(_ store: any Store) {
        self.store = store
    }

    /// Reads every change of every document.
    ///
    /// - Complexity: O(changes of the store); memory for one document at a time.
    mutating func run() async throws(StoreError) {
        report.users = try await store.users().count
        report.devices = try await store.devices(of: nil).count
        for library in try await store.libraries() {
            report.libraries += 1
            var last: DocumentID?
            while true {
                let page = try await store.documents(in: library.id, after: last, limit: 256)
                for record in page {
                    do throws(StoreError) {
                        try await verify(record)
                    } catch {
                        guard error.code == .corrupt else { throw error }
                        report.problems.append(error.message)
                    }
                }
                guard let end = page.last else { break }
                last = end.id
            }
        }
    }

    private mutating func verify(_ record: DocumentRecord) async throws(StoreError) {
        report.documents += 1
        var replica = Replica(id: record.id)
        var chain = HashChain()
        var log = LogChain(of: record.id)
        var position = 0
        while true {
            let rows = try await store.rows(
                of: record.id, after: position, maxBytes: 4_194_304, maxRows: 16_384)
            if rows.isEmpty { break }
            for row in rows {
                guard row.position == position + 1 else {
                    return complain(record.id, position + 1, "the position is missing")
                }
                position += 1
                report.changes += 1
                report.lastChange = max(report.lastChange ?? 0, row.receivedAt)
                do {
                    let encoded = try EncodedChange(bytes: row.bytes)
                    guard let hash = chain.append(encoded) else {
                        return complain(record.id, position, "a cause of the change is missing")
                    }
                    let change = encoded.change
                    guard row.agent == change.agent, row.seq == change.seq,
                        row.count == change.count
                    else {
                        return complain(record.id, position, "the row names another change")
                    }
                    guard hash.digest.bytes == row.hash else {
                        return complain(record.id, position, "the hash is another change's")
                    }
                    guard chain.sum.rawValue == row.sum else {
                        return complain(record.id, position, "the running checksum differs")
                    }
                    log.append(
                        user: row.user, device: row.deviceLabel, time: row.receivedAt,
                        hash: row.hash)
                    guard case .applied = try replica.integrate(encoded.change) else {
                        return complain(record.id, position, "the change is there twice")
                    }
                } catch {
                    return complain(record.id, position, "\(error)")
                }
            }
        }
        let agents = try await store.header(of: record.id, at: 0)?.agents ?? []
        if VersionVector(agents.map { ($0.agent, $0.nextSeq) }) != replica.versionVector {
            complain(record.id, position, "the agents of the document differ from its log")
        }
        if record.id.kind == .privateAnnotations,
            record.owner.map({ .privateSet(of: record.article, for: $0) }) != record.id
        {
            complain(record.id, position, "the private annotation set is of nobody who is known")
        }
        if try await store.purgedDocument(record.id) != nil {
            complain(record.id, position, "the document was purged")
        }
        if position != record.head || chain.sum.rawValue != record.sum {
            complain(record.id, position, "head and checksum of the document differ from its log")
        }
        if record.chain != nil, LogChain(record) != log {
            complain(record.id, position, "the hash that receipts sign is not that of the log")
        }
    }

    private mutating func complain(_ id: DocumentID, _ position: Int, _ problem: String) {
        report.problems.append("document \(id), position \(position): \(problem)")
    }
}

/// The hashes of the changes of a document so far, by their last operation.
private struct HashChain {
    private var hashes: [OpID: ChangeHash] = [:]
    /// The running checksum.
    private(set) var sum = Checksum()

    /// Adds a change; `nil` if a cause of it is not here.
    mutating func append(_ encoded: EncodedChange) -> ChangeHash? {
        let change = encoded.change
        var previous: ChangeHash?
        if change.seq > 0 {
            previous = hashes[OpID(agent: change.agent, seq: change.seq - 1)]
            if previous == nil { return nil }
        }
        let dependencies = change.dependencies.compactMap { hashes[$0] }
        guard dependencies.count == change.dependencies.count else { return nil }
        let hash = ChangeHash(of: encoded, previous: previous, dependencies: dependencies)
        hashes[change.lastID] = hash
        sum = sum.adding(hash)
        return hash
    }
}
