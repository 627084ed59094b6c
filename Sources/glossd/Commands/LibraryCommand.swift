import ArgumentParser
import GlossServer

/// Libraries.
struct LibraryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "library", abstract: "List and add libraries.",
        subcommands: [List.self, Add.self])

    /// Lists libraries.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List libraries.")
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await common.perform(AdminRequest(.libraries), show: LibraryCommand.show)
        }
    }

    /// Adds a library.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Add a library.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var dry: DryRunOption
        @Argument(help: "Its name.") var name: String

        func run() async throws {
            try await common.perform(
                AdminRequest(.addLibrary, name: name, dry: dry.request), show: LibraryCommand.show)
            dry.tell()
        }
    }

    private static func show(_ report: AdminReport) {
        let rows = (report.libraries ?? []).map { library in
            [library.id ?? "-", library.name, "\(library.members)", library.created]
        }
        Output.table(["LIBRARY", "NAME", "MEMBERS", "SINCE"], rows)
    }
}
