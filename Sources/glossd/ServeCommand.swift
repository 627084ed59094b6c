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

/// What the server says once it listens.
struct Announcement {
    var readyFile: String?
    var printInvite: Bool
    var json: Bool

    func make(_ report: Server.Report) throws {
        let state = report.isNew ? " (new)" : ""
        Output.message("glossd \(Server.version)  data \(report.dataDirectory)\(state)")
        Output.message("listening   \(report.address), TLS 1.3, key \(short(report.fingerprint))")
        if let link = report.firstInvitation {
            try announce(link, report)
        } else if !report.hasUsers {
            Output.message("Nobody has joined yet. A link: glossd invite --role owner")
        }
        if let readyFile { try report.writeReadyFile(readyFile) }
    }

    private func announce(_ link: String, _ report: Server.Report) throws {
        if printInvite { Output.data(link) }
        if Output.isTerminal {
            Output.message("You are the first one here. On your own machine run, within an hour:")
            Output.message("  gloss join \(link)")
            Output.message(
                "This link works once and will not be shown again "
                    + "(new one: glossd invite --role owner).")
        } else if !printInvite {
            let path = try report.writeFirstInvitation()
            Output.message("The link for the first owner is in \(path)")
        }
    }

    private func short(_ fingerprint: String) -> String {
        "\(fingerprint.prefix(8))…\(fingerprint.suffix(4))"
    }
}
