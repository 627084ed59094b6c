import ArgumentParser
import GlossClient

/// Where the words of a note, reply or answer come from.
struct BodyOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: "The text. Without it and on a terminal, your editor opens.")
    var message: String?

    @Option(
        name: [.customShort("F"), .long], parsing: .unconditional,
        help: "Read the text from a file, or from standard input for -.")
    var file: String?

    mutating func validate() throws {
        if message != nil, file != nil {
            throw ValidationError("Give the text with -m or with -F, not with both.")
        }
    }

    /// The text as given, or as written in the editor, without white space around it.
    ///
    /// - Parameters:
    ///   - initial: what the editor shows at first.
    ///   - name: what the draft is called; letters, digits and `-`.
    /// - Returns: the text, and the draft to discard once it is stored.
    func text(
        initial: String = "", name: String, _ output: CommandOutput
    ) throws(CommandError) -> (text: String, draft: Editor.Draft?) {
        if let message { return (message.trimmed, nil) }
        if let file { return (try FileBytes.text(of: file).trimmed, nil) }
        let terminal = output.terminal
        guard output.prompter.canAsk, terminal.outputIsTerminal else {
            throw CommandError(
                .usage, "no_text", "the text is missing, and there is no terminal for an editor",
                tries: ["-m TEXT, or -F FILE, or -F - for standard input"])
        }
        let draft = try Editor(terminal: terminal).edit(initial, name: name)
        return (draft.text.trimmed, draft)
    }
}
