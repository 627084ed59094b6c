import Glibc
import UnixSignals

/// Ends the process at the second SIGTERM or SIGINT, however far the shutdown has come. Everything
/// acknowledged is on disk then as at any other moment.
enum SecondSignal {
    /// Watches for signals until cancelled.
    static func watch() async {
        var count = 0
        for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) {
            count += 1
            if count == 2 { _exit(1) }
        }
    }
}
