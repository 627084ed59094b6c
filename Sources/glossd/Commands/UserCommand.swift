import ArgumentParser
import GlossServer

/// Users and their roles.
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "List users and change their roles.",
        subcommands: [List.self, SetRole.self])

    /// Lists users.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List users and their roles.")
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await common.perform(AdminRequest(.users), show: UserCommand.show)
        }
    }

    /// Changes a role.
    struct SetRole: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "role", abstract: "Give a user a role, or “none” to end the membership.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var dry: DryRunOption
        @Argument(help: "The user's name.") var name: String
        @Argument(help: "owner, editor, reviewer, reader or none.") var role: String
        @Option(help: "The library.") var library: String?

        func run() async throws {
            let request = AdminRequest(
                .role, name: name, role: role == "none" ? nil : role, library: library,
                dry: dry.request)
            try await common.perform(request, show: UserCommand.show)
            dry.tell()
        }
    }

    private static func show(_ report: AdminReport) {
        let rows = (report.users ?? []).map { user in
            let roles = user.memberships.map { "\($0.library): \($0.role)" }
            return [user.name, roles.joined(separator: ", "), user.created]
        }
        Output.table(["USER", "ROLES", "SINCE"], rows)
    }
}
