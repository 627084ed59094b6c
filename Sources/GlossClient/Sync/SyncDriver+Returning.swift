import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

/// The ends of a document's logs that are being given back.
struct Returning {
    var logs: [FormerLog]
    /// The pages of the first of them, in order.
    var pages: [FormerPage] = []
    /// Which of them was given last, once all are signed.
    var given = -1
}

extension SyncDriver {
    /// Looks at what the server has of a document before anything of it comes in, and sets apart what
    /// it has lost. Where its log will be read from the start, what stood where in it is forgotten.
    func noteLosses(_ have: Have) throws {
        let (document, vector) = (have.doc, have.vector)
        vectors[document] = vector
        let (isLost, isAnew) = try library.store.read { reader in
            let position = try reader.replica(document)?.position ?? 0
            let isAnew = position == 0 || have.at < position
            return (
                try reader.isAcknowledged(beyond: vector, in: document),
                try isAnew && reader.hasPositions(of: document)
            )
        }
        guard isLost || isAnew else { return }
        try library.store.write { writer in
            if isLost { try writer.keepFormerLog(of: document, beyond: vector) }
            if isAnew {
                try writer.forgetPosition(of: document)
                try writer.forgetPositions(of: document)
            }
        }
    }

    /// Keeps the server's receipt; reads the log anew, once, if what is here does not lead to it.
    func keepReceipt(_ live: Live) throws -> [ClientSession.Event] {
        guard let receipt = live.receipt, live.at > 0 else { return [] }
        let kept = try library.store.read { try $0.receipt(for: live.doc) }
        let isKept =
            kept?.lineage == lineage && kept?.position == live.at
            && kept?.chain == receipt.chain.digest.bytes
        if isKept { return [] }
        guard
            try library.store.read({
                try $0.agrees(with: receipt, of: live.doc, lineage: lineage)
            })
        else { return resynced.contains(live.doc) ? [] : try readAnew(live.doc) }
        try library.store.write { writer in
            try writer.keepReceipt(
                KeptReceipt(
                    lineage: lineage, position: live.at, chain: receipt.chain.digest.bytes,
                    signature: receipt.signature),
                for: live.doc)
        }
        return []
    }

    /// Goes on with a document of which everything the server has is here: first with what the server
    /// has lost of it, an article's in front of its notes'. Then what is in the outbox may follow.
    func returnLost(_ document: DocumentID) throws -> [ClientSession.Event] {
        guard arrived.contains(document), returning[document] == nil,
            !caughtUp.contains(document)
        else { return [] }
        let logs = try library.store.read { reader in
            let article = try reader.article(of: document)
            if article != document, !endedReturning.contains(article),
                try !reader.formerLogs(of: article).isEmpty
            {
                return [FormerLog]?.none
            }
            return endedReturning.contains(document) ? [] : try reader.formerLogs(of: document)
        }
        guard let logs else { return [] }
        returning[document] = Returning(logs: logs)
        return try returnNextLog(document)
    }

    /// Begins with the next of a document's former logs, or ends.
    private func returnNextLog(_ document: DocumentID) throws -> [ClientSession.Event] {
        while let log = returning[document]?.logs.first {
            let rows = try library.store.read { try $0.rows(of: log) }
            let vector = vectors[document] ?? VersionVector()
            let isLost = rows.contains { vector[$0.agent] < $0.seq + $0.count }
            if isLost, let pages = FormerPage.pages(of: log, rows) {
                returning[document]?.pages = pages
                returning[document]?.given = -1
                return try [nextReturn(document)].compactMap { $0 }
            }
            try drop(log)
        }
        return try endReturning(document)
    }

    /// Forgets a former log, and puts what this device made of it and the server does not have back
    /// into the outbox.
    private func drop(_ log: FormerLog) throws {
        let vector = vectors[log.document] ?? VersionVector()
        report.returned += try library.store.write { writer in
            try writer.remove(log)
            return try writer.giveBack(log.document, beyond: vector)
        }
        returning[log.document]?.logs.removeAll { $0.id == log.id }
    }

    /// The last page that is not signed needs a receipt; once all are, they are given in order.
    private func nextReturn(_ document: DocumentID) throws -> ClientSession.Event? {
        guard let current = returning[document], let log = current.logs.first else { return nil }
        if let index = current.pages.lastIndex(where: { $0.signature == nil }),
            let stretch = current.pages[index + 1].stretch(of: log)
        {
            return .askReceipt(stretch, current.pages[index + 1].outlines)
        }
        let page = current.pages[current.given + 1]
        guard let stretch = page.stretch(of: log) else { return nil }
        let rows = try library.store.read { reader in
            try page.rows.compactMap { row in
                try reader.change(of: document, holding: OpID(agent: row.agent, seq: row.seq))
                    .map { change in
                        GivenRow(
                            user: row.user, device: row.deviceLabel, time: row.receivedAt,
                            change: RawChange(bytes: change.bytes))
                    }
            }
        }
        returning[document]?.given += 1
        return .give(stretch, rows)
    }

    /// The server has signed what is in front of a page.
    func takeReceipt(_ answer: ReceiptAnswer) throws -> [ClientSession.Event] {
        guard
            let index = returning[answer.doc]?.pages
                .lastIndex(where: { $0.signature == nil })
        else { return [.nothingMore] }
        returning[answer.doc]?.pages[index].signature = answer.signature
        return try [nextReturn(answer.doc)].compactMap { $0 } + [.nothingMore]
    }

    /// A page is on the server's disk.
    func given(_ document: DocumentID) throws -> [ClientSession.Event] {
        guard let current = returning[document], let log = current.logs.first else {
            return [.nothingMore]
        }
        let vector = vectors[document] ?? VersionVector()
        report.returned += current.pages[current.given].rows
            .count { vector[$0.agent] < $0.seq + $0.count }
        hasMovedOn = true
        if current.given + 1 < current.pages.count {
            return try [nextReturn(document)].compactMap { $0 } + [.nothingMore]
        }
        try library.store.write { try $0.remove(log) }
        returning[document]?.logs.removeFirst()
        return try returnNextLog(document) + [.nothingMore]
    }

    /// The server does not take it: what this device made goes by the outbox. The rest is given up,
    /// or waits for the next connection.
    func refuseGiven(
        _ document: DocumentID, _ failure: Failure
    ) throws -> [ClientSession.Event] {
        guard let log = returning[document]?.logs.first else { return [.nothingMore] }
        if failure.code == .gone { return try keepPurged(article(of: document)) }
        // Who may not read it now may do so later.
        let isHidden = failure.code == .notFound || failure.code == .forbidden
        if failure.retry == .never, !isHidden {
            try drop(log)
            return try returnNextLog(document) + [.nothingMore]
        }
        // What it depends on has no receipt: it waits for whoever made that.
        if failure.code != .missingDependency { report.postponed.append(failure.message) }
        let vector = vectors[document] ?? VersionVector()
        report.returned += try library.store.write { writer in
            try writer.giveBack(document, beyond: vector, promised: [])
        }
        return try endReturning(document) + [.nothingMore]
    }

    /// Nothing more of a document is given back on this connection.
    func endReturning(_ document: DocumentID) throws -> [ClientSession.Event] {
        returning[document] = nil
        endedReturning.insert(document)
        if arrived.contains(document) { caughtUp.insert(document) }
        let sets = document.kind == .article ? try self.sets(of: document) : []
        return try sets.flatMap { try returnLost($0) } + outboxEvents()
    }
}
