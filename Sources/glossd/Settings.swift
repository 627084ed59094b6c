import ArgumentParser
import Glibc
import GlossServer

/// The options that every command has.
struct CommonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where the server keeps everything.", valueName: "dir"))
    var data: String?

    @Option(help: ArgumentHelp("A configuration file.", valueName: "file"))
    var config: String?

    @Flag(help: "Print JSON.")
    var json = false

    /// Flags before environment, before the file, before defaults.
    func settings() throws(ServerError) -> Settings {
        try Settings(data: data, config: config)
    }
}

/// The server's settings as they come from everywhere but the command line of `serve`.
struct Settings {
    var configuration: ServerConfiguration

    init(data: String?, config: String?) throws(ServerError) {
        let file = try ConfigurationFile.load(config ?? Environment["GLOSSD_CONFIG"])
        func value(_ key: String) -> String? {
            Environment["GLOSSD_\(key.uppercased())"] ?? file[key]
        }
        configuration = ServerConfiguration(
            dataDirectory: data ?? value("data") ?? Self.defaultDirectory)
        if let text = value("listen") { configuration.listen = try address(text) }
        if let text = value("public") { configuration.publicAddress = try address(text) }
        try set(\.connections, "connections", value, in: 1...100_000)
        try set(\.documentsInMemory, "documents_in_memory", value, in: 2...1_000_000)
        try set(\.commitMilliseconds, "commit_milliseconds", value, in: 0...1_000)
        try set(\.drainSeconds, "drain_seconds", value, in: 0...600)
    }

    private mutating func set(
        _ path: WritableKeyPath<ServerConfiguration, Int>, _ key: String,
        _ value: (String) -> String?, in range: ClosedRange<Int>
    ) throws(ServerError) {
        guard let text = value(key) else { return }
        guard let number = Int(text), range.contains(number) else {
            throw ServerError(
                .configuration,
                "\(key) = \(text): from \(range.lowerBound) to \(range.upperBound) it may be.")
        }
        configuration[keyPath: path] = number
    }

    /// `$XDG_DATA_HOME/glossd`, else `~/.local/share/glossd`.
    private static var defaultDirectory: String {
        if let data = Environment["XDG_DATA_HOME"], data.hasPrefix("/") { return "\(data)/glossd" }
        return "\(Environment["HOME"] ?? ".")/.local/share/glossd"
    }
}

/// The address that a setting spells.
func address(_ text: String) throws(ServerError) -> ListenAddress {
    guard let address = ListenAddress(text) else {
        throw ServerError(
            .configuration, "“\(text)” is no address. Write host:port, or :port for everybody.")
    }
    return address
}

/// The process's environment.
enum Environment {
    /// A variable; `nil` if it is not set or empty.
    static subscript(name: String) -> String? {
        guard let value = getenv(name), value[0] != 0 else { return nil }
        return String(cString: value)
    }
}
