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

            A configuration file has lines “key = value”: data, listen, public, connections, \
            documents_in_memory, commit_milliseconds, heartbeat_seconds, drain_seconds. The \
            environment has the same as GLOSSD_DATA and so on, and GLOSSD_CONFIG for the file \
            itself. Options go before the environment, that before the file.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: ArgumentHelp("Where to listen: host:port, or :port.", valueName: "address"))
    var listen: String?

    @Option(
        name: .customLong("public"),
        help: ArgumentHelp("What invitations call this server.", valueName: "address"))
    var publicAddress: String?

    @Option(help: ArgumentHelp("Written with the address once it listens.", valueName: "path"))
    var readyFile: String?

    @Flag(help: "Print the first invitation on standard output, terminal or not.")
    var printInvite = false

    func run() async throws {
        var configuration = try common.configuration()
        if let listen { configuration.listen = try address(listen) }
        if let publicAddress { configuration.publicAddress = try address(publicAddress) }
        let announcement = Announcement(
            readyFile: readyFile, printInvite: printInvite, json: common.json)
        let server = Server(
            configuration: configuration, onReady: { try announcement.make($0) },
            onFatal: { message in
                Output.message("glossd: \(message)")
                Output.message("glossd: stopped, because what is on disk is no longer certain.")
                _exit(ExitStatus.damaged.rawValue)
            })
        try await server.runUntilSignalled()
    }
}
