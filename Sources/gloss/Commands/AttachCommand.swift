import ArgumentParser
import GlossClient
import GlossCore

/// `gloss attach`: puts a note on other words.
struct AttachCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach", abstract: "Put a note on other words.",
        discussion: """
            For a note whose words are gone, or that stands on the wrong ones. Without words it goes
            where the words it was made on stand now, if that is one place.

            EXAMPLES
              gloss attach kmt
              gloss attach kmt "the old dike" -m "the sentence was rewritten"
              gloss attach kmt --at p4
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "The note.") var id: String
    @OptionGroup var place: PlaceOptions
    @Option(name: [.short, .customLong("message")], parsing: .unconditional, help: "Why.")
    var message: String?

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            let reference = try library.note(id)
            let view = try library.view(reference.article)
            guard !reference.isReply,
                let note = view.notes.first(where: { $0.id == reference.id })
            else {
                throw CommandError(
                    .usage, "no_note", "\(id) is no note that stands in \(view.name)",
                    tries: ["gloss notes \(view.name)"])
            }
            var place = place
            var command = console.commandLine
            if place.quote == nil, place.at == nil {
                place.quote = note.quote.exact
                // So that what would have worked has words to put others in the place of.
                command.insert(note.quote.exact, at: command.count)
            }
            guard place.quote != "" || place.at != nil,
                let range = try place.range(in: view, named: view.name, command: command)
            else {
                throw ValidationError("Say which words: gloss attach \(id) WORDS")
            }
            guard note.placement.ranges != [range] || note.placement.state != .anchored else {
                return console.say("\(id) stands there already; nothing was written.")
            }
            let (_, settled) = try library.settling([reference]) {
                try library.attach(
                    reference, to: range, of: view.version, why: message,
                    command: console.historyLine)
            }
            try console.noted(
                "attached", library, reference.article, reference.id, settled: settled)
        }
    }
}
