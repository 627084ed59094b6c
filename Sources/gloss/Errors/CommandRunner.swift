import ArgumentParser
import Glibc
import GlossClient

/// Reads the command line, runs the command, and ends the program as the command did.
struct CommandRunner {
    private let arguments: [String]

    init(_ arguments: [String]) {
        self.arguments = arguments
    }

    /// Does it all and does not return.
    func run() async -> Never {
        signal(SIGPIPE, SIG_IGN)
        if let error = unknownHelp() { fail(error) }
        do {
            let command = try await Gloss.asyncParseAsRoot(rotated)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                var command = command
                try command.run()
            }
            exit(ExitStatus.done.rawValue)
        } catch {
            finish(error)
        }
    }

    private func finish(_ error: any Error) -> Never {
        if let error = error as? CommandError { fail(error) }
        if let status = error as? ExitCode { exit(status.rawValue) }
        let code = Gloss.exitCode(for: error)
        if code.isSuccess {
            StandardStream.output.write(Gloss.fullMessage(for: error) + "\n")
            exit(ExitStatus.done.rawValue)
        }
        guard code == .validationFailure else {
            fail(CommandError(.failed, "failed", "\(error)"))
        }
        fail(unknownCommand() ?? usage(error))
    }

    /// Reports an error on standard error and ends with its status.
    private func fail(_ error: CommandError) -> Never {
        if arguments.contains("--json") {
            StandardStream.error.write(error.json())
        } else {
            let terminal = Terminal.current()
            let isColoured = colour.isOn(
                isTerminal: terminal.errorIsTerminal, environment: terminal.environment)
            let text = error.lines().map { $0.painted(colour: isColoured) + "\n" }.joined()
            StandardStream.error.write(text)
        }
        exit(error.status.rawValue)
    }

    /// What `--color` says, on a command line that may not be right otherwise.
    private var colour: ColourChoice {
        if arguments.contains("--plain") { return .never }
        for (index, argument) in arguments.enumerated() {
            for name in ["--color", "--colour"] {
                if argument == name, index + 1 < arguments.count {
                    return ColourChoice(rawValue: arguments[index + 1]) ?? .auto
                }
                if argument.hasPrefix(name + "=") {
                    return ColourChoice(rawValue: String(argument.dropFirst(name.count + 1)))
                        ?? .auto
                }
            }
        }
        return .auto
    }

    private func usage(_ error: any Error) -> CommandError {
        let name = commandWord.flatMap { word in commandNames.contains(word) ? word : nil }
        let help = ["gloss", "help"] + (name.map { [$0] } ?? [])
        return CommandError(
            .usage, "usage", unknownOption() ?? Gloss.message(for: error),
            tries: [help.joined(separator: " ")])
    }

    /// What is wrong with an option that there is not, which the parser does not look at where words
    /// are missing, too: so it is asked with some more words.
    private func unknownOption() -> String? {
        for count in 1...3 {
            do {
                _ = try Gloss.parseAsRoot(rotated + Array(repeating: "x", count: count))
            } catch {
                let message = Gloss.message(for: error)
                if message.hasPrefix("Unknown option") { return message }
            }
        }
        return nil
    }

    /// The error for help on a command that does not exist.
    private func unknownHelp() -> CommandError? {
        guard let index = Self.wordIndex(in: arguments), arguments[index] == "help",
            let word = arguments[(index + 1)...].first(where: { !$0.hasPrefix("-") }),
            !commandNames.contains(word)
        else { return nil }
        let near = NearestName.suggestions(for: word, among: commandNames)
        return CommandError(
            .usage, "unknown_command", "there is no command “\(word)”",
            tries: near.isEmpty ? ["gloss help"] : near.map { "gloss help \($0)" })
    }

    /// The error for a command that does not exist, if that is what is wrong.
    private func unknownCommand() -> CommandError? {
        let names = commandNames
        guard let word = commandWord, !names.contains(word) else { return nil }
        let near = NearestName.suggestions(for: word, among: names)
        let index = arguments.firstIndex(of: word) ?? 0
        let rest = arguments[(index + 1)...]
        return CommandError(
            .usage, "unknown_command", "there is no command “\(word)”",
            tries: near.isEmpty
                ? ["gloss help"]
                : near.map {
                    ShellWords.joined(["gloss"] + arguments[..<index] + [$0] + rest)
                })
    }

    /// The arguments with global options that stand before the command, or before the second word of
    /// one that has two, moved behind it, where the commands declare them.
    private var rotated: [String] {
        guard let index = Self.wordIndex(in: arguments), arguments[index] != "help",
            let command = commands.first(where: { Self.names(of: $0).contains(arguments[index]) })
        else { return arguments }
        var rest = Array(arguments[..<index] + arguments[(index + 1)...])
        var words = [arguments[index]]
        let seconds = command.configuration.subcommands.flatMap(Self.names)
        if let second = Self.wordIndex(in: rest), seconds.contains(rest[second]) {
            words.append(rest.remove(at: second))
        }
        return words + rest
    }

    /// The first word of the command line that is no option or value of one.
    private var commandWord: String? { Self.wordIndex(in: arguments).map { arguments[$0] } }

    private static func wordIndex(in arguments: [String]) -> Int? {
        let withValue: Set = ["--library", "--color", "--colour"]
        var skips = false
        for (index, argument) in arguments.enumerated() {
            if skips {
                skips = false
            } else if argument == "--" {
                return nil
            } else if argument.hasPrefix("-") {
                skips = withValue.contains(argument)
            } else {
                return index
            }
        }
        return nil
    }

    private var commands: [any ParsableCommand.Type] {
        Gloss.configuration.groupedSubcommands.flatMap(\.subcommands)
    }

    private static func names(of command: any ParsableCommand.Type) -> [String] {
        [command._commandName] + command.configuration.aliases
    }

    private var commandNames: [String] { commands.flatMap(Self.names) + ["help"] }
}
