/// Something that runs, stops and dies as one: a server or a client between start and end, or the
/// world around them.
struct ProcessID: Hashable, Comparable {
    /// What is no program: people, the network, the clock.
    static let world = ProcessID(rawValue: 0)

    let rawValue: Int

    static func < (left: ProcessID, right: ProcessID) -> Bool { left.rawValue < right.rawValue }
}
