import GlossClient

/// Where a command's results, messages and questions go, as its options and the terminal have it.
struct CommandOutput {
    let global: GlobalOptions
    let terminal: Terminal

    init(_ global: GlobalOptions, terminal: Terminal = .current()) {
        self.global = global
        self.terminal = terminal
    }

    /// Whether results are JSON.
    var isJSON: Bool { global.json }

    /// How to render results.
    func renderOptions(notes: RenderOptions.NotePlacement = .auto) -> RenderOptions {
        let now = LocalClock.milliseconds
        return RenderOptions(
            width: terminal.width,
            colour: !global.plain
                && global.colour.isOn(
                    isTerminal: terminal.outputIsTerminal, environment: terminal.environment),
            isPlain: global.plain, isAccessible: isAccessible, notes: notes, now: now,
            utcOffset: LocalClock.utcOffset(at: now))
    }

    /// Asks questions on the terminal.
    var prompter: Prompter {
        Prompter(terminal: terminal, mayAsk: !global.noInput, assumesYes: global.yes)
    }

    private var isAccessible: Bool {
        global.accessible || terminal.environment["GLOSS_ACCESSIBLE", default: ""] == "1"
    }

    /// Prints lines to standard output.
    func show(_ lines: [StyledText]) {
        StandardStream.output.write(renderOptions().text(lines))
    }

    /// Prints lines to standard output, through a pager if they are more than the terminal's.
    func page(_ lines: [StyledText]) {
        let text = renderOptions().text(lines)
        let fits = lines.count < terminal.height
        if terminal.outputIsTerminal, !global.noPager, !global.plain, !fits,
            Pager(environment: terminal.environment).show(text)
        {
            return
        }
        StandardStream.output.write(text)
    }

    /// Prints one JSON object to standard output.
    func json(_ thing: String, _ members: [OutputMember]) {
        StandardStream.output.write(JSONOutput.line(thing, members))
    }

    /// Tells what happened, on standard error; nothing with `-q` or JSON.
    func tell(_ message: String) {
        guard !global.quiet, !global.json else { return }
        StandardStream.error.write(SafeText.lines(message) + "\n")
    }
}
