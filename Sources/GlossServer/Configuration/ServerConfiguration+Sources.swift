extension ServerConfiguration {
    /// The configuration from all places, see ``ConfigurationSources``.
    ///
    /// - Parameters:
    ///   - dataDirectory: from the command line.
    ///   - file: the path of a configuration file, from the command line.
    ///   - environment: the value of a variable; `nil` or empty if it is not set.
    /// - Throws: ``ServerError`` with `configuration`, naming the place.
    public init(
        dataDirectory: String?, file: String?,
        environment: @escaping @Sendable (String) -> String?
    ) throws(ServerError) {
        let flags = dataDirectory.map { ["data": $0] } ?? [:]
        self = try ConfigurationSources(flags: flags, file: file, environment: environment)
            .resolve().configuration
    }
}
