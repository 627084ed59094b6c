/// The index of an operation in one replica's log, in the order that replica learned of them.
///
/// Causes always have smaller local versions than their effects. Never sent to anyone.
public typealias LocalVersion = Int

/// Sorted, disjoint, non-adjacent ranges of local versions: a set of operations.
public struct VersionSet: Hashable, Sendable {
    /// The ranges, ascending.
    public private(set) var ranges: [Range<LocalVersion>]

    /// The empty set.
    public init() { ranges = [] }

    /// A set of the given ranges, in any order, overlapping or not.
    public init(_ parts: some Sequence<Range<LocalVersion>>) {
        ranges = []
        for part in parts.sorted(by: { $0.lowerBound < $1.lowerBound }) where !part.isEmpty {
            if let last = ranges.last, last.upperBound >= part.lowerBound {
                let end = max(last.upperBound, part.upperBound)
                ranges[ranges.count - 1] = last.lowerBound..<end
            } else {
                ranges.append(part)
            }
        }
    }

    /// Whether the operation is in the set. O(log n) in ranges.
    public func contains(_ version: LocalVersion) -> Bool {
        let place = ranges.partitioningIndex { $0.upperBound > version }
        return place < ranges.count && ranges[place].lowerBound <= version
    }

    /// Whether none of the operations is in the set. O(log n) in ranges.
    func isDisjoint(with versions: Range<LocalVersion>) -> Bool {
        let place = ranges.partitioningIndex { $0.upperBound > versions.lowerBound }
        return place == ranges.count || ranges[place].lowerBound >= versions.upperBound
    }

    /// Whether the set has nothing in it.
    public var isEmpty: Bool { ranges.isEmpty }

    /// The operations in both sets. O(n + m) in ranges.
    public func intersection(_ other: VersionSet) -> VersionSet {
        var parts: [Range<LocalVersion>] = []
        var left = 0
        var right = 0
        while left < ranges.count, right < other.ranges.count {
            let part = ranges[left].clamped(to: other.ranges[right])
            if !part.isEmpty { parts.append(part) }
            if ranges[left].upperBound < other.ranges[right].upperBound {
                left += 1
            } else {
                right += 1
            }
        }
        return VersionSet(parts)
    }

    /// The operations in either set.
    public func union(_ other: VersionSet) -> VersionSet { VersionSet(ranges + other.ranges) }
}
