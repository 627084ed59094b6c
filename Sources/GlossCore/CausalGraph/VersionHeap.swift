/// Local versions with two flag bits each, the largest first: what a walk over a graph still has to
/// visit.
///
/// A binary heap in flat memory. Adding and taking are O(log n).
struct VersionHeap: ~Copyable {
    private var keys = Slab<UInt32>()

    /// How many it holds.
    var count: Int { keys.count }

    /// How many bytes it has taken from the system.
    var byteCount: Int { keys.byteCount }

    /// Whether its largest version is `version` or more. O(1).
    @inline(__always)
    func reaches(_ version: Int) -> Bool { keys.count > 0 && Int(keys[0] >> 2) >= version }

    /// Gives all of them up, and keeps the memory. O(1).
    mutating func removeAll() { keys.truncate(to: 0) }

    /// Adds a version below 2^30 with flags below 4.
    mutating func push(_ version: Int, flags: UInt32 = 0) {
        assert(version >= 0 && version < CausalGraph.limit && flags < 4, "they fit into a key")
        let key = UInt32(truncatingIfNeeded: version) << 2 | flags
        keys.append(key)
        var place = keys.count - 1
        while place > 0, keys[(place - 1) / 2] < key {
            keys[place] = keys[(place - 1) / 2]
            place = (place - 1) / 2
        }
        keys[place] = key
    }

    /// Takes the largest version; of equal ones, the one with the larger flags. `nil` if there is
    /// none.
    mutating func pop() -> (version: Int, flags: UInt32)? {
        if keys.count == 0 { return nil }
        let largest = keys[0]
        let last = keys[keys.count - 1]
        keys.truncate(to: keys.count - 1)
        if keys.count > 0 { sink(last) }
        return (Int(largest >> 2), largest & 3)
    }

    /// Puts a key where it belongs on the way down from the free place at the top.
    private mutating func sink(_ key: UInt32) {
        var place = 0
        while true {
            var child = 2 * place + 1
            if child >= keys.count { break }
            if child + 1 < keys.count, keys[child + 1] > keys[child] { child += 1 }
            if keys[child] <= key { break }
            keys[place] = keys[child]
            place = child
        }
        keys[place] = key
    }
}
