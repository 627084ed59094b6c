import GlossCore
import GlossProtocol
import GlossStorage

/// What an undo or redo did.
public struct HistoryStep: Sendable {
    /// The command it was about, as it stands in the history.
    public let command: String
    /// When that ran, in milliseconds since 1970.
    public let time: Int
    /// How many changes it had made, without what the server refused.
    public let changes: Int
    /// How many of these the server has, or may have: others see the opposite after the next sync.
    public let sent: Int
    /// How many of its changes nothing was left of to take back.
    public let spent: Int
    /// The short names of the articles it was about.
    public let articles: [String]
    /// The others who have written in these articles or their notes, ascending.
    public let others: [String]
}

/// A command that was run on this device.
public struct PastCommand: Hashable, Sendable {
    /// Its number, ascending.
    public let number: Int
    /// The command line, without global options.
    public let command: String
    /// When it ran, in milliseconds since 1970.
    public let time: Int
    /// Whether it is taken back.
    public let isUndone: Bool
}

extension Library {
    /// The newest commands of this device, the newest first.
    public func history(limit: Int = 50) throws -> [PastCommand] {
        try read { reader in
            try reader.history(limit: limit).map {
                PastCommand(
                    number: Int($0.id), command: $0.command, time: $0.time,
                    isUndone: $0.state == .undone)
            }
        }
    }

    /// Takes the last command back that stands, whole.
    ///
    /// - Returns: `nil` if there is none.
    public func undo() throws -> HistoryStep? {
        guard let entry = try read({ try $0.lastUndoable() }) else { return nil }
        return try reverse(entry.id, command: "undo \(entry.command)") { try $0.lastUndoable() }
    }

    /// Brings the last undone command back, if no other came after it.
    ///
    /// - Returns: `nil` if there is none.
    public func redo() throws -> HistoryStep? {
        guard let undoing = try read({ try $0.lastRedoable() }) else { return nil }
        let name = undoing.command.hasPrefix("undo ") ? String(undoing.command.dropFirst(5)) : ""
        return try reverse(undoing.id, command: "redo \(name)") { try $0.lastRedoable() }
    }

    private func reverse(
        _ entry: Int64, command: String, expected: (LibraryReader) throws -> HistoryEntry?
    ) throws -> HistoryStep {
        try perform(command) { workspace in
            guard let target = try expected(workspace.writer), target.id == entry else {
                throw ClientError(
                    .stale, "Another gloss command ran meanwhile.", tries: ["gloss history"])
            }
            let stored = try workspace.writer.changes(ofEntry: entry).filter {
                if case .refused = $0.state { false } else { true }
            }
            let documents = Set(stored.map(\.document)).sorted()
            let names = try articleNames(of: documents, workspace.writer)
            workspace.undo(entry)
            var spent = 0
            for document in documents {
                let changes = try stored.filter { $0.document == document }
                    .map { try ChangeCodec.decode($0.bytes) }
                let steps = try StepChanges(workspace.writer, document: document)
                let ops = try workspace.replica(document)
                    .inverse(of: changes, isStep: steps.contains)
                if ops.isEmpty { spent += changes.count }
                try workspace.commit(ops, to: document)
            }
            try workspace.requireEntry()
            let original = try target.undoes.flatMap { try workspace.writer.historyEntry($0) }
            return HistoryStep(
                command: original?.command ?? target.command,
                time: original?.time ?? target.time, changes: stored.count,
                sent: stored.count { $0.state != .unsent }, spent: spent, articles: names,
                others: try others(in: documents, workspace))
        }
    }

    private func articleNames(
        of documents: [DocumentID], _ reader: LibraryReader
    ) throws -> [String] {
        try Set(documents.map(\.article)).sorted()
            .compactMap { try reader.article($0)?.name }.filter { !$0.isEmpty }
    }

    private func others(in documents: [DocumentID], _ workspace: Workspace) throws -> [String] {
        var others: Set<String> = []
        for article in Set(documents.map(\.article)) {
            for document in [article, article.annotations] {
                for stored in try workspace.writer.changes(of: document) {
                    if let user = stored.user { others.insert(user) }
                }
            }
        }
        others.remove(workspace.profile.user)
        return others.sorted()
    }

    /// Makes one entry of the history of several commands that belong together, the oldest first.
    public func joinHistory(_ numbers: [Int], command: String) throws {
        do {
            try store.write { try $0.joinHistory(numbers.map { Int64($0) }, command: command) }
        } catch let error as StoreError {
            throw ClientError(error)
        }
    }
}

/// The changes of one document that undoing and redoing made on this device.
private struct StepChanges {
    private var seqs: [AgentID: [Range<Int>]] = [:]

    init(_ reader: LibraryReader, document: DocumentID) throws(StoreError) {
        let steps = Set(try reader.history().filter { $0.undoes != nil }.map(\.id))
        for stored in try reader.changes(of: document) {
            guard let entry = stored.entry, steps.contains(entry) else { continue }
            seqs[stored.agent, default: []].append(stored.seq..<stored.seq + stored.count)
        }
    }

    func contains(_ id: OpID) -> Bool {
        seqs[id.agent]?.contains { $0.contains(id.seq) } ?? false
    }
}
