import GlossServer
import GlossStorage

@testable import GlossServer
@testable import GlossTransport

/// A server from its start to its end.
final class ServerProcess: @unchecked Sendable {  // only ever used on the thread of its simulation
    let process: ProcessID
    let store: SimulatedStore
    let server: SimulatedServer
    var links: [Link] = []
    /// The connections that are served, and what carries them.
    private(set) var served: [(link: Link, connection: Connection)] = []
    /// Whether it takes no more connections, and has told those there are to go.
    var isDraining = false
    /// The disk did not confirm a write: it must stop, and say nothing more.
    var mustStop = false

    init(process: ProcessID, store: SimulatedStore, server: SimulatedServer) {
        self.process = process
        self.store = store
        self.server = server
    }

    /// Serves a connection.
    func accept(_ link: Link, _ line: LineConnection, _ scheduler: Scheduler) {
        links.removeAll { !$0.isWhole }
        links.append(link)
        let connection = Connection(line, server.services)
        served.removeAll { !$0.link.isWhole }
        served.append((link, connection))
        scheduler.run(as: process) {
            _ = Task {
                await connection.run()
                await line.close()
            }
        }
    }
}
