import ArgumentParser

/// `gloss-bench memory`
struct MemoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory",
        abstract: "No times: what a loaded article and its notes take of the heap.",
        discussion: """
            An article of 20 kB in which 100 words were corrected, and 200 notes on it, each a change \
            of its own. A line of JSON for each figure.
            """)

    func run() throws {
        for figure in try LoadedDocuments().run() { print(figure.json) }
    }
}
