import FoundationEssentials
import Glibc
import GlossClient

/// What is at the other end of the standard streams.
struct Terminal {
    var inputIsTerminal: Bool
    var outputIsTerminal: Bool
    var errorIsTerminal: Bool
    /// The columns of a line: `COLUMNS`, else the terminal's, else 80.
    var width: Int
    /// The lines of a screen; 24 if there is none.
    var height: Int
    var environment: [String: String]

    /// Looks at this process's streams.
    static func current() -> Terminal {
        let environment = ProcessInfo.processInfo.environment
        var size = winsize()
        let isKnown =
            [STDOUT_FILENO, STDERR_FILENO].contains {
                ioctl($0, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
            }
        let columns = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        return Terminal(
            inputIsTerminal: isatty(STDIN_FILENO) == 1,
            outputIsTerminal: isatty(STDOUT_FILENO) == 1,
            errorIsTerminal: isatty(STDERR_FILENO) == 1,
            width: max(20, columns ?? (isKnown ? Int(size.ws_col) : 80)),
            height: isKnown && size.ws_row > 0 ? Int(size.ws_row) : 24,
            environment: environment)
    }
}

/// The machine's clock and time zone.
enum LocalClock {
    /// The time now, in milliseconds since 1970.
    static var milliseconds: Int {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int(now.tv_sec) * 1000 + Int(now.tv_nsec) / 1_000_000
    }

    /// Seconds east of UTC at a time in milliseconds since 1970.
    static func utcOffset(at time: Int) -> Int {
        var seconds = time_t(time / 1000)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return 0 }
        return parts.tm_gmtoff
    }
}
