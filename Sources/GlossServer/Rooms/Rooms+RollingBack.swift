import GlossCore
import GlossProtocol

/// Documents whose rooms hold changes of pushes that were refused, on top of others that are on their
/// way to disk, and who waits to have them loaded anew.
typealias SpoiledRooms = [DocumentID: [CheckedContinuation<Void, Never>]]

extension Rooms {
    /// Rids the rooms of what a push brought that is refused; `heads` are those from before.
    ///
    /// A copy from before would cost as much as the document, for each push. Instead a room is let go,
    /// and loaded anew where it is needed: now, or when what was taken before is on disk. It is noted
    /// whose push that was.
    func rollBack(to heads: [DocumentID: Int], of user: String) {
        var isUndone = false
        for (document, head) in heads {
            guard let room = rooms[document], room.head > head else { continue }
            isUndone = true
            if room.durableHead == head {
                rooms[document] = nil
            } else {
                rooms[document]?.validHead = head
                spoiled[document] = []
            }
        }
        if isUndone { undonePushes.note(user, now: clock.steady()) }
    }

    /// Refuses a push of several changes for now if too many of its user's had to be undone: for each
    /// all of its documents are loaded anew.
    func checkUndone(_ parts: [ChangeBatch], of user: String) throws(Refusal) {
        guard let first = parts.first, parts.reduce(0, { $0 + $1.changes.count }) > 1,
            undonePushes.room(for: user, now: clock.steady()) == nil
        else { return }
        throw Refusal(
            .overloaded, of: first.doc, message: "too many of your pushes had to be undone")
    }

    /// Lets go of the spoiled rooms that have nothing valid on its way to disk any more.
    func dropSpoiledRooms() {
        for (document, waiters) in spoiled {
            if let room = rooms[document] {
                guard room.durableHead == room.validHead else { continue }
                rooms[document] = nil
            }
            spoiled[document] = nil
            for waiter in waiters { waiter.resume() }
        }
    }

    /// Returns when a document's room holds nothing that was refused.
    func waitWhileSpoiled(_ document: DocumentID) async {
        while spoiled[document] != nil {
            await withCheckedContinuation { spoiled[document, default: []].append($0) }
        }
    }
}
