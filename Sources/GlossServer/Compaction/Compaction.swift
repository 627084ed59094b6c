import GlossCore
import GlossProtocol
import GlossStorage

/// Puts the changes of a document's log into one piece, and only says so in other bytes: each change
/// comes back from it as it was, byte for byte.
///
/// Works on the store alone, in steps between which others get their turn. Whatever ends it in between
/// leaves a log that is whole.
struct Compaction {
    /// How much is done in one step. A step writes the whole block, so it may be as large as half of
    /// what is there: then all steps together write a few times what the last one does.
    struct Limits {
        /// Rows that go into a small block at once.
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

    /// Compacts a document, to its end unless that would spare too little of it.
    ///
    /// Text takes nearly as much in a block as in rows, and whoever reads in a block has to open all of
    /// it: so changes that are long stay rows.
    ///
    /// - Parameter isRehearsal: whether to write nothing, and only tell what would come of it.
    /// - Returns: `nil` if there is no such document, or too little to be gained.
    /// - Throws: ``StoreError``: `corrupt` if the log is damaged; it is then as it was.
    func compact(
        _ document: DocumentID, isRehearsal: Bool = false
    ) async throws(StoreError) -> Outcome? {
        guard let size = try await store.size(of: document), size.tailCount > 0 else { return nil }
        var block = try await load(document)
        var outcome = Outcome(
            document: document, count: 0, bytesBefore: size.blockBytes + size.tailBytes,
            bytesAfter: size.blockBytes + size.tailBytes)
        var written = (head: block.log.count, byteCount: block.byteCount)
        var looseBytes = 0
        while block.log.count < size.head {
            looseBytes += try await add(to: &block, of: document, to: size.head)
            let spared = written.byteCount + looseBytes - block.byteCount
            // What comes behind may be worth it, and this with it.
            if spared * Self.leastShare >= looseBytes {
                if !isRehearsal {
                    try await store.compact(
                        document, to: block.log.count, from: written.head, changes: block.packed)
                }
                outcome.count += block.log.count - written.head
                outcome.bytesAfter -= spared
                written = (block.log.count, block.byteCount)
                looseBytes = 0
            }
            try? await clock.sleep(.zero)
            // Between two steps the log is whole.
            if Task.isCancelled { break }
        }
        return outcome.count > 0 ? outcome : nil
    }

    /// What is compacted of a document so far.
    private func load(_ document: DocumentID) async throws(StoreError) -> Block {
        guard let block = try await store.block(of: document) else {
            return Block(log: PackedLog(Replica(id: document), verbatim: [:]))
        }
        return Block(
            log: try PackedHistory(block.changes, of: document).log, packed: block.changes)
    }
}

// MARK: Packing

extension Compaction {
    /// Of the bytes of some rows, packing them must spare at least one in so many.
    private static let leastShare = 8

    /// The first changes of a log, and the bytes that give each of them again.
    private struct Block {
        var log: PackedLog
        var packed: [UInt8] = []

        /// About what it takes in the store, with the hashes and the columns.
        var byteCount: Int { packed.count + log.count * 40 }
    }

    /// Adds the next rows to a block; gives about how many bytes they take in the store as rows.
    private func add(
        to block: inout Block, of document: DocumentID, to head: Int
    ) async throws(StoreError) -> Int {
        let start = block.log.count
        var replica = block.log.replica
        var verbatim = block.log.verbatim
        var (byteCount, looseBytes) = (0, 0)
        var position = start
        let (maxRows, maxBytes) = (
            max(limits.rows, start / 2), max(limits.bytes, block.packed.count / 2)
        )
        while position < head, position - start < maxRows, byteCount < maxBytes {
            let page = try await store.rows(
                of: document, after: position, maxBytes: limits.page,
                maxRows: min(start + maxRows, head) - position)
            guard let last = page.last else {
                throw Room.damaged(document, position, "rows are missing")
            }
            for row in page {
                try replica.take(row, of: document)
                let change = replica.log.entries[row.position - 1].change
                if change.canonicalBytes != row.bytes { verbatim[row.position - 1] = row.bytes }
                byteCount += row.bytes.count
                looseBytes += LogSize.bytes(of: row)
            }
            position = last.position
            try? await clock.sleep(.zero)
        }
        var (packed, opened) = try Self.pack(PackedLog(replica, verbatim: verbatim))
        let known = verbatim.count
        for index in start..<position where verbatim[index] == nil {
            let change = replica.log.entries[index].change
            if opened.replica.log.entries[index].change != change {
                verbatim[index] = change.canonicalBytes
            }
        }
        if verbatim.count > known {
            (packed, opened) = try Self.pack(PackedLog(replica, verbatim: verbatim))
        }
        block = Block(log: opened, packed: packed)
        return looseBytes
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
