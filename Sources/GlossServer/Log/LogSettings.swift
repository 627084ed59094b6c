import Logging
import Synchronization

/// How lines of the log look.
public enum LogFormat: String, Sendable, CaseIterable {
    /// For people: time, level, message, then `name=value`.
    case text
    /// One JSON object a line.
    case json
}

/// From which weight on lines get into the log.
public enum LogLevel: String, Sendable, CaseIterable {
    /// Everything.
    case debug
    /// A line for each connection too.
    case info
    /// What an administrator did, too.
    case notice
    /// What may need attention, too.
    case warning
    /// Only what went wrong.
    case error

    var level: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        }
    }
}

/// What all loggers of a server write by; may change while it runs.
final class LogSettings: Sendable {
    private let current: Mutex<(format: LogFormat, level: Logger.Level)>

    init(_ configuration: ServerConfiguration) {
        current = Mutex((configuration.logFormat, configuration.logLevel.level))
    }

    var format: LogFormat { current.withLock { $0.format } }
    var level: Logger.Level { current.withLock { $0.level } }

    func use(_ configuration: ServerConfiguration) {
        current.withLock { $0 = (configuration.logFormat, configuration.logLevel.level) }
    }
}
