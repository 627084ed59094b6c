/// Where every character of an article stands, deleted ones included, in one version of the text.
///
/// Built in one pass over the runs, O(r log r); each look-up is O(log r).
public struct TextIndex: Sendable {
    private struct Piece: Sendable {
        var start: LocalVersion
        var end: LocalVersion
        /// How many characters stand before it, deleted ones included.
        var order: Int
        /// How many visible characters stand before it.
        var offset: Int
        var isVisible: Bool
    }

    /// The pieces by local version.
    private var byVersion: [Piece]
    /// The pieces in document order.
    private var inOrder: [Piece]
    /// How many characters are visible.
    public let visibleCount: Int

    /// An index of pieces given in document order.
    init(_ pieces: some Sequence<(versions: Range<LocalVersion>, isVisible: Bool)>) {
        var order = 0
        var offset = 0
        inOrder = []
        for piece in pieces {
            inOrder.append(
                Piece(
                    start: piece.versions.lowerBound, end: piece.versions.upperBound,
                    order: order, offset: offset, isVisible: piece.isVisible))
            order += piece.versions.count
            if piece.isVisible { offset += piece.versions.count }
        }
        visibleCount = offset
        byVersion = inOrder.sorted { $0.start < $1.start }
    }

    private func piece(of version: LocalVersion) -> Piece {
        var low = 0
        var high = byVersion.count
        while low < high {
            let middle = (low + high) / 2
            if byVersion[middle].end <= version { low = middle + 1 } else { high = middle }
        }
        precondition(
            low < byVersion.count && byVersion[low].start <= version, "the version is a character")
        return byVersion[low]
    }

    /// How many visible characters stand before this one.
    func offset(before version: LocalVersion) -> Int {
        let piece = piece(of: version)
        return piece.offset + (piece.isVisible ? version - piece.start : 0)
    }

    /// How many characters stand before this one, deleted ones included.
    func order(of version: LocalVersion) -> Int {
        let piece = piece(of: version)
        return piece.order + version - piece.start
    }

    /// Whether a character is visible.
    func isVisible(_ version: LocalVersion) -> Bool { piece(of: version).isVisible }

    /// The visible character at an offset. O(log r).
    func version(atOffset offset: Int) -> LocalVersion {
        precondition(offset >= 0 && offset < visibleCount, "the offset is in the text")
        var low = 0
        var high = inOrder.count
        while low < high {
            let middle = (low + high) / 2
            let piece = inOrder[middle]
            let end = piece.offset + (piece.isVisible ? piece.end - piece.start : 0)
            if end <= offset { low = middle + 1 } else { high = middle }
        }
        return inOrder[low].start + offset - inOrder[low].offset
    }

    /// The character at a place of the full order, deleted ones included. O(log r).
    func version(atOrder order: Int) -> LocalVersion {
        var low = 0
        var high = inOrder.count
        while low < high {
            let middle = (low + high) / 2
            let end = inOrder[middle].order + inOrder[middle].end - inOrder[middle].start
            if end <= order { low = middle + 1 } else { high = middle }
        }
        precondition(low < inOrder.count, "the place is in the document")
        return inOrder[low].start + order - inOrder[low].order
    }

    /// The visible characters of a range of offsets, as ranges of local versions in order.
    func versions(at offsets: Range<Int>) -> [Range<LocalVersion>] {
        var parts: [Range<LocalVersion>] = []
        for piece in inOrder where piece.isVisible {
            let overlap = offsets.clamped(to: piece.offset..<piece.offset + piece.end - piece.start)
            guard !overlap.isEmpty else { continue }
            let start = piece.start + overlap.lowerBound - piece.offset
            parts.append(start..<start + overlap.count)
        }
        return parts
    }

    /// All characters between two places of the full order, as ranges in document order.
    func versions(inOrder orders: Range<Int>) -> [(versions: Range<LocalVersion>, isVisible: Bool)]
    {
        var parts: [(Range<LocalVersion>, Bool)] = []
        for piece in inOrder {
            let overlap = orders.clamped(to: piece.order..<piece.order + piece.end - piece.start)
            guard !overlap.isEmpty else { continue }
            let start = piece.start + overlap.lowerBound - piece.order
            parts.append((start..<start + overlap.count, piece.isVisible))
        }
        return parts
    }

    /// The first character of `set` behind a place of the full order, or `nil`.
    func first(of set: VersionSet, fromOrder order: Int) -> LocalVersion? {
        for piece in inOrder where piece.order + piece.end - piece.start > order {
            let skipped = max(0, order - piece.order)
            for version in piece.start + skipped..<piece.end where set.contains(version) {
                return version
            }
        }
        return nil
    }
}
