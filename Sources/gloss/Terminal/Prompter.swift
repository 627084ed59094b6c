import GlossClient

/// Asks on the terminal. Questions go to standard error, so that results stay clean.
struct Prompter {
    let terminal: Terminal
    let mayAsk: Bool
    let assumesYes: Bool

    /// Whether there is somebody to ask.
    var canAsk: Bool { mayAsk && terminal.inputIsTerminal && terminal.errorIsTerminal }

    /// Asks a question that yes or no answers.
    ///
    /// - Parameter instead: the command that needs no answer, for where nobody can be asked.
    func confirm(
        _ question: String, default isYes: Bool, instead: String
    ) throws(CommandError) -> Bool {
        if assumesYes { return true }
        guard canAsk else { throw Prompter.cannotAsk(question, instead: instead) }
        while true {
            StandardStream.error.write(SafeText.lines(question) + (isYes ? " [Y/n] " : " [y/N] "))
            guard let answer = readLine() else {
                StandardStream.error.write("\n")
                return false
            }
            switch answer.lowercased().filter({ !$0.isWhitespace }) {
            case "": return isYes
            case "y", "yes": return true
            case "n", "no": return false
            default: StandardStream.error.write("Please answer y or n.\n")
            }
        }
    }

    /// Asks for a line of text; `nil` at the end of input.
    func line(_ question: String, instead: String) throws(CommandError) -> String? {
        guard canAsk else { throw Prompter.cannotAsk(question, instead: instead) }
        StandardStream.error.write(SafeText.lines(question) + " ")
        return readLine()
    }

    private static func cannotAsk(_ question: String, instead: String) -> CommandError {
        CommandError(
            .usage, "needs_answer", "“\(question)” needs an answer, and there is nobody to ask",
            tries: [instead])
    }
}
