/// Why a command did not do what it was asked: what happened, to what, and what to try.
public struct ClientError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, by what a caller does about it.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// What was asked contradicts itself.
        case invalid
        /// Nothing matches the name, id or quote.
        case noMatch = "no_match"
        /// Several things match.
        case ambiguous
        /// It changed since the caller looked.
        case stale
        /// The server cannot be reached; local work is safe.
        case unreachable
        /// Not signed in, or the role does not allow it.
        case notAllowed = "not_allowed"
        /// The server refused, or versions do not fit.
        case refused
        /// The library's file is damaged, locked or full.
        case library
        /// There is no library where one was looked for.
        case noLibrary = "no_library"
    }

    /// What went wrong.
    public var code: Code
    /// What happened, to what.
    public var message: String
    /// What to try, each a command or a short advice.
    public var tries: [String]

    /// A word of the command line that means several things, and the words that each mean one.
    public var choice: Choice?

    /// A word with several meanings.
    public struct Choice: Hashable, Sendable {
        /// The word as it was typed.
        public var word: String
        /// What to type instead.
        public var instead: [String]
    }

    /// An error.
    public init(
        _ code: Code, _ message: String, tries: [String] = [], choice: Choice? = nil
    ) {
        self.code = code
        self.message = message
        self.tries = tries
        self.choice = choice
    }

    /// The code and the message.
    public var description: String { "\(code.rawValue): \(message)" }
}
