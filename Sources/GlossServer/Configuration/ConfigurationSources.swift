/// The places a configuration comes from: what is passed in goes before the environment, that
/// before the file, and that before the defaults. Can be read again at any time.
public struct ConfigurationSources: Sendable {
    /// What the command line sets, by key.
    public var flags: [String: String]
    /// The configuration file that the command line names.
    public var file: String?
    /// The value of a variable; `nil` or empty if it is not set.
    public var environment: @Sendable (String) -> String?

    /// Sources of the given kinds.
    public init(
        flags: [String: String], file: String?,
        environment: @escaping @Sendable (String) -> String?
    ) {
        self.flags = flags
        self.file = file
        self.environment = environment
    }

    /// Something that cannot be used.
    private struct Problem {
        /// Where it stands and what is wrong, for people.
        var text: String
        var isFlag = false
    }

    /// The configuration that results.
    ///
    /// - Throws: ``ServerError`` with `configuration`, or `invalid` if only the command line is to
    ///   blame: all that is wrong, a line each, with its place.
    public func resolve() throws(ServerError) -> ResolvedConfiguration {
        let path = file ?? variable("GLOSSD_CONFIG")
        let lines = try ConfigurationFile.load(path)
        var problems = lines.problems.map { Problem(text: $0) }
        for name in flags.keys.sorted() where ConfigurationKey.named(name) == nil {
            problems.append(
                Problem(
                    text: "There is no “\(name)”. Keys: \(ConfigurationKey.names)", isFlag: true))
        }
        let home =
            variable("XDG_DATA_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
            ?? "\(variable("HOME") ?? ".")/.local/share"
        var configuration = ServerConfiguration(dataDirectory: "\(home)/glossd")
        var origins: [ResolvedConfiguration.Origin] = []
        for key in ConfigurationKey.all {
            guard let (text, origin) = value(of: key, lines, path) else {
                origins.append(.default)
                continue
            }
            origins.append(origin)
            if key.write(&configuration, text) { continue }
            problems.append(
                Problem(
                    text: "\(place(of: origin))\(key.name) = \(text): \(key.form) is wanted.",
                    isFlag: origin == .flag))
        }
        for (name, problem) in configuration.contradictions {
            let origin = zip(ConfigurationKey.all, origins).first { $0.0.name == name }?.1
            let place = place(of: origin ?? .default)
            problems.append(Problem(text: "\(place)\(problem)", isFlag: origin == .flag))
        }
        guard problems.isEmpty else {
            throw ServerError(
                problems.allSatisfy(\.isFlag) ? .invalid : .configuration,
                problems.map(\.text).joined(separator: "\n"))
        }
        let entries = zip(ConfigurationKey.all, origins).map { key, origin in
            ResolvedConfiguration.Entry(key: key, value: key.read(configuration), origin: origin)
        }
        return ResolvedConfiguration(configuration: configuration, entries: entries, file: path)
    }

    private func value(
        of key: ConfigurationKey, _ lines: ConfigurationFile, _ path: String?
    ) -> (String, ResolvedConfiguration.Origin)? {
        if let text = flags[key.name] { return (text, .flag) }
        if let text = variable(key.variable) { return (text, .environment(key.variable)) }
        guard let path, let found = lines[key.name] else { return nil }
        return (found.value, .file(path, line: found.line))
    }

    private func place(of origin: ResolvedConfiguration.Origin) -> String {
        switch origin {
        case .flag, .default: ""
        case .environment(let name): "\(name): "
        case .file(let path, let line): "\(path), line \(line): "
        }
    }

    private func variable(_ name: String) -> String? {
        environment(name).flatMap { $0.isEmpty ? nil : $0 }
    }
}
