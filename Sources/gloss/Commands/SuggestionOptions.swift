import ArgumentParser
import GlossClient

/// Which suggestions: by their names, or all open ones of somebody or of an article.
struct SuggestionOptions: ParsableArguments {
    @Argument(help: "The suggestions.") var ids: [String] = []
    @Option(help: "All open ones by this person; me for your own.") var by: String?
    @Option(help: "All open ones of this article.") var article: String?
    @Flag(help: "All open ones.") var all = false

    /// Whether they are named one by one.
    var areNamed: Bool { !ids.isEmpty }

    mutating func validate() throws {
        let chooses = all || by != nil || article != nil
        guard areNamed != chooses else {
            throw ValidationError("Name suggestions, or choose with --by, --article or --all.")
        }
    }

    /// Those meant.
    ///
    /// - Returns: `nil` if there are many and somebody said no.
    func notes(
        in library: Library, _ console: Console, asking verb: String
    ) throws -> [NoteReference]? {
        let notes: [NoteReference]
        if areNamed {
            notes = try ids.map { try library.note($0) }
            for (id, note) in zip(ids, notes) where try !library.isSuggestion(note) {
                throw CommandError(
                    .usage, "invalid", "\(id) is no suggestion", tries: ["gloss thread \(id)"])
            }
        } else {
            let article = try article.map { try library.article(named: $0).id }
            notes = try library.openSuggestions(in: article, by: by)
        }
        var unique: [NoteReference] = []
        for note in notes where !unique.contains(note) { unique.append(note) }
        if unique.count > Console.few, !console.isDryRun {
            let articles = Set(unique.map(\.article)).sorted()
            for view in try articles.map({ try library.view($0) }) {
                let meant = view.notes.filter { note in unique.contains { $0.id == note.id } }
                for line in ListRenderer(console.render).notes(view.rows(meant)) {
                    console.say(line.text)
                }
            }
        }
        let question = "\(verb) \(unique.count) suggestions?"
        guard try console.mayChange(unique.count, question) else { return nil }
        return unique
    }
}
