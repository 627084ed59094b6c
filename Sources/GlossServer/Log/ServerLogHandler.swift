import Logging

/// Writes lines of the log to standard error, each whole.
struct ServerLogHandler: LogHandler {
    private let settings: LogSettings
    private let write: @Sendable (String) -> Void
    /// What this logger alone demands; below the settings' level nothing is written either way.
    private var least = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    init(
        settings: LogSettings,
        write: @escaping @Sendable (String) -> Void = StandardError.write
    ) {
        self.settings = settings
        self.write = write
    }

    var logLevel: Logger.Level {
        get { max(least, settings.level) }
        set { least = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields: [String: String] = [:]
        for (name, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }) {
            fields[name] = "\(value)"
        }
        let time = Timestamp.text(ServerClock.system.wall())
        switch settings.format {
        case .text:
            let details = fields.sorted { $0.key < $1.key }
                .map { " \($0.key)=\(Self.readable($0.value))" }.joined()
            write("\(time) \(event.level) \(event.message)\(details)\n")
        case .json:
            fields["time"] = time
            fields["level"] = event.level.rawValue
            fields["message"] = "\(event.message)"
            write("\(AdminCoding.line(fields))\n")
        }
    }

    /// A value on a line with others: quoted where it would run into them or break the line.
    private static func readable(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }
        return isPlain && !value.isEmpty ? value : AdminCoding.line(value)
    }
}
