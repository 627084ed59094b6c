import Foundation
import GlossTransport
import Logging
import Synchronization
import Testing

@testable import GlossServer

/// Reloading while the server goes on.
@Suite("Reloading", .timeLimit(.minutes(1)))
struct ReloaderTests {
    @Test("While files are read, what the server runs with can be asked for")
    func aside() async throws {
        try await TestServer.withDirectory { path in
            let directory = DataDirectory(path: path)
            try directory.prepare()
            _ = try ServerKey.loadOrCreate(in: path)
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let heartbeats = Mailslot<Int>()
            let place = Place()
            let sources = ConfigurationSources(
                flags: ["data": path, "heartbeat_seconds": "7"], file: nil
            ) { _ in
                place.ask(heartbeats)
                return nil
            }
            let reloader = Reloader(
                ServerConfiguration(dataDirectory: path), sources: sources,
                identity: ServerIdentity(of: directory, address: ListenAddress(host: "h", port: 1)),
                bound: .tcp(host: "127.0.0.1", port: 1), logger: logger, log: nil,
                audit: try AuditLog(path: directory.audit, logger: logger))
            place.reloader.withLock { $0 = reloader }
            #expect(try reloader.reload().changed.contains("heartbeat_seconds"))
            place.reloader.withLock { $0 = nil }
            #expect(
                heartbeats.values == [ServerConfiguration(dataDirectory: path).heartbeatSeconds])
            #expect(reloader.configuration.heartbeatSeconds == 7)
        }
    }

    /// Where the reloader is found by its own sources.
    private final class Place: Sendable {
        let reloader = Mutex<Reloader?>(nil)

        /// Asks, the first time, and waits for the answer for a while.
        func ask(_ heartbeats: Mailslot<Int>) {
            guard let reloader = reloader.withLock({ $0.take() }) else { return }
            Thread { heartbeats.put(reloader.configuration.heartbeatSeconds) }.start()
            for _ in 0..<200 where heartbeats.values.isEmpty { Thread.sleep(forTimeInterval: 0.01) }
        }
    }
}
