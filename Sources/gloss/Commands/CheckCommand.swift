import ArgumentParser
import GlossClient
import GlossCore

/// `gloss check`: a verdict on the words of a claim.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say what you found of a claim, a quote or a fact.",
        discussion: """
            The check is given on the words as they are. When they change it is stale: gloss show, \
            thread, ready and inbox say so, and show what changed. Moved text stays checked. Of \
            several --page and --time the first belongs to the first --source, and so on; "" is none.

            EXAMPLES
              gloss check kmt confirmed --source "Deltares report, 2023" --page 12
              gloss check kmt wrong --source https://example.org/1953 -m "it was 1,836"
              gloss check kmt misleading --source "Newsreel" --time 00:12:30
              gloss check kmt --again              the same verdict on the words as they are now
              gloss check kmt --remove             unchecked again

            VERDICTS
              confirmed    it is as the words say
              wrong        it is not
              misleading   it is, but the words leave a false impression
              unproven     nobody can tell
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "The note.") var id: String
    @Argument(help: "confirmed, wrong, misleading or unproven.") var verdict: String?
    @Option(
        parsing: .unconditionalSingleValue,
        help: "What it rests on: a URL, words, or words and a URL; may be given several times.")
    var source: [String] = []
    @Option(parsing: .unconditionalSingleValue, help: "A page of the source.") var page: [String] =
        []
    @Option(parsing: .unconditionalSingleValue, help: "A time in the source, as 00:12:30.")
    var time: [String] = []
    @Option(name: [.short, .customLong("message")], parsing: .unconditional, help: "A remark.")
    var message: String?
    @Flag(help: "The verdict and evidence it has, on the words as they are now.") var again = false
    @Flag(help: "Take the check off.") var remove = false

    mutating func validate() throws {
        let isAlone = verdict == nil && source.isEmpty && page.isEmpty && time.isEmpty
        guard !again && !remove || isAlone && again != remove && (again || message == nil) else {
            throw ValidationError(
                "--again and --remove stand alone; with other evidence give the verdict.")
        }
        guard again || remove || verdict != nil else {
            throw ValidationError("Give a verdict: gloss check \(id) confirmed")
        }
        for (name, values) in [("page", page), ("time", time)] {
            guard values.isEmpty || values.count == source.count else {
                throw ValidationError(
                    "Give as many --\(name) as --source, in the same order; \"\" is none.")
            }
        }
    }

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            let note = try library.note(id)
            let remark = message.map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 }
            if remove { return try takeOff(note, library, console) }
            if again { return try confirm(note, remark, library, console) }
            let isNew = try library.check(
                note, try known(verdict ?? ""), evidence: try evidence, remark: remark,
                command: console.historyLine)
            guard isNew else { return console.say("That is what \(id) says already.") }
            try console.noted("checked", library, note.article, note.id)
        }
    }

    private func confirm(
        _ note: NoteReference, _ remark: String?, _ library: Library, _ console: Console
    ) throws {
        let before = try library.checkAgain(note, remark: remark, command: console.historyLine)
        guard let before else {
            return console.say(
                "The words of \(id) are those that were checked; nothing to confirm.")
        }
        let then = before.check?.target.quote.exact ?? ""
        try console.noted(
            "checked", library, note.article, note.id,
            [
                OutputMember(
                    "confirmed",
                    .object([
                        OutputMember("then", .string(then)),
                        OutputMember("now", .string(before.words)),
                    ]))
            ])
        console.lines([CheckText(options: console.render).comparison(then, before.words)])
    }

    private func takeOff(
        _ note: NoteReference, _ library: Library, _ console: Console
    ) throws {
        let changed = try library.set(
            .check, to: .none, of: [note], command: console.historyLine)
        if changed.isEmpty { return console.say("Nothing changed: \(id) is unchecked.") }
        try console.noted("unchecked", library, note.article, note.id)
    }

    private func known(_ word: String) throws(CommandError) -> Verdict {
        if let verdict = Verdict.known.first(where: { $0.rawValue == word }) { return verdict }
        let names = Verdict.known.map(\.rawValue)
        let near = NearestName.suggestions(for: word, among: names)
        throw CommandError(
            .usage, "invalid",
            "“\(word)” is no verdict: those are \(names.joined(separator: ", "))",
            tries: (near.isEmpty ? names : near).map { "gloss check \(id) \($0)" })
    }

    private var evidence: [Check.Evidence] {
        get throws {
            try source.enumerated().map { place, source in
                try EvidenceText.evidence(
                    source: source, page: page.isEmpty ? "" : page[place],
                    time: time.isEmpty ? "" : time[place])
            }
        }
    }
}
