import ArgumentParser
import GlossCore
import GlossProtocol

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
        let sample = try AnnotatedSample(name: "many", corrections: 500, notes: notes)
        printLine(
            .docs(DocumentsRequest(id: 2, library: library, creating: [DocumentID.bench])))
        printLine(.push(push(id: 3, .bench, sample.article)))
        for start in stride(from: 0, to: notes, by: 500) {
            let part = sample.notes[start..<min(start + 500, notes)]
            printLine(
                .push(push(id: 4 + start / 500, DocumentID.bench.annotations, Array(part))))
        }
    }

    private func push(id: Int, _ document: DocumentID, _ changes: [Change]) -> Push {
        let raw = changes.map { RawChange(bytes: ChangeCodec.encode($0)) }
        return Push(id: id, parts: [PushPart(doc: document, changes: raw)])
    }

    private func printLine(_ message: ClientMessage) {
        print(String(decoding: message.encode(), as: UTF8.self))
    }
}
