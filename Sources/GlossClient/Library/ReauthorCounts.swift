/// How many changes do not get through when others are made again.
struct ReauthorCounts {
    /// Of this device: nothing of them can stand alone.
    var refused = 0
    /// Of others: the server has lost them, and they stand on what it does not get as it was.
    var leftOut = 0

    static func += (counts: inout ReauthorCounts, more: ReauthorCounts) {
        counts.refused += more.refused
        counts.leftOut += more.leftOut
    }
}
