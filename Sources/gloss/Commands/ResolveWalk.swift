import GlossClient
import GlossCore

/// One conflict after the other, at a terminal. Every answer is written at once.
struct ResolveWalk {
    let library: Library
    let console: Console

    func run(only: ConflictView? = nil) throws {
        var conflicts = try only.map { [$0] } ?? library.conflicts()
        guard !conflicts.isEmpty else { return console.say("No open conflicts.") }
        // Those settled here, the last one last: all that `u` may take back.
        var settled: [(place: Int, entry: Int)] = []
        var index = 0
        while index < conflicts.count {
            let conflict = conflicts[index]
            let position = ConflictCard.Position(index + 1, of: conflicts.count)
            console.lines(ConflictCardRenderer(console.render).lines(conflict.card(position)))
            let answer = try ask(conflict)
            switch answer {
            case .skip: index += 1
            case .back: index = max(0, index - 1)
            case .quit:
                index = conflicts.count
            case .undo:
                guard let last = settled.popLast() else {
                    console.say("   Nothing was settled here yet.")
                    continue
                }
                if let step = try library.undo() { console.say("took back: \(step.command)") }
                index = last.place
                conflicts[index] = try again(conflicts[index])
            case .take(let choice, let why, let draft):
                do {
                    let command = "resolve \(conflict.shortID)"
                    let shown = try library.resolve(conflict, choice, why: why, command: command)
                    console.discard(draft)
                    let entry = try library.history(limit: 1).first { $0.command == command }
                    settled.append((index, entry?.number ?? 0))
                    let said = shown.isEmpty ? "settled." : "settled: \(Self.line(shown))"
                    console.say("   \(said)   u takes it back")
                } catch let error as ClientError where error.code == .stale {
                    console.say("   \(error.message)")
                    if let draft { console.say("   What you wrote is in \(draft.path)") }
                } catch let error as ClientError where error.code == .invalid {
                    console.say(
                        "   \(error.message) Choose: \(conflict.choices.joined(separator: ", ")).")
                    if let draft { console.say("   What you wrote is in \(draft.path)") }
                    continue
                }
                index += 1
            }
        }
        // Each was kept at once; now that the walk is whole, one undo takes all of it back.
        let entries = settled.map(\.entry).filter { $0 > 0 }
        if entries.count > 1 {
            try library.joinHistory(entries, command: "resolve (\(entries.count) conflicts)")
        }
        console.say("\(settled.count) settled.")
    }

    /// A question asked again after its answer was taken back, which may have given it another name.
    private func again(_ former: ConflictView) throws -> ConflictView {
        let open = try library.conflicts(in: former.article)
        return open.first { $0.conflict.id == former.conflict.id }
            ?? open.first {
                $0.conflict.kind == former.conflict.kind
                    && $0.conflict.subject == former.conflict.subject
            } ?? former
    }

    /// Choices by the keys that stand for them.
    private static let keys = ["m": "mine", "t": "theirs", "0": "base", "y": "merged"]

    /// The first line of what shows, short enough to stand beside something.
    private static func line(_ text: String) -> String {
        let line = text.prefix { $0 != "\n" }
        return line.count > 60 || line.count < text.count ? line.prefix(59) + "…" : String(line)
    }

    private enum Answer {
        case take(ConflictChoice, why: String?, draft: Editor.Draft? = nil)
        case skip
        case back
        case undo
        case quit
    }

    private func ask(_ conflict: ConflictView) throws -> Answer {
        let instead = "gloss resolve \(conflict.shortID) --take \(conflict.choices[0])"
        var why: String?
        while true {
            let theirs = Choices.other(in: conflict).map { " · t \($0)" } ?? ""
            let question =
                "\(conflict.choices.joined(separator: " · ")) · m mine\(theirs) · w why · s skip · p back · u undo · q quit   >"
            guard let line = try console.prompter.line(question, instead: instead) else {
                return .quit
            }
            switch line.trimmed {
            case "": continue
            case "s", "skip": return .skip
            case "p", "back": return .back
            case "u", "undo": return .undo
            case "q", "quit": return .quit
            case "?":
                console.say(
                    "Type one of the words or letters; 0 is base, y is merged. w adds a reason first."
                )
            case "w", "why": why = try console.prompter.line("why:", instead: instead)?.trimmed
            case "e" where !conflict.choices.contains("edit"),
                "edit" where !conflict.choices.contains("edit"):
                console.say("This one takes no words of your own.")
            case "e", "edit":
                let (text, draft) = try console.edited(
                    conflict.conflict.shown, file: nil, name: "conflict-\(conflict.shortID)")
                return .take(.words(text.trimmed), why: why, draft: draft)
            case let word:
                do {
                    let choice = try Choices.choice(
                        Self.keys[word] ?? word, for: conflict)
                    return .take(choice, why: why)
                } catch let error as CommandError {
                    console.say(error.message)
                }
            }
        }
    }
}
