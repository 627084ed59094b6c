import GlossCore
import GlossProtocol
import GlossStorage

/// Changes that no server would take as they are, since something in front of them is gone. They may be
/// of several agents: one that retired may have some in the outbox still.
struct Stuck {
    /// What this device made and no server has, in the order in which it was made, without what is
    /// refused already.
    var changes: [StoredChange] = []
    /// What others made, and the server has lost.
    var leftOut: [StoredChange] = []
    /// The first operation that is gone or stuck, of each agent that has one.
    var firstSeqs: [AgentID: Int]

    /// - Parameters:
    ///   - firstSeqs: what is gone before anything is looked at.
    ///   - isFirst: whether a change is gone, or has to be made again, on its own account.
    init(
        in stored: [StoredChange], from firstSeqs: [AgentID: Int],
        _ isFirst: (StoredChange, Change) throws -> Bool
    ) throws {
        self.firstSeqs = firstSeqs
        for one in stored where one.isWaiting || one.isRefused || one.isLost {
            let change = try ChangeCodec.decode(one.bytes)
            let follows =
                !one.isRefused
                && ([OpID(agent: one.agent, seq: one.seq)] + change.dependencies).contains {
                    $0.seq >= self.firstSeqs[$0.agent] ?? .max
                }
            guard try follows || isFirst(one, change) else { continue }
            self.firstSeqs[one.agent] = min(self.firstSeqs[one.agent] ?? .max, one.seq)
            if one.isRefused { continue }
            if one.isOwn { changes.append(one) } else { leftOut.append(one) }
        }
    }
}
