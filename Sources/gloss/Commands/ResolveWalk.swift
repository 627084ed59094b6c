import GlossClient
import GlossCore

/// One conflict after the other, at a terminal. Every answer is written at once, and one undo takes
/// the whole walk back.
struct ResolveWalk {
    /// What one answer settled.
    private struct Step {
        /// Which conflicts of the walk.
        var places: [Int]
        /// The number of its history entry, if it made one.
        var entry: Int?
    }

    private enum Answer {
        case take(ConflictChoice, word: String, why: String?, draft: Editor.Draft? = nil)
        case rest(String, why: String?)
        case skip
        case back
        case undo
        case quit
    }

    private let library: Library
    private let console: Console
    private var conflicts: [ConflictView]
    private var index = 0
    private var steps: [Step] = []
    /// The last choice of each kind, for `*`.
    private var words: [ConflictKind: String] = [:]
    private var showsWhole = false
    /// Says something before each conflict.
    var introduction: (ConflictView) -> Void = { _ in }

    init(_ conflicts: [ConflictView], _ library: Library, _ console: Console) {
        self.conflicts = conflicts
        self.library = library
        self.console = console
    }

    private var settled: Set<Int> { Set(steps.flatMap(\.places)) }

    /// Goes through them.
    ///
    /// - Returns: how many are settled.
    mutating func run() throws -> Int {
        while index < conflicts.count {
            if settled.contains(index) {
                index += 1
                continue
            }
            let conflict = conflicts[index]
            introduction(conflict)
            show(conflict)
            switch try ask(conflict) {
            case .skip: index += 1
            case .back:
                let open = (0..<index).filter { !settled.contains($0) }
                if open.isEmpty { console.say("   There is none to go back to.") }
                index = open.last ?? index
            case .quit: index = conflicts.count
            case .undo: try takeBack()
            case .rest(let word, let why): try settleRest(word, why)
            case .take(let choice, let word, let why, let draft):
                try settle(conflict, choice, word, why, draft)
            }
        }
        try finish()
        return settled.count
    }

    /// Each was kept at once; now that the walk is whole, one undo takes all of it back.
    private func finish() throws {
        let standing = Set(try library.history(limit: .max).filter { !$0.isUndone }.map(\.number))
        let entries = steps.compactMap(\.entry).filter { standing.contains($0) }
        let count = settled.count
        if entries.count > 1 {
            try library.joinHistory(entries, command: "resolve (\(count) conflicts)")
        }
        let left = conflicts.count - count
        console.say("\(count) settled." + (left > 0 ? " \(left) left open." : ""))
    }

    private func show(_ conflict: ConflictView) {
        var card = conflict.card(ConflictCard.Position(index + 1, of: conflicts.count))
        if showsWhole { card.isText = false }
        console.lines(ConflictCardRenderer(console.render).lines(card))
    }

    // MARK: Writing

    private mutating func settle(
        _ conflict: ConflictView, _ choice: ConflictChoice, _ word: String, _ why: String?,
        _ draft: Editor.Draft?
    ) throws {
        do {
            let command = "resolve \(conflict.shortID)"
            let former = try lastEntry()
            let shown = try library.resolve(conflict, choice, why: why, command: command)
            console.discard(draft)
            try keep([index], command, after: former)
            if draft == nil { words[conflict.conflict.kind] = Self.lasting(word, conflict) }
            console.say("   \(ConflictText.settled(shown))   u takes it back")
            index += 1
        } catch let error as ClientError where error.code == .stale || error.code == .invalid {
            console.say("   \(error.message)")
            if let draft { console.say("   What you wrote is in \(draft.path)") }
            if error.code == .stale { index += 1 }
        }
    }

    private mutating func settleRest(_ word: String, _ why: String?) throws {
        let kind = conflicts[index].conflict.kind
        let places = (index..<conflicts.count).filter {
            !settled.contains($0) && conflicts[$0].conflict.kind == kind
        }
        let batch = try ConflictBatch(places.map { conflicts[$0] }, take: word)
        guard !batch.answers.isEmpty else {
            return console.say("   “\(word)” answers none of them.")
        }
        let count = batch.answers.count
        let question = "Settle \(count) of kind \(kind.rawValue) with “\(word)”?"
        guard
            try console.prompter.confirm(
                question, default: false, instead: "gloss resolve --all --take \(word)")
        else { return }
        let command = "resolve --kind \(kind.rawValue) --take \(word)"
        do {
            let former = try lastEntry()
            _ = try library.resolve(batch.answers, why: why, command: command)
            let answered = Set(batch.answers.map(\.view.conflict.id))
            let settled = places.filter { answered.contains(conflicts[$0].conflict.id) }
            try keep(settled, command, after: former)
            console.say("   settled \(count).   u takes them back")
        } catch let error as ClientError where error.code == .stale || error.code == .invalid {
            console.say("   \(error.message)")
        }
    }

    private func lastEntry() throws -> Int { try library.history(limit: 1).first?.number ?? 0 }

    /// Notes an answer with the entry that it made: another command may have made one meanwhile.
    private mutating func keep(
        _ places: [Int], _ command: String, after former: Int
    ) throws {
        let entry = try library.history().last { $0.number > former && $0.command == command }
        steps.append(Step(places: places, entry: entry?.number))
    }

    private mutating func takeBack() throws {
        guard let last = steps.last else {
            return console.say("   Nothing was settled here yet.")
        }
        guard let entry = last.entry else {
            return console.say("   That wrote nothing that could be taken back.")
        }
        steps.removeLast()
        // Not whatever is the last: at another terminal something may have been done since.
        switch try library.undo(entry) {
        case .done(let step): console.say("took back: \(step.command)")
        case .already(let command): console.say("   Taken back already: \(command.command)")
        }
        index = last.places[0]
        for place in last.places { conflicts[place] = try again(conflicts[place]) }
    }

    /// A question asked again after its answer was taken back, which may have given it another name.
    private func again(_ former: ConflictView) throws -> ConflictView {
        let open = try library.conflicts(in: former.article)
        return open.first { $0.conflict.id == former.conflict.id }
            ?? open.first { $0.conflict.subject == former.conflict.subject }
            ?? open.first { view in
                view.note != nil && view.note == former.note
                    && !conflicts.contains { $0.conflict.id == view.conflict.id }
            } ?? former
    }

    /// A word that means the same for other conflicts: the letters are those of one of them alone.
    private static func lasting(_ word: String, _ conflict: ConflictView) -> String {
        guard let version = conflict.versions.first(where: { $0.letter == word.uppercased() }),
            let author = version.authors.first
        else { return word }
        guard author.isMine else { return author.user }
        let isOnlyOne = (try? conflict.choice(named: "mine")) != nil
        return isOnlyOne ? "mine" : author.device
    }

    // MARK: Asking

    private mutating func ask(_ conflict: ConflictView) throws -> Answer {
        let keys = ResolveKeys(conflict)
        let instead = "gloss resolve \(conflict.shortID) --take \(conflict.choices[0])"
        var why: String?
        while true {
            guard let line = try console.prompter.line(keys.question, instead: instead) else {
                return .quit
            }
            switch line.trimmed {
            case "s", "skip": return .skip
            case "p", "back": return .back
            case "u", "undo": return .undo
            case "q", "quit": return .quit
            case "?", "help": for line in keys.help { console.say(line) }
            case "d", "diff":
                showsWhole.toggle()
                show(conflict)
            case "h", "history": try showHistory(of: conflict)
            case "w", "why": why = try console.prompter.line("why:", instead: instead)?.trimmed
            case "*":
                guard let word = words[conflict.conflict.kind] else {
                    console.say("Answer one of this kind first, or say which: * WORD")
                    continue
                }
                return .rest(word, why: why)
            case let typed where typed.hasPrefix("*"):
                let word = String(typed.dropFirst()).trimmed
                return .rest(keys.word(for: word) ?? word, why: why)
            case "B" where !conflict.choices.contains("both"):
                console.say("B is both, which does not answer this one; b takes version B.")
            case "e" where !keys.takesWords, "edit" where !keys.takesWords:
                console.say("This one takes no words of your own.")
            case "e", "edit":
                guard let written = try console.words(answering: conflict, file: nil) else {
                    continue
                }
                return .take(.words(written.text), word: "edit", why: why, draft: written.draft)
            case let typed:
                guard let word = keys.word(for: typed) else { continue }
                do throws(ClientError) {
                    return .take(try conflict.choice(named: word), word: word, why: why)
                } catch {
                    let legal = conflict.choices.joined(separator: ", ")
                    console.say("   \(error.message) Choose: \(legal).")
                }
            }
        }
    }

    private func showHistory(of conflict: ConflictView) throws {
        var table = TextTable([.init(), .init(), .init(), .init(isFlexible: true)])
        for entry in try library.log(of: conflict) {
            table.add([
                StyledText("   " + console.render.time(entry.author.time)),
                StyledText(SafeText.line(entry.author.user), .bold),
                StyledText(SafeText.line(entry.author.device), .dim),
                StyledText(SafeText.line(entry.summary)),
            ])
        }
        console.lines(table.lines(console.render))
    }
}
