import ArgumentParser
import Glibc
import GlossServer

/// Runs the server.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the server.",
        discussion: """
            EXAMPLES
              glossd serve                      on 127.0.0.1:7464, for this machine only
              glossd serve --listen :7464       for everybody who has an invitation

            A server that starts for the first time prints a link for its owner, once.

            \(ConfigCommand.help)
            """)

    @OptionGroup var common: CommonOptions

    @OptionGroup var options: ConfigurationOptions

    @Option(help: ArgumentHelp("Written with the address once it listens.", valueName: "path"))
    var readyFile: String?

    @Flag(help: "Print the first invitation on standard output, terminal or not.")
    var printInvite = false

    func run() async throws {
        let sources = try options.sources(common)
        let configuration = try sources.resolve().configuration
        let announcement = Announcement(
            readyFile: readyFile, printInvite: printInvite, json: common.json,
            isQuiet: configuration.logFormat == .json)
        let server = Server(
            configuration: configuration, sources: sources, onReady: { try announcement.make($0) },
            onFatal: { message in
                Output.message("glossd: \(message)")
                Output.message("glossd: stopped, because what is on disk is no longer certain.")
                _exit(ExitStatus.uncertain.rawValue)
            })
        try await server.runUntilSignalled()
    }
}
