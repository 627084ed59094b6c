public import GlossCore

extension MemoryStore {
    /// The ``Store`` requirement.
    public func createArticle(
        _ id: DocumentID, in library: LibraryID, now: Int
    ) throws(StoreError) -> (article: DocumentRecord, annotations: DocumentRecord) {
        try checkOpen()
        guard id.kind == .article else {
            throw StoreError(.invalid, "\(id) is not the id of an article.")
        }
        guard libraryRecords[library] != nil else { throw AccountRules.unknown(library) }
        if purged[id] != nil { throw LogRules.gone(id) }
        if let log = logs[id], log.library != library {
            throw StoreError(.exists, "Document \(id) is in another library.")
        }
        for document in [id, id.annotations] where logs[document] == nil {
            logs[document] = MemoryLog(library: library, createdAt: now, article: id)
        }
        guard let article = try document(id), let annotations = try document(id.annotations)
        else { preconditionFailure("made above") }
        return (article, annotations)
    }

    /// The ``Store`` requirement.
    public func document(_ id: DocumentID) throws(StoreError) -> DocumentRecord? {
        try checkOpen()
        guard let log = logs[id] else { return nil }
        return DocumentRecord(
            id: id, library: log.library, head: log.rows.count, sum: log.rows.last?.sum ?? 0,
            byteCount: log.byteCount, chain: log.chain, createdAt: log.createdAt,
            article: log.article, owner: log.owner)
    }

    /// The ``Store`` requirement.
    public func setChain(
        _ chain: [UInt8], of document: DocumentID, at head: Int
    ) throws(StoreError) {
        try checkOpen()
        try LogRules.check(length: chain)
        guard logs[document]?.rows.count == head else { return }
        logs[document]?.chain = chain
    }

    /// The ``Store`` requirement.
    public func header(
        of document: DocumentID, at position: Int
    ) throws(StoreError) -> DocumentHeader? {
        guard let record = try self.document(document) else { return nil }
        return DocumentHeader(
            record: record, agents: try agents(of: document),
            sum: try sum(of: document, at: position))
    }

    /// The ``Store`` requirement.
    public func documents(
        in library: LibraryID, after: DocumentID?, limit: Int
    ) throws(StoreError) -> [DocumentRecord] {
        try documents(in: library, after: after, limit: limit) { _ in true }
    }

    /// The ``Store`` requirement.
    public func documents(
        in library: LibraryID, readableBy user: String, after: DocumentID?, limit: Int
    ) throws(StoreError) -> [DocumentRecord] {
        try documents(in: library, after: after, limit: limit) { log in
            if let owner = log.owner, owner != user { return false }
            let key = DocumentRoleKey(article: log.article, user: user)
            return documentRoles[key].map { $0.role != nil } ?? true
        }
    }

    private func documents(
        in library: LibraryID, after: DocumentID?, limit: Int,
        where isWanted: (MemoryLog) -> Bool
    ) throws(StoreError) -> [DocumentRecord] {
        try checkOpen()
        let ids = logs.filter { $0.value.library == library && isWanted($0.value) }.map(\.key)
            .sorted()
        var found: [DocumentRecord] = []
        for id in ids where after.map({ $0 < id }) ?? true {
            guard found.count < limit, let record = try document(id) else { break }
            found.append(record)
        }
        return found
    }

    /// The ``Store`` requirement.
    public func rows(
        of document: DocumentID, after position: Int, maxBytes: Int, maxRows: Int
    ) throws(StoreError) -> [LogRow] {
        try checkOpen()
        guard let log = logs[document] else { return [] }
        var page = LogPage(after: max(0, position), maxBytes: maxBytes, maxRows: maxRows)
        let unpacked = try unpacked(log, document, from: page.last)
        for row in log.rows.dropFirst(page.last) {
            guard !page.isFull, page.append(try Self.whole(row, unpacked)) else { break }
        }
        return page.rows
    }

    /// The ``Store`` requirement.
    public func row(of document: DocumentID, holding id: OpID) throws(StoreError) -> LogRow? {
        try checkOpen()
        let row = logs[document]?.rows.first {
            $0.agent == id.agent && ($0.seq..<$0.seq + $0.count).contains(id.seq)
        }
        guard let row, let log = logs[document] else { return nil }
        return try Self.whole(row, unpacked(log, document, from: row.position - 1))
    }

    /// What is in the block of a log, if a row behind a position is.
    private func unpacked(
        _ log: MemoryLog, _ document: DocumentID, from position: Int
    ) throws(StoreError) -> (any PackedChanges)? {
        guard let block = log.block, position < block.head else { return nil }
        return try packing.unpack(block.changes, of: document)
    }

    /// A row with its bytes.
    private static func whole(
        _ row: LogRow, _ unpacked: (any PackedChanges)?
    ) throws(StoreError) -> LogRow {
        guard let unpacked, row.position <= unpacked.count else { return row }
        var row = row
        row.bytes = try unpacked.bytes(at: row.position - 1)
        return row
    }

    /// The ``Store`` requirement.
    public func agents(of document: DocumentID) throws(StoreError) -> [AgentRecord] {
        try checkOpen()
        return (logs[document]?.agents ?? [:]).values.sorted { $0.agent < $1.agent }
    }

    /// The ``Store`` requirement.
    public func marks(
        of document: DocumentID, at positions: [Int]
    ) throws(StoreError) -> [LogMark] {
        try checkOpen()
        let rows = logs[document]?.rows ?? []
        return positions.filter { (1...max(1, rows.count)).contains($0) && $0 <= rows.count }
            .map { rows[$0 - 1] }
            .map {
                LogMark(
                    position: $0.position, hash: $0.hash, sum: $0.sum, receivedAt: $0.receivedAt)
            }
    }

    /// The ``Store`` requirement.
    public func sum(of document: DocumentID, at position: Int) throws(StoreError) -> UInt64? {
        try checkOpen()
        guard let rows = logs[document]?.rows, (0...rows.count).contains(position) else {
            return nil
        }
        return position == 0 ? 0 : rows[position - 1].sum
    }

    /// The ``Store`` requirement.
    public func commit(_ appends: [Append]) throws(StoreError) -> [Appended] {
        try checkOpen()
        for append in appends {
            for row in append.rows { try LogRules.check(row) }
            try LogRules.check(length: append.chain)
        }
        var changed: [DocumentID: MemoryLog] = [:]
        var results: [Appended] = []
        for append in appends {
            guard var log = changed[append.document] ?? logs[append.document] else {
                throw purged[append.document] == nil
                    ? LogRules.unknown(append.document) : LogRules.gone(append.document)
            }
            try LogRules.check(append, against: log.rows.count)
            var result = Appended(
                document: append.document, firstPosition: log.rows.count + 1, sums: [])
            for row in append.rows {
                try log.append(row, in: append.document)
                result.sums.append(log.rows.last?.sum ?? 0)
            }
            if !append.rows.isEmpty { log.chain = append.chain }
            changed[append.document] = log
            results.append(result)
        }
        logs.merge(changed) { $1 }
        return results
    }
}

extension MemoryLog {
    mutating func append(_ row: NewRow, in document: DocumentID) throws(StoreError) {
        try LogRules.check(row, in: document, continuing: agents[row.agent])
        agents[row.agent] = AgentRecord(
            document: document, agent: row.agent, user: row.user, device: row.device,
            nextSeq: row.seq + row.count)
        byteCount += row.bytes.count
        rows.append(
            LogRow(
                position: rows.count + 1, agent: row.agent, seq: row.seq, count: row.count,
                bytes: row.bytes, hash: row.hash,
                sum: LogRules.sum(after: rows.last?.sum ?? 0, hash: row.hash), user: row.user,
                device: row.device, deviceLabel: row.deviceLabel, receivedAt: row.receivedAt))
    }
}
