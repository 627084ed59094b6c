import GlossCore
import GlossProtocol
import GlossStorage

/// Packs the changes of a log as the core's columnar history, and gives each again byte for byte.
struct HistoryPacking: ChangePacking {
    func unpack(
        _ packed: [UInt8], of document: DocumentID
    ) throws(StoreError) -> any PackedChanges {
        try PackedHistory(packed, of: document)
    }
}

/// A log in one piece, opened.
struct PackedHistory: PackedChanges {
    let log: PackedLog

    /// Opens a log.
    ///
    /// - Throws: ``StoreError`` with `corrupt` if the bytes are no log of the document.
    init(_ packed: [UInt8], of document: DocumentID) throws(StoreError) {
        do throws(CodecError) {
            log = try PackedLog(decoding: packed)
        } catch {
            throw Room.damaged(document, 0, "its compacted part cannot be read (\(error))")
        }
        guard log.replica.id == document else {
            throw Room.damaged(document, 0, "its compacted part is another document's")
        }
    }

    var count: Int { log.count }

    func bytes(at index: Int) throws(StoreError) -> [UInt8] {
        if let bytes = log.verbatim[index] { return bytes }
        guard let bytes = log.replica.log.entries[index].change.canonicalBytes else {
            throw Room.damaged(log.replica.id, index + 1, "an unknown operation lost its bytes")
        }
        return bytes
    }
}

extension Change {
    /// The bytes that this version of Gloss writes for it; `nil` if it has operations that only their
    /// author's version can.
    var canonicalBytes: [UInt8]? {
        ops.contains { if case .unknown = $0 { true } else { false } }
            ? nil : ChangeCodec.encode(self)
    }
}
