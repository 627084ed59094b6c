import CoreMetrics
import GlossProtocol
import GlossStorage
import GlossTransport

/// What the server counts for whoever watches over it. Every handle is made here, once.
final class ServerMetrics: Sendable {
    /// Where the numbers are.
    let registry: MetricsRegistry
    private let accepted, turnedAway, handshakeFailures: Counter
    private let pushes, changesIn, changesOut, bytesIn, bytesOut: Counter
    private let lags, slowConsumers, evictions, checksumMismatches, givenBack: Counter
    private let loginRefusals, nacks, errors: [ErrorCode: Counter]
    private let storeErrors: [StoreError.Code: Counter]
    private let connections, bytesWaiting, rooms: Gauge
    private let commitSize: Recorder
    private let commitSeconds, answerSeconds: Timer

    init(registry: MetricsRegistry = MetricsRegistry()) {
        self.registry = registry
        func counter(_ family: MetricFamily) -> Counter {
            Counter(label: family.rawValue, factory: registry)
        }
        func gauge(_ family: MetricFamily) -> Gauge {
            Gauge(label: family.rawValue, factory: registry)
        }
        func timer(_ family: MetricFamily) -> Timer {
            Timer(label: family.rawValue, factory: registry)
        }
        func byCode<Code: CaseIterable & RawRepresentable<String> & Hashable>(
            _ family: MetricFamily, _ type: Code.Type
        ) -> [Code: Counter] {
            var counters: [Code: Counter] = [:]
            for code in Code.allCases {
                counters[code] = Counter(
                    label: family.rawValue, dimensions: [("code", code.rawValue)], factory: registry
                )
            }
            return counters
        }
        (accepted, turnedAway) = (counter(.accepted), counter(.turnedAway))
        handshakeFailures = counter(.handshakeFailures)
        (pushes, changesIn, changesOut) = (
            counter(.pushes), counter(.changesIn), counter(.changesOut)
        )
        (bytesIn, bytesOut) = (counter(.bytesIn), counter(.bytesOut))
        (lags, slowConsumers) = (counter(.lags), counter(.slowConsumers))
        (evictions, checksumMismatches) = (counter(.evictions), counter(.checksumMismatches))
        givenBack = counter(.givenBack)
        loginRefusals = byCode(.loginRefusals, ErrorCode.self)
        nacks = byCode(.nacks, ErrorCode.self)
        errors = byCode(.errors, ErrorCode.self)
        storeErrors = byCode(.storeErrors, StoreError.Code.self)
        (connections, bytesWaiting) = (gauge(.connections), gauge(.bytesWaiting))
        rooms = gauge(.rooms)
        commitSize = Recorder(
            label: MetricFamily.commitSize.rawValue, dimensions: [], aggregate: true,
            factory: registry)
        (commitSeconds, answerSeconds) = (timer(.commitSeconds), timer(.answerSeconds))
    }

    // MARK: Connections

    func noticed(_ event: ListenerEvent) {
        switch event {
        case .accepted: accepted.increment()
        case .refused: turnedAway.increment()
        case .handshakeFailed: handshakeFailures.increment()
        case .closed, .acceptFailed: break
        }
    }

    /// A line came.
    func received(_ line: [UInt8]) { bytesIn.increment(by: line.count + 1) }

    /// A line is on its way to a client.
    func sent(_ message: ServerMessage, _ line: [UInt8]) {
        bytesOut.increment(by: line.count + 1)
        switch message {
        case .ops(let page): changesOut.increment(by: page.changes.count)
        case .row: changesOut.increment()
        case .nack(let nack): nacks[nack.code]?.increment()
        case .err(let failure): errors[failure.code]?.increment()
        case .lag: lags.increment()
        case .bye(let bye): if bye.code == .slowConsumer { slowConsumers.increment() }
        default: break
        }
    }

    func loginRefused(_ code: ErrorCode) { loginRefusals[code]?.increment() }

    func pushed(changes count: Int) {
        pushes.increment()
        changesIn.increment(by: count)
    }

    /// A push was acknowledged or refused.
    func answered(since start: ContinuousClock.Instant) {
        answerSeconds.recordNanoseconds((ContinuousClock.now - start).nanoseconds)
    }

    /// Changes were given back by a receipt.
    func given(changes count: Int) { givenBack.increment(by: count) }

    func checksumDiffered() { checksumMismatches.increment() }

    // MARK: Rooms

    /// A group commit has reached the disk.
    func committed(rows count: Int, since start: ContinuousClock.Instant) {
        commitSize.record(count)
        commitSeconds.recordNanoseconds((ContinuousClock.now - start).nanoseconds)
    }

    func evicted() { evictions.increment() }

    func failed(_ error: StoreError) { storeErrors[error.code]?.increment() }

    // MARK: What is looked at when somebody asks

    func set(connections count: Int, bytesWaiting bytes: Int, rooms documents: Int) {
        connections.record(count)
        bytesWaiting.record(bytes)
        rooms.record(documents)
    }
}

extension Duration {
    /// The same in nanoseconds.
    fileprivate var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
