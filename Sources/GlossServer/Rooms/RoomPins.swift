import GlossCore

/// The documents that pushes keep in memory while they load the others they need.
///
/// All together may need as many as may be in memory. Who comes beyond that waits for a turn, in order:
/// else each would push the first documents of the others out of memory, and nobody get on.
struct RoomPins {
    private let limit: Int
    private var counts: [DocumentID: Int] = [:]
    private var reserved = 0
    private var waiting: [(count: Int, turn: CheckedContinuation<Void, Never>)] = []

    /// None, of as many documents as may be in memory.
    init(limit: Int) {
        self.limit = limit
    }

    /// Whether somebody needs a document to stay.
    func contains(_ document: DocumentID) -> Bool { counts[document] != nil }

    /// Takes places for so many documents; false if there are not as many now.
    mutating func reserve(_ count: Int) -> Bool {
        guard waiting.isEmpty, reserved + count <= limit else { return false }
        reserved += count
        return true
    }

    /// Resumes `turn` when there are as many places, and has taken them then.
    mutating func wait(for count: Int, _ turn: CheckedContinuation<Void, Never>) {
        waiting.append((count, turn))
    }

    mutating func pin(_ document: DocumentID) {
        counts[document, default: 0] += 1
    }

    /// Lets documents go, and gives back so many places.
    mutating func release(_ documents: Set<DocumentID>, _ count: Int) {
        for document in documents {
            guard let pins = counts[document] else { preconditionFailure("it was pinned") }
            counts[document] = pins == 1 ? nil : pins - 1
        }
        reserved -= count
        while let next = waiting.first, reserved + next.count <= limit {
            waiting.removeFirst()
            reserved += next.count
            next.turn.resume()
        }
    }
}
