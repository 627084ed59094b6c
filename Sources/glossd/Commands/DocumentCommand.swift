import ArgumentParser
import GlossServer

/// Documents, and roles on them.
struct DocumentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "document", abstract: "List documents, and give members roles on them.",
        subcommands: [List.self, SetRole.self])

    /// Lists documents.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List documents with their checksums, replayed from the log on disk.")
        @OptionGroup var common: CommonOptions
        @Option(help: "The library, if there are several.") var library: String?

        func run() async throws {
            try await common.perform(AdminRequest(.documents, library: library)) { report in
                let rows = (report.documents ?? []).map { document in
                    [
                        document.id, document.kind, "\(document.head)", document.sum,
                        document.state, document.name ?? "",
                        document.user
                            ?? (document.roles ?? []).map { "\($0.user): \($0.role)" }
                            .joined(separator: ", "),
                    ]
                }
                Output.table(
                    ["DOCUMENT", "KIND", "CHANGES", "SUM", "STATE", "NAME", "ROLES"], rows)
            }
        }
    }

    /// Changes a role on an article.
    struct SetRole: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "role",
            abstract: "Give a member another role on an article and its notes than in the library.",
            discussion: """
                It may be a higher or a lower one. With “none” the article is as if it did not exist for \
                that member, with “default” their role in the library holds again. It ends with the \
                membership. glossd document list shows what was given.

                EXAMPLES
                  glossd document role river mira editor
                  glossd document role 5f0c… jo none -n    say what would change
                """)
        @OptionGroup var common: CommonOptions
        @Argument(help: "The article's id or its name, as glossd document list has them.")
        var document: String
        @Argument(help: "The user's name.") var user: String
        @Argument(help: "owner, editor, reviewer, reader, none or default.") var role: String
        @Flag(
            name: [.customShort("n"), .customLong("dry-run")],
            help: "Write nothing; say what would change.")
        var isDry = false

        func run() async throws {
            let request = AdminRequest(
                .documentRole, name: document, user: user, role: role == "default" ? nil : role,
                dry: isDry ? true : nil)
            try await common.perform(request) { report in
                if let role = report.documentRole { show(role) }
            }
        }

        private func show(_ role: AdminReport.DocumentRole) {
            if role.role == role.before, !role.written {
                Output.message("\(role.user) has that role there already.")
            } else if isDry {
                Output.message("would be:")
            }
            Output.table(
                ["DOCUMENT", "USER", "ROLE", "BEFORE", "IN LIBRARY", "NAME"],
                [
                    [
                        role.document, role.user, role.role, role.before, role.libraryRole,
                        role.name ?? "",
                    ]
                ])
        }
    }
}
