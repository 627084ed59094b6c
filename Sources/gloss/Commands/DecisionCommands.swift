import ArgumentParser
import GlossClient
import GlossCore

/// `gloss reject`: a decision against suggestions.
struct RejectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Decide against suggestions.",
        discussion: """
            One that was accepted is taken out of the text again. If its words were edited since, it \
            is left alone; --yes takes it out all the same, and leaves what was edited.

            EXAMPLES
              gloss reject ryl -m "no source"
              gloss reject --by mira --article river -n
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @OptionGroup var chosen: SuggestionOptions
    @Option(name: [.short, .customLong("message")], parsing: .unconditional, help: "Why.")
    var message: String?

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            guard let notes = try chosen.notes(in: library, console, asking: "Reject") else {
                return console.say("Nothing changed.")
            }
            if notes.isEmpty { return console.say("No open suggestions.") }
            let (done, settled) = try library.settling(notes) {
                try library.reject(
                    notes, isCertain: global.yes, why: message, command: console.historyLine)
            }
            let names = try done.rejected.map { try library.shortID(of: $0.id) }
            if names.isEmpty && done.changed.isEmpty { return console.say("Nothing changed.") }
            if !names.isEmpty { try console.changed("rejected", names, settled: settled) }
            for (note, text) in done.takenOut {
                let name = try library.shortID(of: note.id)
                console.say(
                    console.isDryRun
                        ? "\(name) is accepted: without its words the text would read “\(text)”."
                        : "\(name) had been accepted: its words are out of the text again: “\(text)”."
                )
            }
            try refuse(done.changed, library)
        }
    }

    /// Ends with an error if some were accepted and edited since.
    private func refuse(_ changed: [Library.Changed], _ library: Library) throws {
        guard let first = changed.first else { return }
        let name = try library.shortID(of: first.note.id)
        let article = try library.view(first.note.article).name
        throw CommandError(
            .stale, "stale",
            "The words of \(try changed.map { try library.shortID(of: $0.note.id) }.joined(separator: ", ")) were edited since it was accepted",
            details: try changed.map {
                let now = $0.now.isEmpty ? "nothing of it is there" : "there stands “\($0.now)”"
                return
                    "\(try library.shortID(of: $0.note.id)) was accepted as “\($0.then)”, and \(now) now"
            },
            tries: [
                "gloss edit \(article)", "gloss reject \(name) --yes -n", "gloss thread \(name)",
            ])
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
              gloss accept --by mira --article river -n
              gloss accept --all

            A suggestion whose words have changed since is shown and left alone; --yes accepts \
            it all the same. One that the text reads like already is done. Of those on the same \
            words only the first is accepted.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @OptionGroup var chosen: SuggestionOptions
    @Option(parsing: .unconditional, help: "Other words than the suggestion's.") var to: String?
    @Option(name: [.short, .customLong("message")], parsing: .unconditional, help: "Why.")
    var message: String?

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            guard let notes = try chosen.notes(in: library, console, asking: "Accept") else {
                return console.say("Nothing changed.")
            }
            if notes.isEmpty { return console.say("No open suggestions.") }
            if to != nil, notes.count > 1 {
                throw ValidationError("--to is for one suggestion.")
            }
            let (done, settled) = try library.settling(notes) {
                try library.accept(
                    notes, wording: to, isCertain: global.yes, message: message,
                    command: console.historyLine)
            }
            func names(_ notes: [NoteReference]) throws -> [String] {
                try notes.map { try library.shortID(of: $0.id) }
            }
            try console.result(
                "accepted",
                [
                    OutputMember("accepted", .strings(try names(done.accepted))),
                    OutputMember("already", .strings(try names(done.already))),
                    OutputMember("homeless", .strings(try names(done.homeless))),
                    OutputMember("changed", .strings(try names(done.changed.map(\.note)))),
                    OutputMember("reading", .strings(try names(done.reading))),
                    OutputMember("overlapping", .strings(try names(done.overlapping.map(\.note)))),
                    OutputMember("beside", .strings(try names(done.beside.map(\.note)))),
                ] + JSONViews.alsoSettled(settled),
                text: try lines(done, names).joined(separator: "\n"))
            console.alsoSettled(settled)
            for overlap in done.beside {
                let name = try names([overlap.note])[0]
                console.say(
                    "\(name) is on the same words and open: gloss thread \(name), gloss reject \(name)"
                )
            }
            for note in done.already {
                let open = try library.view(note.article).conflicts.filter {
                    $0.notes.contains(note.id)
                }
                for conflict in open {
                    console.say(
                        "It is in conflict \(conflict.shortID): gloss resolve \(conflict.shortID)")
                }
            }
            if !done.accepted.isEmpty || !done.reading.isEmpty { console.undoHint() }
            if chosen.areNamed { try refuse(done, console, names) }
        }
    }

    private func lines(
        _ done: Library.Acceptance, _ names: ([NoteReference]) throws -> [String]
    ) throws -> [String] {
        try names(done.accepted).map { "accepted  \($0)" }
            + names(done.already).map { "already accepted  \($0)" }
            + names(done.reading).map { "done  \($0): the text reads so already" }
            + names(done.homeless).map { "not accepted  \($0): its words are gone" }
            + done.changed.map {
                "not accepted  \(try names([$0.note])[0]): it was on “\($0.then)”, and there stands “\($0.now)” now"
            }
            + done.overlapping.map {
                "not accepted  \(try names([$0.note])[0]): it is on words of \(try names([$0.accepted])[0]), which is accepted"
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
