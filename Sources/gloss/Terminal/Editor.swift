import Glibc
import GlossClient

/// The user's editor.
struct Editor {
    /// What came back from an editor, and where it is kept until it is stored.
    struct Draft {
        var text: String
        let path: String

        /// Forgets the file, once the text is safe elsewhere.
        func discard() { unlink(path) }
    }

    let terminal: Terminal

    /// Opens a text in the editor and waits for it to be closed.
    ///
    /// - Parameters:
    ///   - name: what the file is called; letters, digits and `-`.
    ///   - line: where the cursor should be, from 1.
    /// - Throws: if there is no editor or it fails; the draft stays and the error names it.
    func edit(_ text: String, name: String, line: Int? = nil) throws(CommandError) -> Draft {
        let command = try command()
        try FileBytes.makeDirectory(draftDirectory)
        let path = path(for: name)
        try FileBytes.writePrivate(text, to: path)
        let arguments = command + Editor.place(of: path, line: line, program: command[0])
        var settings = termios()
        let hasSettings = tcgetattr(STDIN_FILENO, &settings) == 0
        let interrupt = signal(SIGINT, SIG_IGN)
        let quit = signal(SIGQUIT, SIG_IGN)
        let status =
            ChildProcess.start(arguments, environment: terminal.environment)?.wait() ?? 127
        signal(SIGINT, interrupt)
        signal(SIGQUIT, quit)
        if hasSettings { tcsetattr(STDIN_FILENO, TCSADRAIN, &settings) }
        guard status == 0 else {
            let isUntouched = (try? FileBytes.text(of: path)) == text
            if isUntouched { unlink(path) }
            let what = status == 127 ? "could not be started" : "ended with status \(status)"
            throw CommandError(
                .failed, "editor", "the editor \(command[0]) \(what); nothing was changed",
                details: isUntouched ? [] : ["your draft is in \(path)"],
                tries: [
                    isUntouched
                        ? "GLOSS_EDITOR=nano gloss …" : "the same command with -F \(path)"
                ])
        }
        return Draft(text: try FileBytes.text(of: path), path: path)
    }

    /// The file in which a text of that name is opened.
    func path(for name: String) -> String { "\(draftDirectory)/\(name)-\(getpid()).md" }

    /// Whether the Gloss that opened a file in its editor still runs, and is not this one.
    static func isOpen(_ path: String) -> Bool {
        let number = path.split(separator: "-").last?.split(separator: ".").first
        guard let number = number.flatMap({ Int32($0) }), number != getpid() else { return false }
        return (try? FileBytes.text(of: "/proc/\(number)/comm"))?.trimmed == "gloss"
    }

    /// The editor and its arguments: `GLOSS_EDITOR`, `VISUAL`, `EDITOR`, else nano or vi.
    private func command() throws(CommandError) -> [String] {
        for variable in ["GLOSS_EDITOR", "VISUAL", "EDITOR"] {
            guard let line = terminal.environment[variable], !line.isEmpty else { continue }
            guard let words = ShellWords.split(line), !words.isEmpty else {
                throw CommandError(
                    .configuration, "editor", "\(variable) has a quote that is not closed: \(line)")
            }
            return words
        }
        let path = terminal.environment["PATH", default: "/usr/bin:/bin"]
        for program in ["nano", "vi"] {
            for directory in path.split(separator: ":")
            where access("\(directory)/\(program)", X_OK) == 0 {
                return [program]
            }
        }
        throw CommandError(
            .configuration, "editor", "there is no editor", tries: ["GLOSS_EDITOR=… gloss …"])
    }

    /// The arguments that open a file at a line, for the editors that can.
    private static func place(of path: String, line: Int?, program: String) -> [String] {
        guard let line else { return [path] }
        switch program.split(separator: "/").last.map(String.init) ?? program {
        case "vi", "vim", "nvim", "nano", "emacs", "emacsclient", "micro", "kak":
            return ["+\(line)", path]
        case "hx", "helix", "subl", "zed": return ["\(path):\(line)"]
        case "code", "codium": return ["--goto", "\(path):\(line)"]
        default: return [path]
        }
    }

    private var draftDirectory: String {
        let environment = terminal.environment
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            return state + "/gloss/drafts"
        }
        return environment["HOME", default: "/tmp"] + "/.local/state/gloss/drafts"
    }
}
