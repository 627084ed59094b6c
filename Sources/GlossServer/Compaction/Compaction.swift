import GlossCore
import GlossProtocol
import GlossStorage

/// Puts the changes of a document's log into one piece, and only says so in other bytes: each change
/// comes back from it as it was, byte for byte.
///
/// Works on the store alone, in steps of a bounded size between which others get their turn. Whatever
/// ends it in between leaves a log that is whole.
struct Compaction {
    /// How much is done in one step.
    struct Limits {
        /// Rows that go into the block at once.
        var rows = 8_192
        /// Bytes of changes that do.
        var bytes = 4_194_304
        /// Bytes of changes that are read at once.
        var page = 262_144
    }

    /// What became of a document.
    struct Outcome: Hashable {
        var document: DocumentID
        /// How many changes were put into the block.
        var count: Int
        /// About how many bytes the store kept for the document.
        var bytesBefore: Int
        /// About how many it keeps now.
        var bytesAfter: Int
    }

    /// Takes what became of a document.
    typealias Report = @Sendable (DocumentID, Result<Outcome, StoreError>) -> Void

    let store: any Store
    var limits = Limits()
    /// Lets others have their turn.
    var clock = ServerClock.system

    /// Compacts a document to its end.
    ///
    /// - Parameter isRehearsal: whether to write nothing, and only tell what would come of it.
    /// - Returns: `nil` if there is no such document, or nothing to be gained.
    /// - Throws: ``StoreError``: `corrupt` if the log is damaged; it is then as it was.
    func compact(
        _ document: DocumentID, isRehearsal: Bool = false
    ) async throws(StoreError) -> Outcome? {
        guard let size = try await store.size(of: document), size.tailCount > 0 else { return nil }
        let before = size.blockBytes + size.tailBytes
        var log = try await load(document)
        var after = before
        let first = log.count
        while log.count < size.head {
            let start = log.count
            let packed = try await pack(&log, of: document, to: size.head)
            after = packed.count + log.count * Self.bytesBeside
            // Some few changes may take more in one piece than apart.
            if start == first, log.count == size.head, after >= before { return nil }
            if !isRehearsal {
                try await store.compact(
                    document, to: log.count, from: start, changes: packed)
            }
            try? await clock.sleep(.zero)
            // Between two steps the log is whole.
            if Task.isCancelled { break }
        }
        return Outcome(
            document: document, count: log.count - first, bytesBefore: before, bytesAfter: after)
    }

    /// What is compacted of a document so far.
    private func load(_ document: DocumentID) async throws(StoreError) -> PackedLog {
        guard let block = try await store.block(of: document) else {
            return PackedLog(Replica(id: document), verbatim: [:])
        }
        return try PackedHistory(block.changes, of: document).log
    }
}

// MARK: Packing

extension Compaction {
    /// About what the store adds to a packed change: its hash, and its columns.
    private static let bytesBeside = 40

    /// Takes the next rows into a packed log; gives it as bytes that give each row again.
    private func pack(
        _ log: inout PackedLog, of document: DocumentID, to head: Int
    ) async throws(StoreError) -> [UInt8] {
        var replica = log.replica
        var rows: [LogRow] = []
        var byteCount = 0
        var position = log.count
        while position < head, rows.count < limits.rows, byteCount < limits.bytes {
            let page = try await store.rows(
                of: document, after: position, maxBytes: limits.page,
                maxRows: min(limits.rows - rows.count, head - position))
            guard let last = page.last else {
                throw Room.damaged(document, position, "rows are missing")
            }
            for row in page { try replica.take(row, of: document) }
            rows += page
            byteCount += page.reduce(0) { $0 + $1.bytes.count }
            position = last.position
            try? await clock.sleep(.zero)
        }
        var (packed, opened) = try Self.pack(PackedLog(replica, verbatim: log.verbatim))
        var verbatim = log.verbatim
        for row in rows {
            let change = opened.replica.log.entries[row.position - 1].change
            if change.canonicalBytes != row.bytes { verbatim[row.position - 1] = row.bytes }
        }
        if verbatim.count > log.verbatim.count {
            (packed, opened) = try Self.pack(PackedLog(replica, verbatim: verbatim))
        }
        log = opened
        return packed
    }

    /// A log as bytes, and what they are read as.
    private static func pack(_ log: PackedLog) throws(StoreError) -> ([UInt8], PackedLog) {
        do throws(CodecError) {
            let packed = try log.encode()
            let opened = try PackedLog(decoding: packed)
            guard opened.count == log.count, opened.replica.id == log.replica.id,
                opened.replica.versionVector == log.replica.versionVector,
                opened.replica.stateChecksum == log.replica.stateChecksum
            else { throw CodecError(.mismatch, "it is read as another document") }
            return (packed, opened)
        } catch {
            throw Room.damaged(
                log.replica.id, log.count, "it cannot be compacted (\(error))")
        }
    }
}
