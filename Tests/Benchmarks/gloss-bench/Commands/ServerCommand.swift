import ArgumentParser
import Foundation

/// `gloss-bench server`
struct ServerCommand: AsyncParsableCommand {
    /// What can be measured, each on a server of its own.
    enum Load: String, CaseIterable, ExpressibleByArgument {
        case push
        case fanOut = "fan-out"
        case hot
        case stalled
        case idle
        case documents
        case restart
        case line
        case presence
    }

    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract:
            "Puts a glossd of its own under load, over TLS, and prints a line for each figure.",
        discussion: """
            The load comes from this process. Each load has a new server, whose data is removed at \
            the end.

            push       100 connections, a document each, one change of 256 bytes a push
            fan-out    100 documents with 10 followers each, 3,000 changes a second
            hot        one document with 1,000 followers, 20 changes a second
            stalled    1,000 readers, and one who has stopped reading
            idle       many connections that follow a document each; then kill -9, and all come back
            documents  2,000 articles that are followed, 100 that are written to
            restart    a store of 1 GB
            line       the bytes of a one-letter change
            presence   200 people in one document who move ten times a second
            """)

    @Argument(help: "The loads: all, unless some are named.")
    var loads: [Load] = Load.allCases

    @Option(help: "The program. Unless said: the glossd beside this one.", completion: .file())
    var glossd: String?

    @Option(help: "Seconds that a load lasts.")
    var seconds = 10

    @Option(help: "Connections of the idle load.")
    var connections = 10_000

    mutating func validate() throws {
        guard seconds > 1 else { throw ValidationError("--seconds must be at least 2") }
        guard (1...30_000).contains(connections) else {
            throw ValidationError("--connections is a number from 1 to 30,000")
        }
    }

    func run() async throws {
        let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        for load in loads {
            let server = try BenchServer(
                program: glossd ?? beside.appendingPathComponent("glossd").path)
            do {
                try await server.start()
                for figure in try await figures(of: load, ServerBench(server, seconds: seconds)) {
                    print(figure.json)
                    fflush(nil)
                }
            } catch {
                await server.remove()
                throw error
            }
            await server.remove()
        }
    }

    private func figures(of load: Load, _ bench: ServerBench) async throws -> [Figure] {
        switch load {
        case .push: try await PushScenario(bench: bench).run()
        case .fanOut: [try await FanOutScenario.many(bench).run()]
        case .hot: [try await FanOutScenario.one(bench).run()]
        case .stalled: try await StalledScenario(bench: bench).run()
        case .idle: try await IdleScenario(bench: bench, connections: connections).run()
        case .documents: try await DocumentsScenario(bench: bench).run()
        case .restart: [try await RestartScenario(bench: bench).run()]
        case .line: [try await LineScenario(bench: bench).run()]
        case .presence: try await PresenceScenario(bench: bench).run()
        }
    }
}
