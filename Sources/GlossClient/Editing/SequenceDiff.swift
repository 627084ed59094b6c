/// A stretch that differs between two lists: nothing of one may stand for nothing of the other.
struct Hunk: Hashable {
    /// What is only in the old list.
    var old: Range<Int>
    /// What is only in the new list.
    var new: Range<Int>
}

/// The difference of two lists of numbers, after Myers, in linear space.
///
/// Work is bounded: a search that goes too deep is cut at the furthest place it has come to, and
/// once the whole budget is gone, what is left counts as replaced altogether. The hunks are right
/// all the same, only larger.
struct SequenceDiff {
    private let old: [Int]
    private let new: [Int]
    private var forward: [Int]
    private var backward: [Int]
    private var budget: Int
    private var hunks: [Hunk] = []

    private static let depthLimit = 256
    private static let workLimit = 8_000_000

    /// The hunks that turn `old` into `new`, ascending; between two of them is something both have.
    ///
    /// - Complexity: O((old + new) × differences), and no more than about eight million steps.
    static func hunks(from old: [Int], to new: [Int]) -> [Hunk] {
        var diff = SequenceDiff(old, new)
        diff.compare(0..<old.count, 0..<new.count)
        return diff.hunks
    }

    private init(_ old: [Int], _ new: [Int]) {
        self.old = old
        self.new = new
        let width = 2 * SequenceDiff.depthLimit + 3
        forward = [Int](repeating: 0, count: width)
        backward = forward
        budget = SequenceDiff.workLimit
    }

    private mutating func compare(_ oldAll: Range<Int>, _ newAll: Range<Int>) {
        var pending = [(oldAll, newAll)]
        while let (oldWhole, newWhole) = pending.popLast() {
            let (oldPart, newPart) = trimmed(oldWhole, newWhole)
            if oldPart.isEmpty || newPart.isEmpty {
                if !oldPart.isEmpty || !newPart.isEmpty { add(Hunk(old: oldPart, new: newPart)) }
                continue
            }
            guard let (oldCut, newCut) = cut(oldPart, newPart) else {
                add(Hunk(old: oldPart, new: newPart))
                continue
            }
            pending.append(
                (oldCut..<oldPart.upperBound, newCut..<newPart.upperBound))
            pending.append(
                (oldPart.lowerBound..<oldCut, newPart.lowerBound..<newCut))
        }
    }

    private mutating func add(_ hunk: Hunk) {
        if let last = hunks.last, last.old.upperBound == hunk.old.lowerBound,
            last.new.upperBound == hunk.new.lowerBound
        {
            hunks[hunks.count - 1] = Hunk(
                old: last.old.lowerBound..<hunk.old.upperBound,
                new: last.new.lowerBound..<hunk.new.upperBound)
        } else {
            hunks.append(hunk)
        }
    }

    /// Without what both begin and end with.
    private func trimmed(_ oldPart: Range<Int>, _ newPart: Range<Int>) -> (Range<Int>, Range<Int>) {
        var lower = 0
        let shorter = min(oldPart.count, newPart.count)
        while lower < shorter, old[oldPart.lowerBound + lower] == new[newPart.lowerBound + lower] {
            lower += 1
        }
        var upper = 0
        while upper < shorter - lower,
            old[oldPart.upperBound - 1 - upper] == new[newPart.upperBound - 1 - upper]
        {
            upper += 1
        }
        return (
            oldPart.lowerBound + lower..<oldPart.upperBound - upper,
            newPart.lowerBound + lower..<newPart.upperBound - upper
        )
    }

    /// A point that a shortest way from corner to corner goes through, or a good one if that costs
    /// too much to find; `nil` if there is no point that would divide the problem.
    private mutating func cut(_ oldPart: Range<Int>, _ newPart: Range<Int>) -> (Int, Int)? {
        let (height, width) = (oldPart.count, newPart.count)
        let delta = height - width
        let middle = SequenceDiff.depthLimit + 1
        let isOdd = !delta.isMultiple(of: 2)
        for depth in 0...min((height + width + 1) / 2, SequenceDiff.depthLimit) {
            budget -= 2 * depth + 1
            guard budget > 0 else { return nil }
            for diagonal in stride(from: -depth, through: depth, by: 2) {
                var x = step(forward, diagonal, depth, height, width)
                let from = x
                while x >= 0, x < height, x - diagonal < width,
                    old[oldPart.lowerBound + x] == new[newPart.lowerBound + x - diagonal]
                {
                    x += 1
                }
                budget -= x - from
                forward[middle + diagonal] = x
                let other = delta - diagonal
                if isOdd, abs(other) < depth, x + backward[middle + other] >= height {
                    return point(x, x - diagonal, oldPart, newPart)
                }
            }
            for diagonal in stride(from: -depth, through: depth, by: 2) {
                var x = step(backward, diagonal, depth, height, width)
                let from = x
                while x >= 0, x < height, x - diagonal < width,
                    old[oldPart.upperBound - 1 - x]
                        == new[newPart.upperBound - 1 - (x - diagonal)]
                {
                    x += 1
                }
                budget -= x - from
                backward[middle + diagonal] = x
                let other = delta - diagonal
                if !isOdd, abs(other) <= depth, x + forward[middle + other] >= height {
                    return point(height - x, width - (x - diagonal), oldPart, newPart)
                }
            }
        }
        return furthest(oldPart, newPart)
    }

    /// No way leads to this diagonal without leaving the lists.
    private static let unreachable = Int.min / 4

    /// How far into the old list one more difference leads on a diagonal.
    private func step(
        _ ends: [Int], _ diagonal: Int, _ depth: Int, _ height: Int, _ width: Int
    ) -> Int {
        if depth == 0 { return 0 }
        let middle = SequenceDiff.depthLimit + 1
        var best = SequenceDiff.unreachable
        if diagonal < depth {
            let down = ends[middle + diagonal + 1]
            if down >= 0, down - diagonal <= width { best = down }
        }
        if diagonal > -depth {
            let right = ends[middle + diagonal - 1] + 1
            if right > 0, right <= height { best = max(best, right) }
        }
        return best
    }

    private func point(
        _ x: Int, _ y: Int, _ oldPart: Range<Int>, _ newPart: Range<Int>
    ) -> (Int, Int)? {
        guard (0...oldPart.count).contains(x), (0...newPart.count).contains(y),
            x + y > 0, x + y < oldPart.count + newPart.count
        else { return nil }
        return (oldPart.lowerBound + x, newPart.lowerBound + y)
    }

    /// The place furthest from the beginning that a search of the full depth has come to.
    private func furthest(_ oldPart: Range<Int>, _ newPart: Range<Int>) -> (Int, Int)? {
        let offset = SequenceDiff.depthLimit + 1
        var best = (x: 0, y: 0)
        let depth = SequenceDiff.depthLimit
        for diagonal in stride(from: -depth, through: depth, by: 2) {
            let x = forward[offset + diagonal]
            let y = x - diagonal
            if x >= 0, x + y > best.x + best.y { best = (x, y) }
        }
        return point(best.x, best.y, oldPart, newPart)
    }
}
