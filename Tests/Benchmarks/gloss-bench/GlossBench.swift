import ArgumentParser

/// The root command.
@main
struct GlossBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gloss-bench",
        abstract: "Times the engine on editing traces, and the server under load.",
        discussion: """
            Traces are JSON, plain or gzipped. Without any, a generated one is taken.

            EXAMPLES
              gloss-bench text automerge-paper.json.gz
              gloss-bench merge friendsforever.json.gz --json
              gloss-bench anchors
            """,
        subcommands: [
            TextCommand.self, MergeCommand.self, AnchorsCommand.self, ScalingCommand.self,
            ConflictsCommand.self, ServerCommand.self,
            FloorCommand.self, LinesCommand.self, MemoryCommand.self, QuestionsCommand.self,
        ])
}
