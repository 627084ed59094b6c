import ArgumentParser
import GlossClient
import GlossCore

/// `gloss forget`: an article that the server has no more.
struct ForgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Remove an article from this device that was purged on the server.",
        discussion: """
            With its notes, also private ones, and with the commands about it. Undo does not bring it \
            back. What was never sent is not given up without --with-unsent. To put an article away \
            that the server has, see gloss help archive.

            EXAMPLES
              gloss forget river
              gloss export river --format changes --private -o river.jsonl
              gloss forget river --with-unsent
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "The article.") var article: String
    @Flag(help: "Also if work on it was never sent: that goes, too.") var withUnsent = false

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            let found = try library.article(named: article)
            // What may not be forgotten is refused before anybody is asked.
            let unsent = try library.rehearsal().forget(found.id, withUnsent: withUnsent)
            if !console.isDryRun, console.prompter.canAsk {
                let warning = unsent > 0 ? " \(unsent) of its changes were never sent." : ""
                let question =
                    "Forget \(found.name) for good?\(warning) Undo does not bring it back."
                guard
                    try console.prompter.confirm(
                        question, default: false, instead: "gloss forget \(article) --yes")
                else { return console.say("Nothing changed.") }
            }
            try library.forget(found.id, withUnsent: withUnsent)
            try console.result(
                "forgotten",
                [
                    OutputMember("id", .string(found.id.description)),
                    OutputMember("name", .string(found.name)),
                    OutputMember("unsent", .integer(unsent)),
                ], text: "forgotten  \(found.name)")
        }
    }
}
