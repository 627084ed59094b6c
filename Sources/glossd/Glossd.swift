import ArgumentParser
import GlossServer

/// The root command.
struct Glossd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "glossd",
        abstract: "The sync server of Gloss: keeps articles and annotations, and passes them on.",
        discussion: """
            EXAMPLES
              glossd serve                          run, on this machine only
              glossd serve --listen :7464           run, for others too
              glossd invite --role editor --for mira   print a link to pass on
            """,
        version: Server.version,
        subcommands: [
            ServeCommand.self, InviteCommand.self, UserCommand.self, DeviceCommand.self,
            LibraryCommand.self, DocumentCommand.self, CompactCommand.self, PurgeCommand.self,
            BackupCommand.self, RestoreCommand.self, StatusCommand.self, ConfigCommand.self,
            ReloadCommand.self, AuditCommand.self, DoctorCommand.self, MigrateCommand.self,
            UnitCommand.self, VersionCommand.self,
        ])
}

@main
enum Main {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let words = arguments.first == "help" ? Array(arguments.dropFirst()) : arguments
        if let hint = Suggestion.unknownCommand(in: words) {
            Output.message("glossd: \(hint)")
            Glossd.exit(withError: ExitCode(ExitStatus.usage.rawValue))
        }
        do {
            var command = try await Glossd.asyncParseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as ServerError {
            let status = ExitStatus(error)
            if arguments.contains("--json") {
                Output.message(error.json(exitStatus: status.rawValue))
            } else {
                Output.message("glossd: \(error.message)")
            }
            Glossd.exit(withError: ExitCode(status.rawValue))
        } catch {
            let usage = ExitCode.validationFailure
            guard Glossd.exitCode(for: error) == usage else { Glossd.exit(withError: error) }
            let help = (["glossd", "help"] + Suggestion.command(in: arguments))
                .joined(separator: " ")
            let message = Glossd.message(for: error)
            let end = message.last.map { ".?".contains($0) } ?? true ? "" : "."
            let refusal = ServerError(.invalid, "\(message)\(end) See: \(help)")
            if arguments.contains("--json") {
                Output.message(refusal.json(exitStatus: usage.rawValue))
            } else {
                Output.message("glossd: \(refusal.message)")
            }
            Glossd.exit(withError: usage)
        }
    }
}
