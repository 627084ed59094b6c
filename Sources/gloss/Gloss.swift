import ArgumentParser
import GlossClient

/// The command-line client.
@main
struct Gloss: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gloss",
        abstract: "Annotate and correct articles together, online or off.",
        version: "0.1.0",
        subcommands: [])

    @OptionGroup(title: "Global options") var global: GlobalOptions

    mutating func run() async throws {
        throw CleanExit.helpRequest(self)
    }

    static func main() async {
        await CommandRunner(Array(CommandLine.arguments.dropFirst())).run()
    }
}
