import FoundationEssentials
import Logging
import Synchronization
import Testing

@testable import GlossServer

@Suite("Lines of the log")
struct ServerLogHandlerTests {
    private final class Lines: Sendable {
        private let kept = Mutex<[String]>([])
        var all: [String] { kept.withLock { $0 } }
        func add(_ line: String) { kept.withLock { $0.append(line) } }
    }

    private func logger(_ settings: LogSettings, _ lines: Lines) -> Logger {
        Logger(label: "x") { _ in ServerLogHandler(settings: settings, write: lines.add) }
    }

    @Test("Text has one line with what belongs together, whatever the values are")
    func text() throws {
        let lines = Lines()
        let settings = LogSettings(ServerConfiguration(dataDirectory: "/x"))
        logger(settings, lines).info("ended", metadata: ["b": "two words\n\u{1B}[2J", "a": "1"])
        let line = try #require(lines.all.first)
        #expect(line.hasSuffix(" info ended a=1 b=\"two words\\n\\u001b[2J\"\n"), "\(line)")
        #expect(line.count { $0 == "\n" } == 1)
    }

    @Test("Format and level may change while loggers are in use")
    func settings() throws {
        let lines = Lines()
        var configuration = ServerConfiguration(dataDirectory: "/x")
        configuration.logLevel = .warning
        let settings = LogSettings(configuration)
        let logger = logger(settings, lines)
        logger.info("unseen")
        configuration.logLevel = .info
        configuration.logFormat = .json
        settings.use(configuration)
        logger.info("seen", metadata: ["peer": "1.2.3.4:5"])
        #expect(lines.all.count == 1)
        let fields = try JSONDecoder().decode(
            [String: String].self, from: Data(try #require(lines.all.first).utf8))
        #expect(fields["message"] == "seen" && fields["level"] == "info")
        #expect(fields["peer"] == "1.2.3.4:5" && fields["time"]?.hasSuffix("Z") == true)
        var strict = logger
        strict.logLevel = .error
        strict.info("unseen")
        #expect(lines.all.count == 1)
    }
}
