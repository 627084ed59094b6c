import Foundation
import Testing

/// A `glossd serve` that can be killed and started again at the same address with the same data.
actor GlossServerProcess {
    let desk: Desk
    nonisolated let data: String
    private(set) var port = 0
    private(set) var program: Program?
    private let wrapper: [String]
    private let options: [String]
    private let environment: [String: String]

    /// A server that is not running yet.
    ///
    /// - Parameters:
    ///   - data: its data directory, in the desk's.
    ///   - wrapper: what it runs under.
    ///   - options: what `serve` is told besides.
    init(
        _ desk: Desk, data: String = "server", wrapper: [String] = [], options: [String] = [],
        environment: [String: String] = [:]
    ) {
        self.options = options
        self.environment = environment
        self.desk = desk
        self.data = data
        self.wrapper = wrapper
    }

    /// `127.0.0.1:port`.
    var address: String { "127.0.0.1:\(port)" }

    /// Starts it, and waits until it listens.
    ///
    /// The port is chosen below those the system gives to outgoing connections, so that nothing
    /// takes it while the server is down.
    @discardableResult
    func start() async throws -> Program {
        for attempt in 0..<20 {
            let wanted = port == 0 ? Int.random(in: 20_000..<32_000) : port
            let started = try desk.start(
                wrapper + [
                    Binaries.glossd, "serve", "--data", data, "--listen", "127.0.0.1:\(wanted)",
                    "--print-invite",
                ] + options, environment, limit: 600)
            let progress = await started.wait { $0.errorText.contains("listening ") }
            if progress.ending == nil {
                (port, program) = (wanted, started)
                return started
            }
            guard progress.errorText.contains("in use"), port == 0, attempt < 19 else {
                throw Failure("glossd did not start: \(progress.errorText)")
            }
        }
        throw Failure("there is no free port")
    }

    /// Ends it as a power switch would, and waits until it is gone.
    func kill() async {
        program?.destroy()
        _ = await program?.end()
    }

    /// Ends it in good order.
    func stop() async -> Program.Progress? {
        program?.signal(SIGTERM)
        return await program?.end()
    }

    /// The link for the first owner. Waits for it.
    func firstInvitation() async throws -> String {
        let printed = await program?.wait { $0.outputText.contains("\n") }
        return try #require(printed?.outputText.split(separator: "\n").first.map(String.init))
    }

    /// Makes an invitation beside the running server.
    func invite(_ options: String...) async throws -> String {
        let ran = try await administer(["invite"] + options)
        try #require(ran.status == 0, "\(ran)")
        return ran.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Runs an administrator's command on its data.
    nonisolated func administer(_ words: [String]) async throws -> Ran {
        let sight = wrapper.first == "strace" ? [] : wrapper
        return try await desk.run(sight + [Binaries.glossd] + words + ["--data", data])
    }
}
