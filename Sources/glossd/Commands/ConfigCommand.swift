import ArgumentParser
import GlossServer

/// The configuration: what it is, and whether a file can be used.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show the configuration, and check a file of it.",
        discussion: help, subcommands: [Show.self, Check.self])

    /// What a configuration is, for the help of every command that reads it.
    static let help = """
        A configuration file (--config, or GLOSSD_CONFIG) has lines “key = value”, “#” begins a \
        remark. The environment has the same keys as GLOSSD_LISTEN and so on. Options go before \
        the environment, that before the file, and that before the defaults.

        KEYS
        \(ConfigurationKey.help)

        CERTIFICATE
        \(certificateHelp)
        """

    /// What a certificate of one's own means for clients.
    static let certificateHelp = """
        Clients pin the key in the certificate, and look at nothing else in it: a renewed \
        certificate with the same key changes nothing for them. With another key, everybody who \
        has joined is refused by their own client (“the server’s key is another one”) until they \
        join again with a new invitation; their work stays with them. So renew with the same key \
        (certbot renew --reuse-key), and announce it when you cannot.
        """

    /// Shows each key with its value and where that comes from.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract:
                "Print each key with its value, where that comes from, and what a change takes.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var options: ConfigurationOptions

        func run() throws {
            let resolved = try options.sources(common).resolve()
            if common.json { return Output.data(resolved.json) }
            let rows = resolved.entries.map { entry in
                [
                    entry.key.name, entry.value ?? "-", "\(entry.origin)",
                    entry.key.effect.rawValue,
                ]
            }
            Output.table(["KEY", "VALUE", "FROM", "A CHANGE TAKES A"], rows)
        }
    }

    /// Says what is wrong with a file.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Say whether the configuration can be used, and what is wrong with it.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var options: ConfigurationOptions
        @Argument(help: "The file; else that of --config or GLOSSD_CONFIG.") var file: String?

        func run() throws {
            var sources = try options.sources(common)
            if let file { sources.file = file }
            let resolved = try sources.resolve()
            if common.json { return Output.data(resolved.json) }
            let set = resolved.entries.count { $0.origin != .default }
            Output.data("\(resolved.file ?? "No file"): can be used; \(set) keys are set.")
        }
    }
}
