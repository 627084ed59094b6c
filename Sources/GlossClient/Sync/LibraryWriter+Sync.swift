import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

extension LibraryReader {
    /// What the session needs to know about a document to follow it.
    ///
    /// Where positions cannot be compared the whole log is asked for: it is rare, and what is here
    /// already is recognized.
    func localDocument(_ document: DocumentID) throws(StoreError) -> ClientSession.LocalDocument {
        guard let record = try replica(document) else {
            throw StoreError(.notFound, "There is no replica of \(document).")
        }
        var acknowledged = VersionVector()
        var own = VersionVector()
        let agents = try writingAgents(in: document)
        for change in try changes(of: document) {
            let end = change.seq + change.count
            if agents.contains(change.agent) { own[change.agent] = max(own[change.agent], end) }
            // Of agents that retired, too: nobody else could give it back.
            if change.isOwn, change.state == .acknowledged {
                acknowledged[change.agent] = max(acknowledged[change.agent], end)
            }
        }
        return ClientSession.LocalDocument(
            doc: document, at: record.position, sum: Checksum(rawValue: record.sum),
            vector: VersionVector(), acknowledged: acknowledged, own: own)
    }

    /// The checksum of a document at a position of the server's log; `nil` unless everything up to
    /// there is known to be here.
    func checksum(of document: DocumentID, at position: Int) throws(StoreError) -> Checksum? {
        guard let record = try replica(document), record.position >= position else { return nil }
        if record.position == position { return Checksum(rawValue: record.sum) }
        // Another process on this library has come further.
        return try checksum(of: document, at: position, from: 0, Checksum())
    }

    /// The checksum at a position, from that at an earlier one. How far the positions reach is the
    /// server's word: nothing here takes longer than what is kept of the document.
    fileprivate func checksum(
        of document: DocumentID, at end: Int, from start: Int, _ sum: Checksum
    ) throws(StoreError) -> Checksum? {
        var sum = sum
        var count = 0
        try eachRow(of: document, after: start, upTo: end) { row in
            guard let digest = SHA256Digest(row.hash) else { return }
            sum.add(ChangeHash(digest: digest))
            count += 1
        }
        return count == end - start ? sum : nil
    }
}

extension LibraryWriter {
    /// Keeps what the welcome said. Another lineage means that positions say nothing any more.
    func keep(
        _ welcome: Welcome, _ summary: LibrarySummary, server: Profile.Server
    ) throws(StoreError) {
        try setMeta(.joining, to: nil)
        try setMeta(.serverHost, to: server.host)
        try setMeta(.serverPort, to: "\(server.port)")
        try setMeta(.serverFingerprint, to: Fingerprint.text(server.fingerprint))
        try setMeta(.libraryID, to: summary.id.description)
        try setMeta(.libraryName, to: summary.name)
        try setMeta(.role, to: summary.role.rawValue)
        if try meta(.user) != welcome.user { try renameSets(for: welcome.user) }
        try setMeta(.user, to: welcome.user)
        try setMeta(.deviceLabel, to: welcome.label)
        let lineage = "\(welcome.log)"
        if try meta(.lineage) != lineage {
            for record in try replicas() { try forgetPosition(of: record.id) }
            try setMeta(.lineage, to: lineage)
        }
    }

    /// Gives the private sets that no server has the ids that they have for a user: before a library has
    /// a server, nobody knows under which name it will be known there.
    private func renameSets(for user: String) throws(StoreError) {
        for record in try replicas()
        where record.kind == .privateAnnotations && record.createdLocally {
            let id = DocumentID.privateSet(of: record.article, for: user)
            if id != record.id { try rename(record.id, to: id) }
        }
    }

    /// Lets the next sync read a document's log from the start.
    func forgetPosition(of document: DocumentID) throws(StoreError) {
        guard var record = try replica(document) else { return }
        record.position = 0
        record.sum = 0
        try updateReplica(record)
    }

    /// Puts what was made here and acknowledged, and the server does not have, back into the outbox;
    /// gives how many changes.
    ///
    /// - Parameter promised: what is given back in another way; as a rule what waits for that.
    func giveBack(
        _ document: DocumentID, beyond vector: VersionVector, promised: Set<OpID>? = nil
    ) throws(StoreError) -> Int {
        let kept: Set<OpID>
        if let promised { kept = promised } else { kept = try self.promised(of: document) }
        let lost = try changes(of: document).filter { change in
            change.isOwn && change.state == .acknowledged && change.seq >= vector[change.agent]
                && !kept.contains(OpID(agent: change.agent, seq: change.seq))
        }
        for change in lost { try returnToOutbox(document, change.index) }
        return lost.count
    }

    /// Sets apart what a server has lost of a document that it has made again, and puts what was made
    /// here back into the outbox; gives how many changes.
    func giveBackAll(_ document: DocumentID) throws(StoreError) -> Int {
        try keepFormerLog(of: document, beyond: VersionVector())
        try forgetPosition(of: document)
        return try giveBack(document, beyond: VersionVector())
    }

    /// Whether rows of the server's log have, under the ids of changes that were made here and not
    /// acknowledged, something else: another copy of this library was first.
    private func isForked(
        _ document: DocumentID, by rows: [GlossProtocol.ReceivedChange]
    ) throws(StoreError) -> Bool {
        let agents = try writingAgents(in: document)
        for row in rows where agents.contains(row.change.change.agent) {
            guard let known = try change(of: document, holding: row.change.change.id) else {
                return true
            }
            if known.state != .acknowledged, known.bytes != row.change.bytes { return true }
        }
        return false
    }

    /// Takes in rows of the server's log; gives the authors of those that are new, one for each.
    ///
    /// Positions up to `position` that no row has are changes that the server acknowledged on this
    /// connection: it does not send them back. Another process on this library may have taken in some
    /// of the rows, or more than these, already.
    ///
    /// - Parameter cache: what earlier rows left, and these leave. It is of no use if the transaction
    ///   comes to nothing.
    /// - Throws: `ChangeError` if a change breaks a rule, ``NumberTaken`` if something stands in the way
    ///   of one; then nothing is taken in.
    func integrate(
        _ document: DocumentID, _ rows: [GlossProtocol.ReceivedChange], to position: Int,
        cache: inout ReplicaCache, environment: ClientEnvironment
    ) throws -> [String] {
        if try isForked(document, by: rows) {
            try retireAgent(in: document, environment: environment)
        }
        try dropLeftOut(of: document, for: rows)
        try makeRoom(in: document, for: rows, environment: environment)
        guard try self.replica(document) != nil else { return [] }
        try cache.check(self)
        var replica = cache.take(document)
        var authors: [String] = []
        var hasRevived = false
        for row in rows {
            let change = row.change.change
            let receipt = Receipt(
                position: row.at, user: row.user, deviceLabel: row.device, receivedAt: row.time)
            if let known = try self.change(of: document, holding: change.id) {
                guard known.bytes == row.change.bytes else {
                    if known.isLost { throw NumberTaken() }
                    throw ChangeError(.invalidOp, "\(change.id) has other bytes on the server")
                }
                // What was refused here is in the replica from now on: a copy of this library has had
                // it accepted, or somebody has given it back.
                let index = known.isRefused ? try putLast(known) : known.index
                try markAcknowledged(document, index, receipt)
                if known.isRefused { (replica, hasRevived) = (nil, true) }
            } else {
                var grown = try replica ?? loadReplica(document)
                replica = nil
                guard case .applied = try grown.integrate(change) else {
                    throw ChangeError(.invalidOp, "\(change.id) came before its causes")
                }
                replica = grown
                try append(row, to: document)
                authors.append(row.user)
            }
        }
        try advance(document, to: position)
        if hasRevived, replica == nil { replica = try loadReplica(document) }
        if document.kind == .article, let replica { try indexArticle(replica) }
        if let replica { cache.keep(replica) }
        try cache.note(self)
        return authors
    }

    /// Removes what others made and was left out here, and the server has after all: it comes in like
    /// anything new. Where it was it may stand in front of what the server has it on.
    private func dropLeftOut(
        of document: DocumentID, for rows: [GlossProtocol.ReceivedChange]
    ) throws {
        for row in rows {
            let change = row.change.change
            guard let known = try self.change(of: document, holding: change.id), known.isRefused,
                !known.isOwn, known.bytes == row.change.bytes
            else { continue }
            try removeNames(of: change, in: document)
            try drop(document, known.index)
        }
    }

    /// Takes in rows as above, with nothing left by others.
    func integrate(
        _ document: DocumentID, _ rows: [GlossProtocol.ReceivedChange], to position: Int,
        environment: ClientEnvironment
    ) throws -> [String] {
        var cache = ReplicaCache()
        return try integrate(
            document, rows, to: position, cache: &cache, environment: environment)
    }

    /// Notes that everything up to a position of the server's log is here, if it is: what did not
    /// come was acknowledged on this connection.
    func advance(_ document: DocumentID, to position: Int) throws {
        guard var record = try replica(document), record.position < position,
            let sum = try checksum(
                of: document, at: position, from: record.position,
                Checksum(rawValue: record.sum))
        else { return }
        record.position = position
        record.sum = sum.rawValue
        try updateReplica(record)
    }

    /// Keeps a change that somebody else made.
    private func append(
        _ row: GlossProtocol.ReceivedChange, to document: DocumentID
    ) throws {
        let change = row.change.change
        let hash = try self.hash(of: row.change, in: document)
        try append(
            GlossStorage.ReceivedChange(
                document: document, agent: change.agent, seq: change.seq,
                count: change.count, bytes: row.change.bytes, hash: hash.digest.bytes,
                position: row.at, user: row.user, deviceLabel: row.device,
                receivedAt: row.time))
        try indexNames(of: change, in: document)
    }

    /// Marks what a nack refuses, with what cannot stand without it; gives how many changes that is, and
    /// how many of others, which the server has lost, are left out with it.
    func refuse(
        _ changes: [StoredChange], _ nack: Nack, environment: ClientEnvironment
    ) throws -> ReauthorCounts {
        let named = changes.filter { change in
            change.document == nack.doc && nack.agent == change.agent
                && nack.seq.map { (change.seq..<change.seq + change.count).contains($0) } ?? false
        }
        let refused = named.isEmpty ? changes : named
        for change in refused {
            try markRefused(
                change.document, change.index, code: nack.code.rawValue, message: nack.message)
        }
        var counts = ReauthorCounts(refused: refused.count)
        for document in Set(refused.map(\.document)).sorted() {
            counts += try reauthor(
                document, droppable: .nothing, environment: environment)
        }
        return counts
    }
}

extension StoredChange {
    /// Whether a command of this device made it.
    var isOwn: Bool { entry != nil }
}
