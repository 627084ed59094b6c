import GlossCore
import GlossProtocol
import GlossStorage

extension LibraryReader {
    /// What others made, was acknowledged, and a server that was restored does not have, in local order:
    /// neither by its log, which has been read to its end, nor by what waits to be given back.
    func lost(
        of document: DocumentID, beyond vector: VersionVector
    ) throws(StoreError) -> [StoredChange] {
        let promised = try promised(of: document)
        return try changes(of: document).filter { change in
            !change.isOwn && change.isLost && change.seq >= vector[change.agent]
                && !promised.contains(OpID(agent: change.agent, seq: change.seq))
        }
    }

    /// What others made and is left out of a document here, with the reason.
    func leftOut(of document: DocumentID) throws(StoreError) -> [StoredChange] {
        try changes(of: document).filter { $0.isRefused && !$0.isOwn }
    }
}

extension LibraryWriter {
    /// Goes on in a document without what the server has lost of others and nobody brings back: it is
    /// kept, with the reason, and is part of the document again once a server has it. What was made
    /// here and builds on it is made again without it, under a fresh agent.
    ///
    /// Nothing is left out if something that the server has would build on it: that cannot be, so
    /// the server is wrong.
    ///
    /// - Returns: how many changes are left out, and how many of this device are refused since they
    ///   cannot stand without.
    func leaveOut(
        _ lost: [StoredChange], of document: DocumentID, environment: ClientEnvironment
    ) throws -> (leftOut: Int, refused: Int) {
        var reasons: [OpID: RefusedRow] = [:]
        for refused in try refusedRows(of: document) { reasons[refused.row.id] = refused }
        let places = Set(lost.map(\.index))
        var firstSeqs: [AgentID: Int] = [:]
        for stored in try changes(of: document)
        where places.contains(stored.index) || stored.state == .acknowledged {
            let change = try ChangeCodec.decode(stored.bytes)
            let builds = change.causes.contains { $0.seq >= firstSeqs[$0.agent] ?? .max }
            if places.contains(stored.index) {
                firstSeqs[stored.agent] = min(firstSeqs[stored.agent] ?? .max, stored.seq)
            } else if builds {
                return (0, 0)
            }
        }
        for stored in lost {
            let reason = reasons[OpID(agent: stored.agent, seq: stored.seq)]
            try markRefused(
                document, stored.index, code: reason?.code ?? ErrorCode.notFound.rawValue,
                message: reason?.message ?? "the server was restored without it")
        }
        let counts = try reauthor(
            document, droppable: .deletions, environment: environment)
        return (lost.count + counts.leftOut, counts.refused)
    }
}

extension StoredChange {
    /// Whether it was acknowledged, and has no position in the log that the server has now.
    var isLost: Bool { state == .acknowledged && position == 0 }
}
