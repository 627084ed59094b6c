/// Whether what a command did still stands.
public enum HistoryState: String, Hashable, Sendable, CaseIterable {
    /// It stands.
    case done
    /// A later command took it back.
    case undone
}

/// One command that changed documents.
public struct HistoryEntry: Hashable, Sendable {
    /// Its number, ascending with time.
    public var id: Int64
    /// What to show to people.
    public var command: String
    /// When it ran, in milliseconds since 1970.
    public var time: Int
    /// Whether what it did still stands.
    public var state: HistoryState
    /// The entry it took back; `nil` for an ordinary command.
    public var undoes: Int64?

    /// A record of the given values.
    public init(
        id: Int64, command: String, time: Int, state: HistoryState, undoes: Int64? = nil
    ) {
        self.id = id
        self.command = command
        self.time = time
        self.state = state
        self.undoes = undoes
    }
}
