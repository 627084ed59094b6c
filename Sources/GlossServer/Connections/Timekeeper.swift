import Synchronization

/// Somebody who wants to be told when a time has come.
protocol Timed: AnyObject, Sendable {
    /// When, on the steady clock; `.max` for never.
    var deadline: Int { get }
    /// It has come. Must not block.
    func timeHasCome()
}

/// Keeps the time of all connections of a server, with one task for all of them: a task each, asleep
/// nearly always, would cost each of them some KiB.
final class Timekeeper: Sendable {
    /// How often it looks; how late somebody may be told.
    static let interval = Duration.seconds(1)

    private struct State {
        var everybody: [ObjectIdentifier: any Timed] = [:]
        var isRunning = false
    }

    private let state = Mutex(State())

    /// Looks after somebody's deadline from now on, whatever it changes to.
    func add(_ timed: any Timed, clock: ServerClock) {
        let mustStart = state.withLock { state in
            state.everybody[ObjectIdentifier(timed)] = timed
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if mustStart { Task { await run(clock) } }
    }

    /// Looks after somebody no longer.
    func remove(_ timed: any Timed) {
        state.withLock { _ = $0.everybody.removeValue(forKey: ObjectIdentifier(timed)) }
    }

    /// Tells those whose time has come, as long as there is anybody.
    private func run(_ clock: ServerClock) async {
        while true {
            try? await clock.sleep(Self.interval)
            let everybody = state.withLock { state in
                state.isRunning = !state.everybody.isEmpty
                return Array(state.everybody.values)
            }
            if everybody.isEmpty { return }
            let now = clock.steady()
            for timed in everybody where timed.deadline <= now { timed.timeHasCome() }
        }
    }
}
