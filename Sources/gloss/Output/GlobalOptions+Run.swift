import ArgumentParser
import GlossClient
import GlossCore

extension GlobalOptions {
    /// Runs a command, with its errors as people and scripts get them.
    ///
    /// - Parameter dry: what a command that writes was told of that.
    func run(
        _ dry: DryRunOption? = nil, _ body: (Console) async throws -> Void
    ) async throws {
        let console = Console(self, isDryRun: dry?.isOn ?? false)
        do {
            try await body(console)
            if console.isDryRun { console.say("Nothing was written.") }
        } catch {
            throw ClientError(of: error).map { CommandError($0) } ?? error
        }
    }

    /// Writes one field of several notes.
    func setField(
        _ field: Field, to value: Value, of ids: [String], word: String, why: String? = nil,
        _ dry: DryRunOption, then: (Library, Console) throws -> Void = { _, _ in }
    ) async throws {
        try await run(dry) { console in
            let library = try console.library()
            let notes = try ids.map { try library.note($0) }
            let (changed, settled) = try library.settling(notes) {
                try library.set(
                    field, to: value, of: notes, why: why, command: console.historyLine)
            }
            let names = console.names(ids, of: changed, among: notes)
            if names.isEmpty { return }
            try console.changed(word, names, settled: settled)
            try then(library, console)
        }
    }

    /// Takes one step in the history.
    ///
    /// - Parameters:
    ///   - nothing: what to say if there is no such step.
    ///   - take: `nil` if there is none.
    func step(
        _ word: String, _ nothing: String, _ number: Int?, _ dry: DryRunOption,
        _ take: (Library) throws -> HistoryOutcome?
    ) async throws {
        try await run(dry) { console in
            switch try take(try console.library()) {
            case nil: console.say(nothing)
            case .already(let command):
                try console.result(
                    "already", JSONViews.command(command),
                    text: "already \(word == "undone" ? "undone" : "done")  \(command.command)")
            case .done(let step):
                try console.result(
                    word, JSONViews.step(step),
                    text: "\(word)  \(step.command)  \(StepText.time(step, console.render))")
                // A command from further back may leave text that nobody expects: show it.
                if number != nil || console.isDryRun {
                    console.lines(StepRenderer(step, console.render).lines())
                }
                for line in StepText.lines(step) { console.say(line) }
            }
        }
    }
}

extension CommandError {
    /// The error as the library put it.
    init(_ error: ClientError) {
        let status: ExitStatus =
            switch error.code {
            case .invalid: .usage
            case .noMatch, .ambiguous: .noMatch
            case .stale: .stale
            case .unreachable: .unreachable
            case .notAllowed: .notAllowed
            case .refused: .refused
            case .library, .noLibrary: .library
            }
        let message =
            error.message.hasSuffix(".") ? String(error.message.dropLast()) : error.message
        let line = ["gloss"] + Array(CommandLine.arguments.dropFirst())
        let chosen = (error.choice?.instead ?? []).map { word in
            ShellWords.joined(line.map { $0 == error.choice?.word ? word : $0 })
        }
        self.init(status, error.code.rawValue, message, tries: chosen + error.tries)
    }
}
