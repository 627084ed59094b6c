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
    /// Whether it was about notes that this user keeps to themselves, and nothing else.
    public let isPrivate: Bool
    /// What of it stays as it is because of later work, in words.
    public let leftAlone: [String]
    /// Where the opposite makes texts differ; nothing if none was written.
    public let text: [TextDifference]
    /// Whether the command was brought back, not taken back.
    public let isRedo: Bool
    /// Whether its changes, which no server can have, were removed: no server ever gets them.
    public let isRecalled: Bool
}

/// What became of undoing or redoing a command that was named.
public enum HistoryOutcome: Sendable {
    /// It was done.
    case done(HistoryStep)
    /// The command was taken back, or stood, already.
    case already(PastCommand)
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
        try read { try $0.history(limit: limit).map(PastCommand.init) }
    }

    /// Takes the last command back that stands, whole.
    ///
    /// - Returns: `nil` if there is none.
    public func undo() throws -> HistoryStep? {
        guard let entry = try read({ try $0.lastUndoable() }) else { return nil }
        return try reverse(entry) { try $0.lastUndoable() }
    }

    /// Brings the last undone command back, if no other came after it.
    ///
    /// - Returns: `nil` if there is none.
    public func redo() throws -> HistoryStep? {
        guard let undoing = try read({ try $0.lastRedoable() }) else { return nil }
        return try reverse(undoing) { try $0.lastRedoable() }
    }

    /// Takes the command of a number back, whatever came after it.
    ///
    /// - Throws: ``ClientError`` `noMatch` if the history has no such command.
    public func undo(_ number: Int) throws -> HistoryOutcome {
        try bring(number, toStand: false)
    }

    /// Brings the command of a number back that was undone, whatever came after it.
    ///
    /// - Throws: ``ClientError`` `noMatch` if the history has no such command.
    public func redo(_ number: Int) throws -> HistoryOutcome {
        try bring(number, toStand: true)
    }

    private func bring(_ number: Int, toStand isWanted: Bool) throws -> HistoryOutcome {
        let (named, target) = try read { reader in
            (try reader.command(number), try reader.reversal(bringing: number, toStand: isWanted))
        }
        guard let target else { return .already(PastCommand(named)) }
        return .done(
            try reverse(target) { try $0.reversal(bringing: number, toStand: isWanted) })
    }

    /// Writes the opposite of what an entry did.
    ///
    /// - Parameter expected: finds the entry again in the transaction that does it.
    private func reverse(
        _ entry: HistoryEntry, expected: (LibraryReader) throws -> HistoryEntry?
    ) throws -> HistoryStep {
        let original = try read { try $0.original(of: entry) }
        let word = entry.undoes == nil ? "undo" : "redo"
        return try perform("\(word) \(original.command)") { workspace in
            guard let target = try expected(workspace.writer), target.id == entry.id else {
                throw ClientError(
                    .stale, "Another gloss command ran meanwhile.", tries: ["gloss history"])
            }
            workspace.undo(target.id)
            return try workspace.reverse(target, of: PastCommand(original))
        }
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

extension PastCommand {
    init(_ entry: HistoryEntry) {
        self.init(
            number: Int(entry.id), command: entry.command, time: entry.time,
            isUndone: entry.state == .undone)
    }
}

extension LibraryReader {
    /// The entry of a number; `noMatch` if there is none.
    func command(_ number: Int) throws -> HistoryEntry {
        guard let entry = try historyEntry(Int64(number)) else {
            throw ClientError(
                .noMatch, "The history has no command \(number).", tries: ["gloss history"])
        }
        return entry
    }

    /// The ordinary command that an entry undoes or redoes, or is.
    func original(of entry: HistoryEntry) throws -> HistoryEntry {
        var original = entry
        while let earlier = original.undoes { original = try command(Int(earlier)) }
        return original
    }

    /// The entry whose opposite makes a command stand, or not; `nil` if that is so already.
    func reversal(bringing number: Int, toStand isWanted: Bool) throws -> HistoryEntry? {
        var entry = try command(number)
        var isWanted = isWanted
        while let earlier = entry.undoes {
            entry = try command(Int(earlier))
            isWanted.toggle()
        }
        guard (entry.state == .done) != isWanted else { return nil }
        return isWanted ? try undoing(of: entry.id) : entry
    }
}
