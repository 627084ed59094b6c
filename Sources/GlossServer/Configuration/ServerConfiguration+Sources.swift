extension ServerConfiguration {
    /// What can be set, by the names that files use. The environment has the same ones in capitals
    /// behind `GLOSSD_`.
    enum Setting: String, CaseIterable {
        case data
        case listen
        case `public`
        case connections
        case documentsInMemory = "documents_in_memory"
        case commitMilliseconds = "commit_milliseconds"
        case heartbeatSeconds = "heartbeat_seconds"
        case drainSeconds = "drain_seconds"

        var variable: String { "GLOSSD_\(rawValue.uppercased())" }
    }

    /// The configuration from all places: what is passed in goes before the environment, that
    /// before the file, and that before the defaults.
    ///
    /// - Parameters:
    ///   - dataDirectory: from the command line.
    ///   - file: the path of a configuration file, from the command line.
    ///   - environment: the value of a variable; `nil` or empty if it is not set.
    /// - Throws: ``ServerError`` with `configuration`, naming the place.
    public init(
        dataDirectory: String?, file: String?, environment: (String) -> String?
    ) throws(ServerError) {
        func variable(_ name: String) -> String? {
            environment(name).flatMap { $0.isEmpty ? nil : $0 }
        }
        let file = try ConfigurationFile.load(file ?? variable("GLOSSD_CONFIG"))
        func value(_ setting: Setting) -> String? { variable(setting.variable) ?? file[setting] }
        let home =
            variable("XDG_DATA_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
            ?? "\(variable("HOME") ?? ".")/.local/share"
        self.init(dataDirectory: dataDirectory ?? value(.data) ?? "\(home)/glossd")
        if let text = value(.listen) { listen = try Self.address(text, .listen) }
        if let text = value(.public) { publicAddress = try Self.address(text, .public) }
        try set(\.connections, .connections, value, in: 1...100_000)
        try set(\.documentsInMemory, .documentsInMemory, value, in: 64...1_000_000)
        try set(\.commitMilliseconds, .commitMilliseconds, value, in: 0...1_000)
        try set(\.heartbeatSeconds, .heartbeatSeconds, value, in: 1...86_400)
        try set(\.drainSeconds, .drainSeconds, value, in: 0...600)
    }

    private static func address(
        _ text: String, _ setting: Setting
    ) throws(ServerError) -> ListenAddress {
        guard let address = ListenAddress(text) else {
            throw ServerError(
                .configuration,
                "\(setting.rawValue) = \(text): write host:port, or :port for everybody.")
        }
        return address
    }

    private mutating func set(
        _ path: WritableKeyPath<ServerConfiguration, Int>, _ setting: Setting,
        _ value: (Setting) -> String?, in range: ClosedRange<Int>
    ) throws(ServerError) {
        guard let text = value(setting) else { return }
        guard let number = Int(text), range.contains(number) else {
            throw ServerError(
                .configuration,
                "\(setting.rawValue) = \(text): a number from \(range.lowerBound) to "
                    + "\(range.upperBound) is wanted.")
        }
        self[keyPath: path] = number
    }
}
