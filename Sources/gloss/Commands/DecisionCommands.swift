import ArgumentParser
import GlossClient
import GlossCore

/// `gloss reject`: a decision against suggestions.
struct RejectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Decide against suggestions.",
        discussion: """
            One that was accepted is taken out of the text again.

            EXAMPLE
              gloss reject ryl -m "no source"
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "The suggestions.") var ids: [String]
    @Option(name: [.short, .customLong("message")], parsing: .unconditional, help: "Why.")
    var message: String?

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            let notes = try ids.map { try library.note($0) }
            for (id, note) in zip(ids, notes) where try !library.isSuggestion(note) {
                throw CommandError(
                    .usage, "invalid", "\(id) is no suggestion", tries: ["gloss thread \(id)"])
            }
            let done = try library.reject(notes, why: message, command: console.historyLine)
            let names = zip(ids, notes).filter { done.rejected.contains($0.1) }.map(\.0)
            if names.isEmpty { return console.say("Nothing changed.") }
            try console.changed("rejected", names)
            for (id, note) in zip(ids, notes) where done.takenOut.contains(note) {
                console.say("\(id) had been accepted: its words are out of the text again.")
            }
        }
    }
}

/// `gloss accept`: suggestions into the text.
struct AcceptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Put suggestions into the text.",
        discussion: """
            EXAMPLES
              gloss accept ryl
              gloss accept ryl --to "1,835" -m "the later figure"

            A suggestion whose words have changed since is shown and left alone; --yes accepts \
            it all the same.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "The suggestions.") var ids: [String]
    @Option(parsing: .unconditional, help: "Other words than the suggestion's.") var to: String?
    @Option(name: [.short, .customLong("message")], parsing: .unconditional, help: "Why.")
    var message: String?

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            let notes = try ids.map { try library.note($0) }
            let done = try library.accept(
                notes, wording: to, isCertain: global.yes, message: message,
                command: console.historyLine)
            func names(_ notes: [NoteReference]) throws -> [String] {
                try notes.map { try library.shortID(of: $0.id) }
            }
            let lines =
                try names(done.accepted).map { "accepted  \($0)" }
                + names(done.already).map { "already accepted  \($0)" }
                + names(done.homeless).map { "not accepted  \($0): its words are gone" }
                + done.changed.map {
                    "not accepted  \(try library.shortID(of: $0.note.id)): it was on “\($0.then)”, and there stands “\($0.now)” now"
                }
            try console.result(
                "accepted",
                [
                    OutputMember("accepted", .strings(try names(done.accepted))),
                    OutputMember("already", .strings(try names(done.already))),
                    OutputMember("homeless", .strings(try names(done.homeless))),
                    OutputMember("changed", .strings(try names(done.changed.map(\.note)))),
                ], text: lines.joined(separator: "\n"))
            if !done.accepted.isEmpty { console.undoHint() }
            try refuse(done, console, names)
        }
    }

    /// Ends with an error if some could not be accepted.
    private func refuse(
        _ done: Library.Acceptance, _ console: Console,
        _ names: ([NoteReference]) throws -> [String]
    ) throws {
        if let first = try names(done.homeless).first {
            throw CommandError(
                .stale, "stale",
                "The words of \(try names(done.homeless).joined(separator: ", ")) are gone",
                tries: ["gloss thread \(first)"])
        }
        let changed = try names(done.changed.map(\.note))
        guard let first = changed.first else { return }
        throw CommandError(
            .stale, "stale",
            "The words of \(changed.joined(separator: ", ")) have changed since the suggestion",
            tries: [
                "gloss thread \(first)", "gloss accept \(first) --yes",
                "gloss accept \(first) --yes --to WORDS",
            ])
    }
}
