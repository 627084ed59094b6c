/// One thing that can be set. The table ``all`` is the only place that knows the keys: reading,
/// checking, showing and the help derive from it.
public struct ConfigurationKey: Sendable {
    /// When a changed value is used.
    public enum Effect: String, Sendable {
        /// Once the configuration is read again.
        case reload
        /// Not before the next start.
        case restart
    }

    /// The name in files; the environment has it in capitals behind `GLOSSD_`.
    public let name: String
    /// What a value looks like, for people.
    public let form: String
    /// What it sets.
    public let summary: String
    /// When a changed value is used.
    public let effect: Effect
    /// The value as a file would have it; `nil` if nothing is set.
    let read: @Sendable (ServerConfiguration) -> String?
    /// Takes a value in, or with `nil` clears it; false if it is none, or has to be set.
    let write: @Sendable (inout ServerConfiguration, String?) -> Bool

    /// The environment's name for it.
    public var variable: String { "GLOSSD_\(name.uppercased())" }

    /// The key of that name, if there is one.
    public static func named(_ name: String) -> ConfigurationKey? {
        all.first { $0.name == name }
    }

    /// All names, for people.
    static var names: String { all.map(\.name).joined(separator: ", ") }

    /// A table for the help: each key with what it sets, and below that the form of its values.
    public static var help: String {
        let width = (all.map(\.name.count).max() ?? 0) + 4
        let margin = String(repeating: " ", count: width)
        return all.map { key in
            let effect = key.effect == .reload ? "; can be reloaded" : ""
            let name = "  \(key.name)\(margin.dropFirst(key.name.count + 2))"
            return "\(name)\(key.summary)\n\(margin)(\(key.form)\(effect))"
        }.joined(separator: "\n")
    }

    /// Every key there is, in the order people are shown them.
    public static let all: [ConfigurationKey] = [
        ConfigurationKey(
            name: "data", form: "a directory", summary: "where everything is kept",
            effect: .restart,
            read: { $0.dataDirectory },
            write: { set(\.dataDirectory, of: &$0, to: $1) }),
        ConfigurationKey(
            name: "listen", form: addressForm, summary: "where to listen", effect: .restart,
            read: { $0.listen.description },
            write: { set(\.listen, of: &$0, to: $1.flatMap { ListenAddress($0) }) }),
        ConfigurationKey(
            name: "public", form: addressForm, summary: "what invitations call this server",
            effect: .reload,
            read: { $0.publicAddress?.description },
            write: { setAddress(\.publicAddress, of: &$0, to: $1) }),
        text("certificate", "a PEM file", "shown instead of a key of our own", \.certificate),
        text("key", "a PEM file", "its key, if not in the same file", \.key),
        ConfigurationKey(
            name: "http", form: "host:port, this machine's", summary: "where metrics are read",
            effect: .restart,
            read: { $0.http?.description },
            write: { configuration, text in
                configuration.http = text.flatMap { ListenAddress($0, defaultPort: 9464) }
                return (configuration.http == nil) == (text == nil)
            }),
        ConfigurationKey(
            name: "http_public", form: "true or false",
            summary: "whether others than this machine may read them", effect: .restart,
            read: { "\($0.isHTTPPublic)" },
            write: { set(\.isHTTPPublic, of: &$0, to: $1.flatMap { Bool($0) }) }),
        ConfigurationKey(
            name: "log_format", form: choices(LogFormat.self), summary: "how log lines look",
            effect: .reload,
            read: { $0.logFormat.rawValue },
            write: { set(\.logFormat, of: &$0, to: $1.flatMap { LogFormat(rawValue: $0) }) }),
        ConfigurationKey(
            name: "log_level", form: choices(LogLevel.self),
            summary: "the lightest lines in the log", effect: .reload,
            read: { $0.logLevel.rawValue },
            write: { set(\.logLevel, of: &$0, to: $1.flatMap { LogLevel(rawValue: $0) }) }),
        number("connections", "connections open at once", \.connections, 1...100_000),
        number(
            "documents_in_memory", "documents kept in memory", \.documentsInMemory, 64...1_000_000),
        number(
            "commit_milliseconds", "how long a push may wait for company on disk",
            \.commitMilliseconds, 0...1_000),
        number(
            "heartbeat_seconds", "silence after which a client is asked for a sign of life",
            \.heartbeatSeconds, 1...86_400, .reload),
        number(
            "drain_seconds", "time that connections have to end when the server stops",
            \.drainSeconds, 0...600, .reload),
    ]

    private static let addressForm = "host:port, or :port for everybody"

    private static func choices<Choice: CaseIterable & RawRepresentable<String>>(
        _ type: Choice.Type
    ) -> String {
        Choice.allCases.map(\.rawValue).joined(separator: ", ")
    }

    private static func number(
        _ name: String, _ summary: String,
        _ path: any WritableKeyPath<ServerConfiguration, Int> & Sendable, _ range: ClosedRange<Int>,
        _ effect: Effect = .restart
    ) -> ConfigurationKey {
        ConfigurationKey(
            name: name, form: "a number from \(range.lowerBound) to \(range.upperBound)",
            summary: summary, effect: effect, read: { "\($0[keyPath: path])" },
            write: { configuration, text in
                let number = text.flatMap { Int($0) }.flatMap { range.contains($0) ? $0 : nil }
                return set(path, of: &configuration, to: number)
            })
    }

    /// A path that need not be set, and can be reloaded.
    private static func text(
        _ name: String, _ form: String, _ summary: String,
        _ path: any WritableKeyPath<ServerConfiguration, String?> & Sendable
    ) -> ConfigurationKey {
        ConfigurationKey(
            name: name, form: form, summary: summary, effect: .reload,
            read: { $0[keyPath: path] },
            write: { configuration, text in
                configuration[keyPath: path] = text
                return text != ""
            })
    }

    private static func setAddress(
        _ path: WritableKeyPath<ServerConfiguration, ListenAddress?>,
        of configuration: inout ServerConfiguration, to text: String?
    ) -> Bool {
        let address = text.flatMap { ListenAddress($0) }
        configuration[keyPath: path] = address
        return (address == nil) == (text == nil)
    }

    private static func set<Value>(
        _ path: WritableKeyPath<ServerConfiguration, Value>,
        of configuration: inout ServerConfiguration, to value: Value?
    ) -> Bool {
        guard let value else { return false }
        configuration[keyPath: path] = value
        return true
    }
}
