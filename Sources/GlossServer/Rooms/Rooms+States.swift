import GlossCore

/// The state of a document that is being computed.
struct StateComputation {
    /// How many changes lead to it.
    var head: Int
    var task: Task<UInt64, Never>
}

extension Rooms {
    /// Computes beside the rooms: they go on meanwhile.
    @concurrent
    static func computeState(of replica: Replica) async -> UInt64 { replica.stateChecksum }

    /// The checksum of a document's state, and the position it is at; `nil` if the document is not in
    /// memory, or has changes on their way to disk. Whoever waits for it must look whether that is
    /// still the end of the log.
    ///
    /// - Complexity: O(1) where nothing has changed since, else O(document), once for all who ask.
    func state(of id: DocumentID) async -> (head: Int, sum: UInt64)? {
        if let room = rooms[id], room.isDurable, let state = room.state, state.head == room.head {
            return state
        }
        guard let computation = stateComputation(of: id) else { return nil }
        let sum = await computation.task.value
        if states[id]?.task == computation.task { states[id] = nil }
        rooms[id]?.note(state: sum, at: computation.head)
        return (computation.head, sum)
    }

    private func stateComputation(of id: DocumentID) -> StateComputation? {
        guard let room = rooms[id], room.isDurable else { return nil }
        if let known = states[id], known.head == room.head { return known }
        let (replica, compute) = (room.replica, stateChecksum)
        let computation = StateComputation(
            head: room.head, task: Task { await compute(replica) })
        states[id] = computation
        return computation
    }
}
