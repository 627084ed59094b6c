import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

extension SyncDriver {
    /// A document is asked for. Where the log is another one at the position here, the session asks a
    /// second time, from the start.
    func note(_ request: SubscribeRequest) throws {
        let former = asked.updateValue(request.at, forKey: request.doc)
        guard request.at == 0, let former, former > 0 else { return }
        try library.store.write { try $0.forgetPosition(of: request.doc) }
    }

    /// Looks at what the server has of a document before anything of it comes in, and sets apart what
    /// it has lost. Where its log will be read from the start, what stood where in it is forgotten,
    /// unless another process on this library has begun to read it.
    func noteLosses(_ have: Have) throws {
        let (document, vector) = (have.doc, have.vector)
        vectors[document] = vector
        let (isLost, isAnew) = try library.store.read { reader in
            let position = try reader.replica(document)?.position ?? 0
            let isAnew = position == 0 && asked[document] == 0
            return (
                try reader.isAcknowledged(beyond: vector, in: document),
                try isAnew && reader.hasPositions(of: document)
            )
        }
        guard isLost || isAnew else { return }
        try library.store.write { writer in
            if isLost { try writer.keepFormerLog(of: document, beyond: vector) }
            if isAnew { try writer.forgetPositions(of: document) }
        }
    }

    /// Keeps the server's receipt; reads the log anew, once, if what is here does not lead to it.
    func keepReceipt(_ live: Live) throws -> [ClientSession.Event] {
        guard let receipt = live.receipt, live.at > 0 else { return [] }
        let kept = try library.store.read { try $0.receipt(for: live.doc) }
        if let kept, kept.lineage == lineage {
            let isKept = kept.position == live.at && kept.chain == receipt.chain.digest.bytes
            // Another process on this library may have a later one.
            if isKept || kept.position > live.at { return [] }
        }
        guard
            try library.store.read({
                try $0.agrees(with: receipt, of: live.doc, lineage: lineage)
            })
        else { return resynced.contains(live.doc) ? [] : try readAnew(live.doc) }
        try note { writer in
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
        guard arrived.contains(document), returns[document]?.current == nil,
            !caughtUp.contains(document)
        else { return [] }
        let (awaitsArticle, logs) = try library.store.read { reader in
            let article = try reader.article(of: document)
            let awaitsArticle =
                try article != document && returns[article]?.isOver != true
                && !reader.formerLogs(of: article).isEmpty
            return (awaitsArticle, try reader.formerLogs(of: document))
        }
        if awaitsArticle { return [] }
        if returns[document] != nil { return try endReturning(document) }
        returns[document] = .underWay(Returning(logs: logs))
        return try returnNextLog(document)
    }

    /// Begins with the next of a document's former logs, or ends.
    private func returnNextLog(_ document: DocumentID) throws -> [ClientSession.Event] {
        let vector = vectors[document] ?? VersionVector()
        while let log = returns[document]?.current?.logs.first {
            returns[document]?.update { $0.waits = false }
            let (rows, refused) = try library.store.read { reader in
                let refused = try reader.refusedRows(of: document).filter { $0.log == log.id }
                return (try reader.rows(of: log), Set(refused.map(\.row.position)))
            }
            let lost = rows.filter { $0.isBeyond(vector) && !refused.contains($0.position) }
            if !lost.isEmpty {
                if let pages = FormerPage.pages(of: log, rows) {
                    returns[document]?.update { ($0.pages, $0.given) = (pages, -1) }
                    return try [nextReturn(document)].compactMap { $0 }
                }
                try refuse(
                    lost, of: log, .invalidReceipt,
                    "something that was signed with it is not here any more")
            }
            try finish(log)
        }
        return try endReturning(document)
    }

    /// Keeps rows of a former log that the server does not take back, with the reason, if others made
    /// them; what this device made goes by the outbox.
    private func refuse(
        _ rows: [LogOutline], of log: FormerLog, _ code: ErrorCode, _ message: String
    ) throws {
        try refuse(rows.map { ($0, code, message) }, of: log)
    }

    private func refuse(
        _ rows: [(row: LogOutline, code: ErrorCode, message: String)], of log: FormerLog
    ) throws {
        if rows.isEmpty { return }
        let vector = vectors[log.document] ?? VersionVector()
        let counts = try library.store.write { try $0.refuse(rows, of: log, beyond: vector) }
        report.returned += counts.returned
        report.unreturned += counts.unreturned
    }

    /// Goes on behind a former log, and removes it, unless something of it waits or was refused.
    private func finish(_ log: FormerLog) throws {
        let current = returns[log.document]?.current
        let waits = current?.waits == true
        if let stranded = current?.stranded, !stranded.isEmpty, !waits {
            try refuse(stranded, of: log)
        }
        try library.store.write { writer in
            let kept = try writer.unreturned(of: log.document).contains { $0.log == log.id }
            if !kept, !waits { try writer.remove(log) }
        }
        returns[log.document]?.update { returning in
            returning.logs.removeAll { $0.id == log.id }
            returning.stranded = []
        }
    }

    /// The last page that is not signed needs a receipt; once all are, they are given in order.
    func nextReturn(_ document: DocumentID) throws -> ClientSession.Event? {
        guard let current = returns[document]?.current, let log = current.logs.first else {
            return nil
        }
        if let index = current.pages.lastIndex(where: { $0.signature == nil }),
            let stretch = current.pages[index + 1].stretch(of: log)
        {
            return .askReceipt(stretch, current.pages[index + 1].outlines)
        }
        guard current.pages.indices.contains(current.given + 1) else { return nil }
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
        let causes = try page.causes(of: rows, in: current.pages[..<(current.given + 1)])
        returns[document]?.update { $0.given += 1 }
        return .give(stretch, rows, causes: causes)
    }

    /// The server has signed what is in front of a page.
    func takeReceipt(_ answer: ReceiptAnswer) throws -> [ClientSession.Event] {
        guard
            let index = returns[answer.doc]?.current?.pages
                .lastIndex(where: { $0.signature == nil })
        else { return [.nothingMore] }
        returns[answer.doc]?.update { $0.pages[index].signature = answer.signature }
        return try [nextReturn(answer.doc)].compactMap { $0 } + [.nothingMore]
    }

    /// A page is on the server's disk, but for what it left out.
    func given(
        _ document: DocumentID, _ leftOut: [LeftOut]
    ) throws -> [ClientSession.Event] {
        // A server that answers what was not given says nothing.
        guard let current = returns[document]?.current, let log = current.logs.first,
            current.pages.indices.contains(current.given)
        else { return [.nothingMore] }
        let vector = vectors[document] ?? VersionVector()
        let rows = current.pages[current.given].rows
        let left = Set(leftOut.map(\.change))
        report.returned += rows.count { $0.isBeyond(vector) && !left.contains($0.id) }
        returned[document, default: []].formUnion(rows.map(\.id).filter { !left.contains($0) })
        hasMovedOn = true
        if !leftOut.isEmpty {
            let (refused, stranded) = try library.store.read { reader in
                let refused = try reader.unreturnable(leftOut, of: log, rows)
                let stranded = try refused.filter {
                    try reader.isStranded($0.row, $0.code, in: log)
                }
                return (refused, stranded)
            }
            let others = Set(refused.map(\.row.id)).subtracting(stranded.map(\.row.id))
            try refuse(refused.filter { others.contains($0.row.id) }, of: log)
            returns[document]?.update { returning in
                returning.stranded += stranded
                if refused.count < left.count { returning.waits = true }
            }
        }
        if current.given + 1 < current.pages.count {
            return try [nextReturn(document)].compactMap { $0 } + [.nothingMore]
        }
        try finish(log)
        return try returnNextLog(document) + [.nothingMore]
    }

    /// The server does not take it: what this device made goes by the outbox. The rest is kept with
    /// the reason, or waits for the next connection.
    func refuseGiven(
        _ document: DocumentID, _ failure: Failure
    ) throws -> [ClientSession.Event] {
        guard let current = returns[document]?.current, let log = current.logs.first else {
            return [.nothingMore]
        }
        if failure.code == .gone { return try keepPurged(article(of: document)) }
        let vector = vectors[document] ?? VersionVector()
        // Who may not read it now may do so later.
        let isHidden = failure.code == .notFound || failure.code == .forbidden
        if failure.retry == .never, !isHidden {
            let left = current.pages[max(0, current.given)...].flatMap(\.rows)
                .filter { $0.isBeyond(vector) }
            try refuse(left, of: log, failure.code, failure.message)
            try finish(log)
            return try returnNextLog(document) + [.nothingMore]
        }
        // What it depends on has no receipt: it waits for whoever made that.
        if failure.code != .missingDependency { postpone(failure.message) }
        if isHidden {
            returns[document] = .postponed
        } else if failure.isPassing, failure.code != .missingDependency {
            // Once something has made way it could not be given any more.
            if makingWay[document] == .paused { return deferReturn(of: document, current) }
            returns[document] = .postponed
        }
        report.returned += try library.store.write { writer in
            try writer.giveBack(document, beyond: vector, promised: [])
        }
        return try endReturning(document) + [.nothingMore]
    }

    /// Nothing more of a document is given back on this connection.
    func endReturning(_ document: DocumentID) throws -> [ClientSession.Event] {
        if case .postponed? = returns[document] {} else { returns[document] = .ended }
        var events: [ClientSession.Event] = []
        if makingWay[document] == .paused {
            events = try followPaused()
        } else if arrived.contains(document) {
            try settleLosses(of: document)
            try retarget(document)
            caughtUp.insert(document)
            makingWay[document] = nil
        }
        let sets = document.kind == .article ? try self.sets(of: document) : []
        return try events + sets.flatMap { try returnLost($0) } + outboxEvents()
    }

    /// Makes what waits in a set again where the text that it stands on did not come back under its name.
    private func retarget(_ set: DocumentID) throws {
        guard set.kind != .article,
            try library.store.read({ try !$0.unacknowledged(in: set).isEmpty })
        else { return }
        let counts = try library.store.write { writer in
            try writer.retarget(set, environment: library.environment)
        }
        report.refused += counts.refused
        report.unreturned += counts.leftOut
    }

    /// Counts what the server has lost of others and nobody gives back, or leaves it out here, as was
    /// asked. Nothing of the article is on its way then, or what was pushed would be made again.
    private func settleLosses(of document: DocumentID) throws {
        let vector = vectors[document] ?? VersionVector()
        let returned = returned[document] ?? []
        let (lost, article) = try library.store.read { reader in
            (
                try reader.lost(of: document, beyond: vector)
                    .filter { !returned.contains(OpID(agent: $0.agent, seq: $0.seq)) },
                try reader.article(of: document)
            )
        }
        lostChanges[document] = nil
        if lost.isEmpty { return }
        if lostWork == .leaveOut, try isQuiet(article) {
            let counts = try library.store.write { writer in
                try writer.leaveOut(lost, of: document, environment: library.environment)
            }
            report.unreturned += counts.leftOut
            report.refused += counts.refused
            hasMovedOn = true
            releaseDependents()
            if counts.leftOut > 0 { return }
        }
        lostChanges[document] = lost.map { OpID(agent: $0.agent, seq: $0.seq) }
        let authors = Set(lost.compactMap(\.user))
        onEvent(.lost(article: article, count: lost.count, authors: authors.sorted()))
    }
}
