/// Where every character of an article stands, deleted ones included, in one version of the text.
///
/// Built in one pass over the runs; look-ups by character are O(1), those by place O(log r).
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

    /// Text that was typed to stand for other text.
    struct Replacement: Sendable {
        var inserted: Range<LocalVersion>
        var replaced: [Range<LocalVersion>]
    }

    /// Text that was put in from another place of the text, character by character.
    struct Move: Sendable {
        var inserted: Range<LocalVersion>
        var from: [Range<LocalVersion>]
        /// How many moves come before it in time order.
        var rank = 0
    }

    /// What shows in the place of a hidden character, because that was moved.
    struct Bearer: Sendable {
        var version: LocalVersion
        /// The index of the move that brought it where it is.
        var move: Int
    }

    /// The pieces by local version.
    private var byVersion: [Piece]
    /// For each stretch of `1 << bucketShift` local versions the first piece that starts in it or
    /// behind.
    private var buckets: [Int32]
    private static let bucketShift = 4
    /// The pieces in document order.
    private var inOrder: [Piece]
    /// How many characters are visible.
    public let visibleCount: Int
    /// What was typed to stand for what, in the order of the log.
    let replacements: [Replacement]
    /// What was moved, in the order of the log.
    let moves: [Move]
    /// What shows in the place of hidden characters that were moved.
    var bearers: [LocalVersion: Bearer] = [:]
    /// Which of ``replacements`` name which characters.
    let replaced: ReplacedTable
    /// Characters that an undo may have made show again. All others that show have shown since they
    /// were typed.
    let revived: VersionSet

    /// Takes pieces in document order.
    struct Builder {
        private var pieces: [Piece] = []
        private var order = 0
        private var offset = 0
        private var end = 0

        init(expecting count: Int) { pieces.reserveCapacity(count) }

        @inline(__always)
        mutating func append(_ versions: Range<LocalVersion>, isVisible: Bool) {
            pieces.append(
                Piece(
                    start: versions.lowerBound, end: versions.upperBound, order: order,
                    offset: offset, isVisible: isVisible))
            order &+= versions.count
            if isVisible { offset &+= versions.count }
            end = max(end, versions.upperBound)
        }

        consuming func finish(
            replacements: [Replacement], moves: [Move], revived: VersionSet
        ) -> TextIndex {
            var index = TextIndex(
                pieces, end: end, visibleCount: offset, replacements: replacements, moves: moves,
                revived: revived)
            index.findBearers()
            return index
        }
    }

    /// Sorts the pieces by counting how many start in each stretch of versions: O(r + n / 16).
    private init(
        _ pieces: [Piece], end: Int, visibleCount: Int, replacements: [Replacement], moves: [Move],
        revived: VersionSet
    ) {
        self.moves = moves
        self.revived = revived
        replaced = ReplacedTable(replacements)
        inOrder = pieces
        self.visibleCount = visibleCount
        self.replacements = replacements
        let shift = TextIndex.bucketShift
        buckets = [Int32](repeating: 0, count: end >> shift + 2)
        for piece in pieces { buckets[piece.start >> shift + 1] += 1 }
        for index in 1..<buckets.count { buckets[index] += buckets[index - 1] }
        byVersion = pieces
        var next = buckets
        for piece in pieces {
            let bucket = piece.start >> shift
            var place = Int(next[bucket])
            next[bucket] += 1
            while place > Int(buckets[bucket]), byVersion[place - 1].start > piece.start {
                byVersion[place] = byVersion[place - 1]
                place -= 1
            }
            byVersion[place] = piece
        }
    }

    /// The piece that holds a character. O(1): the pieces of a stretch of versions are few.
    @inline(__always)
    private func piece(of version: LocalVersion) -> Piece {
        precondition(
            version >= 0 && version >> TextIndex.bucketShift + 1 < buckets.count,
            "the version is a character")
        var index = Int(buckets[version >> TextIndex.bucketShift + 1]) - 1
        while index >= 0, byVersion[index].start > version { index -= 1 }
        precondition(index >= 0 && version < byVersion[index].end, "the version is a character")
        return byVersion[index]
    }

    /// Whether a version is one of its characters. O(1).
    func contains(_ version: LocalVersion) -> Bool {
        guard version >= 0, version >> TextIndex.bucketShift + 1 < buckets.count else {
            return false
        }
        var index = Int(buckets[version >> TextIndex.bucketShift + 1]) - 1
        while index >= 0, byVersion[index].start > version { index -= 1 }
        return index >= 0 && version < byVersion[index].end
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
        let piece = inOrder[firstPiece(endingBehindOffset: offset)]
        return piece.start + offset - piece.offset
    }

    /// The character at a place of the full order, deleted ones included. O(log r).
    func version(atOrder order: Int) -> LocalVersion {
        let index = firstPiece(endingBehindOrder: order)
        precondition(index < inOrder.count, "the place is in the document")
        return inOrder[index].start + order - inOrder[index].order
    }

    /// The visible characters of a range of offsets, as ranges of local versions in order.
    /// O(log r), and O(pieces in between).
    func versions(at offsets: Range<Int>) -> [Range<LocalVersion>] {
        var parts: [Range<LocalVersion>] = []
        guard !offsets.isEmpty else { return parts }
        for piece in inOrder[firstPiece(endingBehindOffset: offsets.lowerBound)...] {
            guard piece.offset < offsets.upperBound else { break }
            guard piece.isVisible else { continue }
            let overlap = offsets.clamped(to: piece.offset..<piece.offset + piece.end - piece.start)
            let start = piece.start + overlap.lowerBound - piece.offset
            parts.append(start..<start + overlap.count)
        }
        return parts
    }

    /// All characters between two places of the full order, as ranges in document order.
    /// O(log r), and O(pieces in between).
    func versions(inOrder orders: Range<Int>) -> [(versions: Range<LocalVersion>, isVisible: Bool)]
    {
        var parts: [(Range<LocalVersion>, Bool)] = []
        guard !orders.isEmpty else { return parts }
        for piece in inOrder[firstPiece(endingBehindOrder: orders.lowerBound)...] {
            guard piece.order < orders.upperBound else { break }
            let overlap = orders.clamped(to: piece.order..<piece.order + piece.end - piece.start)
            let start = piece.start + overlap.lowerBound - piece.order
            parts.append((start..<start + overlap.count, piece.isVisible))
        }
        return parts
    }

    /// The first character of `set` behind a place of the full order, or `nil`.
    func first(of set: VersionSet, fromOrder order: Int) -> LocalVersion? {
        for piece in inOrder[firstPiece(endingBehindOrder: order)...] {
            let skipped = max(0, order - piece.order)
            for version in piece.start + skipped..<piece.end where set.contains(version) {
                return version
            }
        }
        return nil
    }

    /// The place of the first piece with a visible character at an offset or behind it. O(log r).
    private func firstPiece(endingBehindOffset offset: Int) -> Int {
        inOrder.partitioningIndex { $0.offset + ($0.isVisible ? $0.end - $0.start : 0) > offset }
    }

    /// The place of the first piece with a character at a place of the full order or behind it.
    /// O(log r).
    private func firstPiece(endingBehindOrder order: Int) -> Int {
        inOrder.partitioningIndex { $0.order + $0.end - $0.start > order }
    }
}
