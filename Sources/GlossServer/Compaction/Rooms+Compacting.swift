import GlossCore
import GlossStorage

/// The documents that wait to be compacted, in the order they came to need it.
struct CompactionQueue {
    private(set) var waiting: [DocumentID] = []
    /// The task that compacts them, one after the other.
    var task: Task<Void, Never>?

    mutating func append(_ document: DocumentID) {
        if !waiting.contains(document) { waiting.append(document) }
    }

    mutating func remove(_ document: DocumentID) {
        waiting.removeAll { $0 == document }
    }
}

extension Rooms {
    /// Puts a document in line for compaction, if much of it is not compacted.
    func considerCompacting(_ document: DocumentID) {
        guard let room = rooms[document], isLarge(room.tail, of: room, factor: 1) else { return }
        compactions.append(document)
        if compactions.task == nil {
            compactions.task = Task(priority: .background) { await compactWhatWaits() }
        }
    }

    /// Whether a tail may be worth compacting: large by itself, and not small beside the rest, nor beside
    /// what was tried of it, so that a log is packed a number of times that grows with the logarithm of
    /// its length.
    private func isLarge(_ tail: Room.Tail, of room: Room, factor: Int) -> Bool {
        let count = room.durableHead - tail.start
        return 4 * count >= tail.start && count >= 2 * tail.triedCount
            && (count >= factor * limits.compactedRows
                || tail.byteCount >= factor * limits.compactedBytes)
    }

    /// Compacts one document after the other, each once nobody has written to it for a while or it
    /// has grown too much to wait.
    private func compactWhatWaits() async {
        while !compactions.waiting.isEmpty {
            var uses: [DocumentID: Int] = [:]
            for document in compactions.waiting { uses[document] = rooms[document]?.lastUse }
            try? await clock.sleep(limits.compactionPause)
            if Task.isCancelled { break }
            for document in compactions.waiting where !Task.isCancelled {
                if let room = rooms[document], room.lastUse != uses[document],
                    !isLarge(room.tail, of: room, factor: 8)
                {
                    continue
                }
                compactions.remove(document)
                do throws(StoreError) {
                    let outcome = try await compact(document)
                    if let outcome { onCompaction(document, .success(outcome)) }
                } catch {
                    onCompaction(document, .failure(error))
                    if error.code == .fsyncFailed { return onFatal(error) }
                }
            }
        }
        compactions.task = nil
    }

    /// Compacts a document now.
    func compact(_ document: DocumentID) async throws(StoreError) -> Compaction.Outcome? {
        let outcome = try await Compaction(store: store, clock: clock).compact(document)
        if let size = try await store.size(of: document) {
            rooms[document]?.tail.start = size.blockHead
            rooms[document]?.tail.triedCount = size.tailCount
            if size.tailCount == 0 { rooms[document]?.tail.byteCount = 0 }
        }
        return outcome
    }

    /// Compacts nothing more by itself.
    func stopCompacting() async {
        compactions.task?.cancel()
        await compactions.task?.value
    }
}
