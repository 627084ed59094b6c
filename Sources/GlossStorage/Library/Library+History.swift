extension LibraryReader {
    private static let entryColumns =
        "history.id, history.command, history.time, history.state, history.undoes FROM history"

    /// The newest entries, at most `limit`, the newest first.
    public func history(limit: Int = .max) throws(StoreError) -> [HistoryEntry] {
        try connection.all(
            "SELECT \(Self.entryColumns) ORDER BY id DESC LIMIT ?", [max(0, limit)],
            HistoryEntry.init(row:))
    }

    /// The entry of that number, or `nil`.
    public func historyEntry(_ id: Int64) throws(StoreError) -> HistoryEntry? {
        try connection.first(
            "SELECT \(Self.entryColumns) WHERE id = ?", [id], HistoryEntry.init(row:))
    }

    /// The newest ordinary entry that stands: what `undo` takes back. `nil` if there is none.
    public func lastUndoable() throws(StoreError) -> HistoryEntry? {
        try connection.first(
            """
            SELECT \(Self.entryColumns) WHERE state = 'done' AND undoes IS NULL
            ORDER BY id DESC LIMIT 1
            """, [], HistoryEntry.init(row:))
    }

    /// The newest undoing of an ordinary entry that stands: what `redo` takes back. `nil` if there
    /// is none, or if an ordinary entry came after it.
    public func lastRedoable() throws(StoreError) -> HistoryEntry? {
        try connection.first(
            """
            SELECT \(Self.entryColumns) JOIN history AS target ON target.id = history.undoes
            WHERE history.state = 'done' AND target.undoes IS NULL
                AND history.id > (SELECT ifnull(max(id), 0) FROM history WHERE undoes IS NULL)
            ORDER BY history.id DESC LIMIT 1
            """, [], HistoryEntry.init(row:))
    }
}

extension LibraryReader {
    /// The newest undoing of an entry that stands: what took it back. `nil` if nothing did.
    public func undoing(of entry: Int64) throws(StoreError) -> HistoryEntry? {
        try connection.first(
            """
            SELECT \(Self.entryColumns) WHERE state = 'done' AND undoes = ?
            ORDER BY id DESC LIMIT 1
            """, [entry], HistoryEntry.init(row:))
    }

    /// The entries behind one, the oldest first.
    public func historyEntries(after entry: Int64) throws(StoreError) -> [HistoryEntry] {
        try connection.all(
            "SELECT \(Self.entryColumns) WHERE id > ? ORDER BY id", [entry],
            HistoryEntry.init(row:))
    }
}

extension LibraryWriter {
    /// Adds an entry that stands, and says its number; changes name it when they are appended.
    ///
    /// The entry that it undoes is undone from now on, and what that one had undone stands again.
    /// `notFound` if there is no such entry, `invalid` if it is undone already.
    @discardableResult
    public func addHistoryEntry(
        command: String, time: Int, undoes: Int64? = nil
    ) throws(StoreError) -> Int64 {
        if let undoes {
            guard let target = try historyEntry(undoes) else {
                throw StoreError(.notFound, "The history has no entry \(undoes).")
            }
            guard target.state == .done else {
                throw StoreError(.invalid, "Entry \(undoes) of the history is undone already.")
            }
            try setState(.undone, of: undoes)
            if let again = target.undoes { try setState(.done, of: again) }
        }
        try connection.run(
            "INSERT INTO history (command, time, state, undoes) VALUES (?, ?, 'done', ?)",
            [command, time, undoes])
        return connection.insertedRowID
    }

    /// Makes one entry of several that stand: the last, under another command line, with the
    /// changes of all. `notFound` if one of them is not there or does not stand.
    public func joinHistory(_ entries: [Int64], command: String) throws(StoreError) {
        // The last one, so that what was undone between them stays out of reach of a redo.
        guard let last = entries.max() else { return }
        for entry in entries {
            guard let known = try historyEntry(entry), known.state == .done, known.undoes == nil
            else { throw StoreError(.notFound, "Entry \(entry) of the history does not stand.") }
        }
        for entry in entries where entry != last {
            try connection.run("UPDATE changes SET entry = ? WHERE entry = ?", [last, entry])
            try connection.run("DELETE FROM history WHERE id = ?", [entry])
        }
        try connection.run("UPDATE history SET command = ? WHERE id = ?", [command, last])
    }

    private func setState(_ state: HistoryState, of entry: Int64) throws(StoreError) {
        try connection.run(
            "UPDATE history SET state = ? WHERE id = ?", [state.rawValue, entry])
    }
}

extension HistoryEntry {
    init(row: inout Columns) throws(StoreError) {
        self.init(
            id: try row.int64(), command: try row.text(), time: try row.int(),
            state: try row.named(), undoes: try row.optionalInt64())
    }
}
