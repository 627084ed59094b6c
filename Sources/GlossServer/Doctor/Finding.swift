/// One thing that was looked at, and what to do about it.
public struct Finding: Codable, Hashable, Sendable {
    /// How bad it is.
    public enum Level: String, Codable, Hashable, Sendable {
        /// As it should be.
        case ok
        /// It works, and something should be done.
        case warning
        /// It does not work, or will not for long.
        case error
        /// It could not be looked at; that is no fault.
        case skipped
    }

    /// `glossd.finding/1`.
    public var schema = "glossd.finding/1"
    /// What was looked at.
    public var name: String
    /// How it is.
    public var level: Level
    /// What was found.
    public var message: String
    /// What to do; `nil` if nothing.
    public var advice: String?

    init(_ name: String, _ level: Level, _ message: String, advice: String? = nil) {
        self.name = name
        self.level = level
        self.message = message
        self.advice = advice
    }

    /// The finding as one line of JSON.
    public var json: String { AdminCoding.line(self) }
}
