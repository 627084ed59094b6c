public import GlossCore

extension LibraryWriter {
    /// Removes some documents with all that is here of them: changes, names, drafts, receipts, and the
    /// history entries that were about nothing else. An entry and what undoes it go together, or stay.
    /// What is not here is no error.
    public func forget(_ documents: [DocumentID]) throws(StoreError) {
        var entries: Set<Int64> = []
        for document in documents {
            for table in ["names", "drafts", "articles"] {
                try connection.run("DELETE FROM \(table) WHERE document = ?", [document.sql])
            }
            guard let number = try existingNumber(of: document) else { continue }
            entries.formUnion(
                try connection.all(
                    """
                    SELECT entry FROM changes WHERE document = ?1 AND entry IS NOT NULL
                    UNION SELECT entry FROM recalled WHERE document = ?1
                    """, [number]
                ) { (row: inout Columns) throws(StoreError) in try row.int64() })
            for table in ["changes", "recalled", "receipts", "former_logs"] {
                try connection.run("DELETE FROM \(table) WHERE document = ?", [number])
            }
            try connection.run("DELETE FROM replicas WHERE number = ?", [number])
        }
        for entry in entries.sorted() { try forgetEntry(entry) }
    }

    /// Removes a history entry with those that it undoes and those that undo it, if no change is left
    /// of any of them. What was dropped of one may have been all of it, with work left of another.
    private func forgetEntry(_ entry: Int64) throws(StoreError) {
        try connection.run(
            """
            WITH RECURSIVE linked (id) AS (
                VALUES (?)
                UNION SELECT history.id FROM history JOIN linked ON undoes = linked.id
                UNION SELECT undoes FROM history JOIN linked USING (id) WHERE undoes IS NOT NULL)
            DELETE FROM history WHERE id IN (SELECT id FROM linked)
                AND NOT EXISTS (SELECT 1 FROM changes WHERE entry IN (SELECT id FROM linked))
                AND NOT EXISTS (SELECT 1 FROM recalled WHERE entry IN (SELECT id FROM linked))
            """, [entry])
    }
}
