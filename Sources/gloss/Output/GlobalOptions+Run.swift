import ArgumentParser
import GlossClient
import GlossCore

extension GlobalOptions {
    /// Runs a command, with its errors as people and scripts get them.
    func run(_ body: (Console) async throws -> Void) async throws {
        do {
            try await body(Console(self))
        } catch let error as ClientError {
            throw CommandError(error)
        }
    }

    /// Writes one field of several notes.
    func setField(
        _ field: Field, to value: Value, of ids: [String], word: String, why: String? = nil
    ) async throws {
        try await run { console in
            let library = try console.library()
            let notes = try ids.map { try library.note($0) }
            let changed = try library.set(
                field, to: value, of: notes, why: why, command: console.historyLine)
            let names = zip(ids, notes).filter { changed.contains($0.1) }.map(\.0)
            if names.isEmpty { return console.say("Nothing changed.") }
            try console.changed(word, names)
        }
    }

    /// Takes one step in the history.
    func step(
        _ word: String, nothing: String, _ take: (Library) throws -> HistoryStep?
    ) async throws {
        try await run { console in
            guard let step = try take(try console.library()) else { return console.say(nothing) }
            try console.result(
                word,
                [
                    OutputMember("command", .string(step.command)),
                    OutputMember("sent", .integer(step.acknowledged)),
                    OutputMember("spent", .integer(step.spent)),
                ], text: "\(word)  \(step.command)")
            if step.acknowledged > 0 {
                console.say("It was sent already: the others see this after the next sync.")
            }
            if step.spent > 0 {
                console.say("Some of it had been changed since by somebody and stays as it is.")
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
        self.init(status, error.code.rawValue, message, tries: error.tries)
    }
}
