import GlossCore

/// The states of documents that are being computed, and those that wait until others are, in order.
struct StateQueue {
    /// The state of one document.
    struct Computation {
        /// How many changes lead to it; `nil` while it waits.
        var head: Int?
        var task: Task<(head: Int, sum: UInt64)?, Never>
    }

    /// Of each document what was begun or asked for last.
    var computations: [DocumentID: Computation] = [:]
    /// How many are computed now.
    var running = 0
    /// Those that wait, the one that came first in front.
    var waiting: [CheckedContinuation<Void, Never>] = []
}

extension Rooms {
    /// Computes beside the rooms: they go on meanwhile.
    @concurrent
    static func computeState(of replica: Replica) async -> UInt64 { replica.stateChecksum }

    /// The checksum of a document's state, and the position it is at; `nil` if the document is not in
    /// memory, or has changes on their way to disk. Whoever waits for it must look whether that is
    /// still the end of the log.
    ///
    /// - Complexity: O(1) where nothing has changed since, else O(document), once for all who ask, behind
    ///   the documents whose state was asked for before.
    func state(of id: DocumentID) async -> (head: Int, sum: UInt64)? {
        guard let head = durableReplica(of: id)?.head else { return nil }
        if let state = rooms[id]?.state, state.head == head { return state }
        if let known = states.computations[id], known.head ?? head == head {
            return await known.task.value
        }
        let task = Task { await computeInTurn(id) }
        states.computations[id] = StateQueue.Computation(task: task)
        return await task.value
    }

    /// Computes the state that a document has when its turn has come.
    private func computeInTurn(_ id: DocumentID) async -> (head: Int, sum: UInt64)? {
        if states.running < limits.states {
            states.running += 1
        } else {
            await withCheckedContinuation { states.waiting.append($0) }
        }
        defer { endTurn() }
        // Not before: while a copy is kept, the next change takes another one.
        guard let (head, replica) = durableReplica(of: id) else {
            states.computations[id] = nil
            return nil
        }
        states.computations[id]?.head = head
        let sum = await stateChecksum(replica)
        // Unless somebody has asked for a later one meanwhile.
        if states.computations[id]?.head == head { states.computations[id] = nil }
        rooms[id]?.note(state: sum, at: head)
        return (head, sum)
    }

    private func durableReplica(of id: DocumentID) -> (head: Int, replica: Replica)? {
        guard let room = rooms[id], room.isDurable else { return nil }
        return (room.head, room.replica)
    }

    /// Lets the next one have the turn.
    private func endTurn() {
        if states.waiting.isEmpty {
            states.running -= 1
        } else {
            states.waiting.removeFirst().resume()
        }
    }
}
