import GlossCore

/// Rooms in the order of their last use. An entry whose room has been used since, or is no more, stands
/// for nothing.
struct UseOrder {
    private var entries: [(document: DocumentID, use: Int)] = []
    private var start = 0
    private var count = 0

    /// Notes that a room is used.
    ///
    /// - Complexity: O(1), amortised.
    mutating func note(_ document: DocumentID, in rooms: inout RoomTable) {
        count += 1
        rooms[document]?.lastUse = count
        entries.append((document, count))
        guard entries.count > 2 * rooms.count + 64 else { return }
        var kept: [(document: DocumentID, use: Int)] = []
        for entry in entries[start...] where rooms[entry.document]?.lastUse == entry.use {
            kept.append(entry)
        }
        (entries, start) = (kept, 0)
    }

    /// The room used longest ago of those that may go, which is in the order no more; `nil` if none may.
    ///
    /// - Complexity: O(1) and those that may not go, amortised.
    mutating func takeOldest(
        in rooms: borrowing RoomTable, where mayGo: (Room) -> Bool
    ) -> DocumentID? {
        for _ in start..<entries.count {
            let entry = entries[start]
            start += 1
            guard let room = rooms[entry.document], room.lastUse == entry.use else { continue }
            if mayGo(room) { return entry.document }
            // Its turn comes again, behind the others.
            entries.append(entry)
        }
        return nil
    }
}
