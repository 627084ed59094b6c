import GlossCore
import GlossProtocol
import GlossStorage

/// A row of the server's log has a number under which something else was acknowledged: the server was
/// restored, and a copy of the library that had made that went on in its numbers.
struct NumberTaken: Error {}

extension LibraryWriter {
    /// Makes way for rows of the server's log under whose numbers something else was acknowledged that
    /// the server has lost. Under these it never comes back, nor does what builds on it. What this device
    /// made of it goes into the outbox, from where it is sent under others; what others made is left out,
    /// with the reason, and comes from them under others.
    ///
    /// What this device made on top of it and the server has taken since it has something else there
    /// stands on that for everybody now: here it is made again as well, so people see both.
    ///
    /// Whoever gives back what was signed does so before: not all of it is here afterwards.
    ///
    /// - Returns: how many changes are left out that the server had not refused to take back, and how many
    ///   of this device are refused since they cannot stand without.
    func giveWay(
        in document: DocumentID, to rows: [GlossProtocol.ReceivedChange],
        environment: ClientEnvironment
    ) throws -> (leftOut: Int, refused: Int) {
        let stored = try changes(of: document)
        var firstSeqs = Self.overtaken(stored.filter(\.isLost), by: rows)
        let refused = Set(try unreturned(of: document).map(\.row.id))
        var leftOut = 0
        var taken: [StoredChange] = []
        for stored in stored where stored.isLost || stored.isOwn && !stored.isRefused {
            let causes = try ChangeCodec.decode(stored.bytes).causes
            let isHit =
                stored.seq >= firstSeqs[stored.agent] ?? .max
                || causes.contains { $0.seq >= firstSeqs[$0.agent] ?? .max }
            guard isHit else { continue }
            firstSeqs[stored.agent] = min(firstSeqs[stored.agent] ?? .max, stored.seq)
            // What waits is made again with it, and goes on as it was.
            if stored.isWaiting { continue }
            if stored.isOwn {
                if !stored.isLost { taken.append(stored) }
                try returnToOutbox(document, stored.index)
            } else {
                try markRefused(
                    document, stored.index, code: ErrorCode.agentFork.rawValue,
                    message: "the server lost it, and has something else under its number")
                if !refused.contains(OpID(agent: stored.agent, seq: stored.seq)) { leftOut += 1 }
            }
        }
        let counts = try reauthor(
            document, droppable: .deletions, environment: environment)
        return (leftOut + counts.leftOut, try counts.refused - drop(taken, of: document))
    }

    /// Removes what was made here on top of something that made way, if it cannot be made again: the
    /// server has it, and gives it back.
    ///
    /// - Returns: how many changes that was.
    private func drop(_ taken: [StoredChange], of document: DocumentID) throws -> Int {
        var count = 0
        for stored in taken {
            guard try change(of: document, at: stored.index)?.isRefused == true else { continue }
            try removeNames(of: ChangeCodec.decode(stored.bytes), in: document)
            try drop(document, stored.index)
            count += 1
        }
        return count
    }

    /// From which number on of each agent what is lost cannot come back.
    private static func overtaken(
        _ lost: [StoredChange], by rows: [GlossProtocol.ReceivedChange]
    ) -> [AgentID: Int] {
        let byAgent = Dictionary(grouping: lost, by: \.agent)
        var firstSeqs: [AgentID: Int] = [:]
        for row in rows {
            let change = row.change.change
            for known in byAgent[change.agent] ?? []
            where known.seq < change.endSeq && change.seq < known.seq + known.count
                && known.bytes != row.change.bytes
            {
                firstSeqs[known.agent] = min(firstSeqs[known.agent] ?? .max, known.seq)
            }
        }
        return firstSeqs
    }
}
