import GlossCore
import GlossStorage
import Synchronization

/// Packs changes of up to 65,535 bytes back to front, each behind its length.
struct MirroredPacking: ChangePacking {
    struct Unpacked: PackedChanges {
        var changes: [[UInt8]]

        var count: Int { changes.count }
        func bytes(at index: Int) -> [UInt8] { changes[index] }
    }

    static func pack(_ changes: [[UInt8]]) -> [UInt8] {
        changes.flatMap {
            [UInt8($0.count >> 8), UInt8(truncatingIfNeeded: $0.count)] + $0.reversed()
        }
    }

    func unpack(
        _ packed: [UInt8], of document: DocumentID
    ) throws(StoreError) -> any PackedChanges {
        var rest = packed[...]
        var changes: [[UInt8]] = []
        while let high = rest.popFirst() {
            guard let low = rest.popFirst() else {
                throw StoreError(.corrupt, "\(document) ends too early")
            }
            let count = Int(high) << 8 | Int(low)
            guard count <= rest.count else {
                throw StoreError(.corrupt, "\(document) ends too early")
            }
            changes.append(rest.prefix(count).reversed())
            rest = rest.dropFirst(count)
        }
        return Unpacked(changes: changes)
    }
}

/// The same, and counts how often something is unpacked.
final class CountedPacking: ChangePacking {
    let count = Mutex(0)

    func unpack(
        _ packed: [UInt8], of document: DocumentID
    ) throws(StoreError) -> any PackedChanges {
        count.withLock { $0 += 1 }
        return try MirroredPacking().unpack(packed, of: document)
    }
}
