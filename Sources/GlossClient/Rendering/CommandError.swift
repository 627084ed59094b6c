/// How a command ended, for scripts. A number that is not here must be taken for a failure.
public enum ExitStatus: Int32, Hashable, Sendable, CaseIterable {
    /// Done; also if there was nothing to do.
    case done = 0
    /// It failed, for a reason that has no number.
    case failed = 1
    /// Questions are open; only from `ready`, and where `--exit-code` asks for it.
    case questionsOpen = 3
    /// No match, or several: of a quote, an id, a name.
    case noMatch = 4
    /// It has changed since it was looked at; nothing was written.
    case stale = 5
    /// The server cannot be reached. What is here is safe.
    case unreachable = 6
    /// Not signed in, or not allowed.
    case notAllowed = 7
    /// The server refused, or versions do not fit.
    case refused = 8
    /// The library on this machine is damaged or in use.
    case library = 9
    /// The command line is not right.
    case usage = 64
    /// A fault in the program.
    case fault = 70
    /// The configuration is not right.
    case configuration = 78
    /// Interrupted.
    case interrupted = 130
    /// The reader of the output has gone.
    case brokenPipe = 141
}

/// Why a command did not do what it was asked for, and what would.
public struct CommandError: Error, Hashable, Sendable {
    /// The status to exit with.
    public var status: ExitStatus
    /// What went wrong in a word, for scripts: `ambiguous`, `unreachable`.
    public var name: String
    /// What went wrong, in a sentence without a full stop.
    public var message: String
    /// Lines that help to choose, shown under the message.
    public var details: [String]
    /// Commands that would work, or what else to do about it.
    public var tries: [String]

    /// An error.
    public init(
        _ status: ExitStatus, _ name: String, _ message: String, details: [String] = [],
        tries: [String] = []
    ) {
        self.status = status
        self.name = name
        self.message = message
        self.details = details
        self.tries = tries
    }

    /// The error in lines for people: `error: …`, details, and one `try:  …` for each way out.
    public func lines() -> [StyledText] {
        var first = StyledText("error: ", .alarm)
        first.append(SafeText.lines(message))
        var lines = [first]
        for detail in details { lines.append(StyledText("  " + SafeText.lines(detail))) }
        for command in tries {
            var line = StyledText("try:  ", .bold)
            line.append(SafeText.lines(command))
            lines.append(line)
        }
        return lines
    }

    /// The error as one JSON object, its line ended.
    public func json() -> String {
        JSONOutput.line(
            "error",
            [
                OutputMember("code", .integer(Int(status.rawValue))),
                OutputMember("name", .string(name)), OutputMember("message", .string(message)),
                OutputMember("details", .strings(details)), OutputMember("try", .strings(tries)),
            ])
    }
}
