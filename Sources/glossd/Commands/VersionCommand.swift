import ArgumentParser
import GlossServer

/// Says which version this is.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version.")
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let version = Server.version
        Output.data(
            json ? "{\"schema\":\"glossd.version/1\",\"version\":\"\(version)\"}" : version)
    }
}
