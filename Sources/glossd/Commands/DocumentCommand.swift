import ArgumentParser
import GlossServer

/// Lists documents.
struct DocumentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "document", abstract: "List documents with their checksums.",
        subcommands: [List.self])

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
                    ]
                }
                Output.table(["DOCUMENT", "KIND", "CHANGES", "SUM", "STATE", "NAME"], rows)
            }
        }
    }
}
