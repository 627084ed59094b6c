import ArgumentParser
import GlossServer

/// Has the running server read its configuration again.
struct ReloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Have the running server read its configuration again.",
        discussion: """
            The server reads the file it was started with, and the certificate. What needs a \
            restart is said and stays as it was; a file with a mistake changes nothing. SIGHUP \
            does the same, and what came of it is in the log.

            \(ConfigCommand.certificateHelp)
            """)
    @OptionGroup var common: CommonOptions
    @OptionGroup var dry: DryRunOption

    func run() async throws {
        try await common.perform(AdminRequest(.reload, dry: dry.request)) { report in
            guard let reload = report.reload else { return }
            let file = reload.file ?? "no file"
            if reload.changed.isEmpty { Output.data("Read \(file): nothing to change.") }
            for key in reload.changed { Output.data("changed  \(key)") }
            for key in reload.restart { Output.data("restart  \(key)") }
            if reload.changed.contains("certificate") {
                let verb = dry.isOn ? "would be" : "are"
                Output.message("New connections \(verb) shown the key \(reload.fingerprint).")
            }
        }
        dry.tell()
    }
}
