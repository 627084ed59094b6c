import NIOCore
import Synchronization

/// Counts a listener's connections, sets them up, and hands them over once they are ready.
final class ConnectionAcceptor: Sendable {
    private struct State {
        var open: [ObjectIdentifier: any Channel] = [:]
        /// Those that wait for a turn, or have not finished their handshake.
        var unready: Set<ObjectIdentifier> = []
        var pace: Pace
        var isStopped = false
        var onDrained: [@Sendable () -> Void] = []

        init(pace: Pace) {
            self.pace = pace
        }
    }

    private let setup: ConnectionSetup
    private let maximumConnections: Int
    private let ready: AsyncStream<LineConnection>.Continuation
    private let onEvent: @Sendable (ListenerEvent) -> Void
    private let state: Mutex<State>

    init(
        setup: ConnectionSetup, maximumConnections: Int, pace: Pace,
        ready: AsyncStream<LineConnection>.Continuation,
        onEvent: @escaping @Sendable (ListenerEvent) -> Void
    ) {
        self.setup = setup
        self.maximumConnections = maximumConnections
        self.ready = ready
        self.onEvent = onEvent
        state = Mutex(State(pace: pace))
    }

    /// Takes a new channel in, or closes it. On the channel's event loop.
    func accept(_ channel: any Channel) -> EventLoopFuture<Void> {
        let peer = Endpoint(channel.remoteAddress)
        guard let delay = admit(channel) else {
            onEvent(.refused(peer: peer))
            return channel.close(mode: .all)
        }
        channel.closeFuture.whenComplete { _ in
            self.onEvent(.closed(peer: peer))
            self.forget(channel)
        }
        if delay.nanoseconds == 0 { return install(on: channel, peer) }
        // Until then the channel is not registered anywhere: it costs nothing but its descriptor.
        return channel.eventLoop.flatScheduleTask(in: delay) { self.install(on: channel, peer) }
            .futureResult
    }

    private func install(on channel: any Channel, _ peer: Endpoint) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            guard isUnready(channel) else { throw ChannelError.ioOnClosedChannel }
            try setup.install(on: channel, peer: peer).whenComplete { result in
                self.endWait(of: channel)
                switch result {
                case .success(let connection):
                    self.onEvent(.accepted(peer: peer))
                    self.ready.yield(connection)
                case .failure(let error):
                    self.onEvent(.handshakeFailed(peer: peer, error: .onConnection(error)))
                }
            }
        }
    }

    /// From now on closes what comes, and ends the sequence of ready connections. Those that are not
    /// ready never will be: they are cut, and hold nothing up.
    func refuseAll() {
        let unready = state.withLock { state in
            state.isStopped = true
            defer { state.unready = [] }
            return state.unready.compactMap { state.open[$0] }
        }
        setup.ends?.lift()
        ready.finish()
        for channel in unready { channel.close(mode: .all, promise: nil) }
    }

    private func isUnready(_ channel: any Channel) -> Bool {
        state.withLock { $0.unready.contains(ObjectIdentifier(channel)) }
    }

    private func endWait(of channel: any Channel) {
        state.withLock { _ = $0.unready.remove(ObjectIdentifier(channel)) }
    }

    /// Cuts every open connection.
    func abortAll() {
        let channels = state.withLock { Array($0.open.values) }
        for channel in channels {
            channel.close(mode: .all, promise: nil)
        }
    }

    /// Calls `action` when no connection is open.
    func whenDrained(_ action: @escaping @Sendable () -> Void) {
        let isDrained = state.withLock { state in
            if !state.open.isEmpty { state.onDrained.append(action) }
            return state.open.isEmpty
        }
        if isDrained { action() }
    }

    /// Takes a channel in and says how long it has to wait for its handshake; `nil` if there is no
    /// room for it.
    private func admit(_ channel: any Channel) -> TimeAmount? {
        state.withLock { state in
            guard !state.isStopped, state.open.count < maximumConnections,
                let delay = state.pace.delay(now: .now())
            else { return nil }
            state.open[ObjectIdentifier(channel)] = channel
            state.unready.insert(ObjectIdentifier(channel))
            return delay
        }
    }

    private func forget(_ channel: any Channel) {
        let actions: [@Sendable () -> Void] = state.withLock { state in
            state.open.removeValue(forKey: ObjectIdentifier(channel))
            state.unready.remove(ObjectIdentifier(channel))
            guard state.open.isEmpty else { return [] }
            let actions = state.onDrained
            state.onDrained = []
            return actions
        }
        for action in actions { action() }
    }
}
