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
        if let hint = Suggestion.unknownCommand(in: arguments) {
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
            Glossd.exit(withError: error)
        }
    }
}
