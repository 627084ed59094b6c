import GlossCore

/// What holds for every log, whatever keeps it.
enum LogRules {
    /// How many bytes a hash has.
    static let hashLength = 32

    /// The running checksum of a row from that of the row before.
    static func sum(after previous: UInt64, hash: some Collection<UInt8>) -> UInt64 {
        previous &+ hash.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Refuses a row whose numbers or hash cannot be.
    static func check(_ row: NewRow) throws(StoreError) {
        guard row.count >= 1, row.seq >= 0, row.seq < OpID.limit,
            row.count <= OpID.limit - row.seq, row.hash.count == hashLength
        else {
            throw StoreError(
                .invalid,
                "The change \(row.agent):\(row.seq) has a malformed number, count or hash.")
        }
    }

    /// Refuses what is no hash, nor a key of that length.
    static func check(length bytes: [UInt8]?) throws(StoreError) {
        guard let bytes, bytes.count != hashLength else { return }
        throw StoreError(.invalid, "A hash or key has \(bytes.count) bytes, not \(hashLength).")
    }

    /// What to say where there is a key for receipts already.
    static let keyExists = StoreError(.exists, "There is a key for receipts already.")

    /// Refuses a row that does not continue its agent's operations.
    static func check(
        _ row: NewRow, in document: DocumentID, continuing agent: AgentRecord?
    ) throws(StoreError) {
        if let agent, agent.user != row.user || agent.device != row.device {
            throw StoreError(
                .agentTaken,
                "Agent \(row.agent) of document \(document) belongs to another device.")
        }
        let next = agent?.nextSeq ?? 0
        if row.seq < next {
            throw StoreError(
                .exists, "Document \(document) holds \(row.agent):\(row.seq) already.")
        }
        if row.seq > next {
            throw StoreError(
                .gap,
                "Document \(document) has nothing of \(row.agent) between \(next) and \(row.seq).")
        }
    }

    /// Refuses an append that was made for another head.
    static func check(_ append: Append, against head: Int) throws(StoreError) {
        guard append.expectedHead == head else {
            throw StoreError(
                .stale,
                "Document \(append.document) is at position \(head), not at "
                    + "\(append.expectedHead). Load it again.")
        }
    }

    /// What to say of a document that does not exist.
    static func unknown(_ document: DocumentID) -> StoreError {
        StoreError(.notFound, "There is no document \(document).")
    }
}
