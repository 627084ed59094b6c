import GlossCrypto
import Synchronization

/// The connections that are open, so that they can be told when the server goes down.
final class Connections: Sendable {
    private struct State {
        var open: [ObjectIdentifier: Connection] = [:]
        var isDraining = false
    }

    private let state = Mutex(State())

    /// How many are open.
    var count: Int { state.withLock { $0.open.count } }

    /// Bytes that the peers of all have not taken yet.
    ///
    /// - Complexity: O(connections).
    var bytesWaiting: Int {
        let open = state.withLock { Array($0.open.values) }
        return open.reduce(0) { $0 + $1.outbox.byteCount }
    }

    /// Puts a connection on the list; one that comes too late is sent away at once.
    func add(_ connection: Connection) {
        let isLate = state.withLock { state in
            state.open[ObjectIdentifier(connection)] = connection
            return state.isDraining
        }
        if isLate { connection.drain(delay: Self.delay(among: 1)) }
    }

    /// Takes a connection off the list.
    func remove(_ connection: Connection) {
        state.withLock { _ = $0.open.removeValue(forKey: ObjectIdentifier(connection)) }
    }

    /// Tells everybody to come back later, each after another delay, so that not all come at once.
    func drain() {
        let open = state.withLock { state in
            state.isDraining = true
            return Array(state.open.values)
        }
        for connection in open { connection.drain(delay: Self.delay(among: open.count)) }
    }

    /// Milliseconds to stay away: a second, and 5 more for each client there is.
    private static func delay(among count: Int) -> Int {
        var random = SystemRandom()
        return Int.random(in: 200...1_000 + 5 * count, using: &random)
    }
}
