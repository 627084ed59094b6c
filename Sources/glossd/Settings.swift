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

    /// What is set on the command line, in the environment and in the file.
    func configuration() throws(ServerError) -> ServerConfiguration {
        try sources().resolve().configuration
    }

    /// The same, to be read at any time; `flags` are further keys from the command line.
    func sources(flags: [String: String] = [:]) -> ConfigurationSources {
        var flags = flags
        if let data { flags["data"] = data }
        return ConfigurationSources(flags: flags, file: config) { name in
            getenv(name).map { String(cString: $0) }
        }
    }
}

/// The keys of the configuration, as options for one run.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where to listen: host:port, or :port.", valueName: "address"))
    var listen: String?

    @Option(
        name: .customLong("public"),
        help: ArgumentHelp("What invitations call this server.", valueName: "address"))
    var publicAddress: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Sets any key of the configuration for this run.", valueName: "key=value"))
    var settings: [String] = []

    /// Where the configuration comes from, with these options before everything else.
    func sources(_ common: CommonOptions) throws(ServerError) -> ConfigurationSources {
        var flags: [String: String] = [:]
        for setting in settings {
            guard let equals = setting.firstIndex(of: "="), equals != setting.startIndex else {
                throw ServerError(.invalid, "--set \(setting): write --set key=value.")
            }
            flags[String(setting[..<equals])] = String(setting[setting.index(after: equals)...])
        }
        if let listen { flags["listen"] = listen }
        if let publicAddress { flags["public"] = publicAddress }
        return common.sources(flags: flags)
    }
}
