import ArgumentParser
import GlossCore
import GlossProtocol
import TestSupport

/// `gloss-bench lines`
struct LinesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lines",
        abstract: "Prints what a client would send: an article of 20 kB with many notes.",
        discussion: """
            500 words of the article are corrected, and every tenth note is a suggestion. Each \
            correction and each note is a change of its own. Starts behind the welcome.
            """)

    @Option(help: "The library's id, from the server's welcome.")
    var library: String

    @Option(help: "How many notes.")
    var notes = 10_000

    mutating func validate() throws {
        guard LibraryID(library) != nil else { throw ValidationError("that is no library's id") }
    }

    func run() throws {
        guard let library = LibraryID(library) else { return }
        var random = SeededRandom(seed: 1)
        var article = Replica(id: .bench)
        let agent = AgentID(rawValue: 0xa1)
        func author(_ time: Int) -> Author { Author(agent: agent, time: 1_790_000_000_000 + time) }
        var changes = [
            try article.commit(
                [article.write(.text("many"), to: .name)], by: author(0))
        ]
        func edit(_ edit: TextEdit, _ time: Int) throws {
            if let change = try article.edit([edit], by: author(time)) { changes.append(change) }
        }
        try edit(TextEdit(0..<0, SampleArticle.text(ofBytes: 20_000, &random)), 1)
        for time in 2...501 {
            let places = SampleArticle.words(of: article)
            try edit(
                TextEdit(places[random.below(places.count)], SampleArticle.word(&random)), time)
        }
        let request = DocumentsRequest(id: 2, library: library, creating: [article.id])
        printLine(.docs(request))
        printLine(.push(try push(id: 3, article.id, changes)))
        try printNotes(on: article, by: author, &random)
    }

    private func printNotes(
        on article: Replica, by author: (Int) -> Author, _ random: inout SeededRandom
    ) throws {
        var annotations = Replica(id: article.id.annotations)
        let targets = SampleArticle.words(of: article).map { article.target(at: $0) }
        for start in stride(from: 0, to: notes, by: 500) {
            let changes = try (start..<min(start + 500, notes)).map { number in
                let isSuggestion = number.isMultiple(of: 10)
                let note = NewAnnotation(
                    kind: isSuggestion ? .suggestion : .note,
                    target: targets[random.below(targets.count)], body: "What of \(number)?",
                    proposal: isSuggestion ? SampleArticle.word(&random) : nil)
                return try annotations.commit([.annotate(note)], by: author(1_000 + number))
            }
            printLine(.push(try push(id: 4 + start / 500, annotations.id, changes)))
        }
    }

    private func push(id: Int, _ document: DocumentID, _ changes: [Change]) throws -> Push {
        let raw = changes.map { RawChange(bytes: ChangeCodec.encode($0)) }
        return Push(id: id, parts: [PushPart(doc: document, changes: raw)])
    }

    private func printLine(_ message: ClientMessage) {
        print(String(decoding: message.encode(), as: UTF8.self))
    }
}
