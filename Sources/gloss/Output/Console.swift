import Glibc
import GlossClient
import GlossCore

/// What a command works with: its library, its output, and the person at the terminal.
struct Console {
    let global: GlobalOptions
    /// Whether nothing may be written.
    let isDryRun: Bool
    private let output: CommandOutput

    init(
        _ global: GlobalOptions, isDryRun: Bool = false, terminal: Terminal = .current()
    ) {
        self.global = global
        self.isDryRun = isDryRun
        output = CommandOutput(global, terminal: terminal)
    }

    /// The same, with what an editor leaves behind kept in a directory.
    func keepingDrafts(in directory: String) -> Console {
        var terminal = output.terminal
        terminal.environment["XDG_STATE_HOME"] = directory
        return Console(global, isDryRun: isDryRun, terminal: terminal)
    }

    /// A directory that is gone when the command is, in `TMPDIR` or `/tmp`.
    func temporaryDirectory() throws -> TemporaryDirectory {
        let environment = output.terminal.environment
        let path = environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        return try TemporaryDirectory(in: path, environment: environment)
    }

    var isJSON: Bool { global.json }
    var render: RenderOptions { output.renderOptions() }
    var prompter: Prompter { output.prompter }

    // MARK: The library

    /// `--library`, `GLOSS_LIBRARY`, or the one library under `$XDG_DATA_HOME/gloss`.
    var libraryPath: String {
        let environment = output.terminal.environment
        if let path = global.library ?? environment["GLOSS_LIBRARY"], !path.isEmpty { return path }
        if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
            return data + "/gloss/library"
        }
        return environment["HOME", default: "."] + "/.local/share/gloss/library"
    }

    var hasLibrary: Bool { access(libraryPath + "/" + Library.fileName, F_OK) == 0 }

    var clientEnvironment: ClientEnvironment { ClientEnvironment(now: { LocalClock.milliseconds }) }

    /// The library; in a dry run a copy that is forgotten.
    func library() throws -> Library {
        let library = try Library(directory: libraryPath, environment: clientEnvironment)
        return isDryRun ? try library.rehearsal() : library
    }

    /// The account's name on this machine, as a name for notes.
    var userName: String {
        let name = output.terminal.environment["USER"] ?? output.terminal.environment["LOGNAME"]
        let usable = (name ?? "").lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return usable.isEmpty ? "me" : usable
    }

    /// The machine's name, as a name for the device.
    var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "device" }
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let name = String(decoding: bytes, as: UTF8.self).split(separator: ".").first
        return name.map { String($0.prefix(32)) } ?? "device"
    }

    // MARK: The command line

    /// The words typed, to be completed in advice.
    var commandLine: [String] { ["gloss"] + Array(CommandLine.arguments.dropFirst()) }

    /// The command as it stands in the history: without global options, at most 200 characters.
    var historyLine: String {
        var words = Array(CommandLine.arguments.dropFirst())
        if let index = words.firstIndex(of: "--library"), index + 1 < words.count {
            words.removeSubrange(index...index + 1)
        }
        words.removeAll { $0 == "--json" || $0 == "--quiet" || $0 == "-q" }
        let line = ShellWords.joined(words).replacing("\n", with: " ")
        return line.count > 200 ? String(line.prefix(199)) + "…" : line
    }

    // MARK: Output

    /// What a command did, or in a dry run would do: an object with `--json`, else words.
    ///
    /// - Parameter text: lines that begin with what was done to what: `noted`, `settled`; details of it
    ///   are set in.
    func result(_ thing: String, _ members: [OutputMember], text: String) throws {
        if isJSON {
            let dryRun = isDryRun ? [OutputMember("dry_run", .bool(true))] : []
            return output.json(thing, members + dryRun)
        }
        let lines = SafeText.lines(text).split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines {
            let isDone = !["not ", "already ", " "].contains { line.hasPrefix($0) }
            StandardStream.output.write((isDryRun && isDone ? "would be " : "") + line + "\n")
        }
    }

    /// One record; nothing without `--json`.
    func json(_ thing: String, _ members: @autoclosure () -> [OutputMember]) {
        if isJSON { output.json(thing, members()) }
    }

    /// Data for people; nothing with `--json`.
    func lines(_ lines: [StyledText]) {
        if !isJSON { output.show(lines) }
    }

    /// One line of data for people.
    func line(_ text: String) {
        if !isJSON { StandardStream.output.write(SafeText.lines(text) + "\n") }
    }

    /// Long data for people, through the pager on a terminal.
    func page(_ lines: [StyledText]) { output.page(lines) }

    /// Data as it is.
    func data(_ text: String) { StandardStream.output.write(text) }

    /// A message, on standard error.
    func say(_ message: String) { output.tell(message) }

    /// What to do next, on a terminal only.
    func hint(_ command: String) {
        if !isDryRun, output.terminal.errorIsTerminal { say("next:  \(command)") }
    }

    func undoHint() {
        if !isDryRun, output.terminal.errorIsTerminal { say("undo:  gloss undo") }
    }

    /// Tells once of words that were corrected and stand in some articles all the same.
    func tellReturned(_ library: Library, in articles: Set<DocumentID>) throws {
        guard !isDryRun else { return }
        let phrases = try library.newReturnedPhrases(in: articles)
        for phrase in phrases { json("returned", JSONViews.returned(phrase)) }
        guard !phrases.isEmpty else { return }
        lines(ListRenderer(render).returnedPhrases(phrases))
        let names = Set(phrases.map(\.articleName)).sorted()
        hint(names.map { "gloss ready \($0)" }.joined(separator: "; "))
    }

    /// Says that a note is there, where, and under which name.
    ///
    /// - Parameter members: what else to say of it with `--json`.
    func noted(
        _ word: String, _ library: Library, _ article: DocumentID, _ id: OpID,
        _ members: [OutputMember] = [], settled: [ConflictView] = []
    ) throws {
        let view = try library.view(article)
        guard let note = view.notes.first(where: { $0.id == id }) else { return }
        let place = view.paragraph(of: note, in: view.articleText).map { " p\($0)" } ?? ""
        let isChecked = note.check?.state == .fresh
        let words = isChecked ? note.words : note.quote.exact
        let quoted = words.isEmpty ? "" : "  “\(words.clipped(to: 60))”"
        let tags = note.tags.map { "  #" + $0 }.joined()
        let mark = note.isPrivate ? "  private" : ""
        let check = note.check.map { "  \(note.kind.rawValue), \($0.word)" } ?? ""
        try result(
            "note", JSONViews.note(note, in: view) + members + JSONViews.alsoSettled(settled),
            text: "\(word)  \(note.shortID)  \(view.name)\(place)\(quoted)\(mark)\(check)\(tags)")
        alsoSettled(settled)
        undoHint()
    }

    /// Says that notes were changed.
    func changed(_ word: String, _ ids: [String], settled: [ConflictView] = []) throws {
        try result(
            "changed",
            [OutputMember("what", .string(word)), OutputMember("ids", .strings(ids))]
                + JSONViews.alsoSettled(settled), text: "\(word)  \(ids.joined(separator: " "))")
        alsoSettled(settled)
        undoHint()
    }

    /// The names, as typed, of those notes that a command has changed; says so if there are none.
    func names(
        _ ids: [String], of changed: [NoteReference], among notes: [NoteReference]
    ) -> [String] {
        let names = zip(ids, notes).filter { changed.contains($0.1) }.map(\.0)
        if names.isEmpty { say("Nothing changed.") }
        return names
    }

    // MARK: Input

    func readInput() throws -> String { try FileBytes.text(of: "-") }

    /// A text file with its line ends made `\n`.
    func readText(_ path: String) throws -> String {
        let text = try FileBytes.text(of: path)
        let unix = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        return unix.hasPrefix("\u{FEFF}") ? String(unix.unicodeScalars.dropFirst()) : unix
    }

    func write(_ text: String, to path: String) throws {
        try FileBytes.writePrivate(text, to: path)
    }

    /// The text of an annotation: from `-m`, `-F` or the editor.
    func body(_ options: BodyOptions, name: String) throws -> (text: String, draft: Editor.Draft?) {
        try options.text(name: name, output)
    }

    /// Forgets what came out of an editor, once it is stored; says where it is if it was not.
    func discard(_ draft: Editor.Draft?) {
        guard isDryRun else { draft?.discard(); return }
        if let draft { say("What you wrote is in \(draft.path); -F takes it from there.") }
    }

    /// A text as somebody changed it: from a file, or in the editor.
    ///
    /// - Parameter willOpen: told which file the editor gets, before it is there.
    func edited(
        _ text: String, file: String?, name: String, willOpen: (String) throws -> Void = { _ in }
    ) throws -> (text: String, draft: Editor.Draft?) {
        if let file { return (try readText(file), nil) }
        guard prompter.canAsk else {
            throw CommandError(
                .usage, "no_text", "there is no terminal for an editor",
                tries: ["-F FILE, or -F - for standard input"])
        }
        let editor = Editor(terminal: output.terminal)
        try willOpen(editor.path(for: name))
        let draft = try editor.edit(text, name: name)
        return (draft.text, draft)
    }
}
