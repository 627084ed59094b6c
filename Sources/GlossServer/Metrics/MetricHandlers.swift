import CoreMetrics
import Synchronization

/// A number that only grows, or a gauge that is set. Both without a lock.
final class NumberHandler: CounterHandler, RecorderHandler, Sendable {
    private let number = Atomic<Int>(0)

    var value: Int { number.load(ordering: .relaxed) }

    func increment(by amount: Int64) {
        number.wrappingAdd(Int(amount), ordering: .relaxed)
    }

    func reset() { number.store(0, ordering: .relaxed) }

    func record(_ value: Int64) { number.store(Int(value), ordering: .relaxed) }

    func record(_ value: Double) { record(Int64(value)) }
}

/// Counts values in fixed buckets, without a lock.
final class HistogramHandler: RecorderHandler, TimerHandler, Sendable {
    private let bounds: [Int]
    /// One for each bound, and one for what is beyond the last.
    private let counts: [NumberHandler]
    private let total = NumberHandler()

    init(bounds: [Int]) {
        self.bounds = bounds
        counts = (0...bounds.count).map { _ in NumberHandler() }
    }

    /// For each bound how many values are not above it, then how many there are, and their sum.
    var state: (cumulative: [Int], count: Int, sum: Int) {
        var running = 0
        var cumulative: [Int] = []
        for count in counts {
            running += count.value
            cumulative.append(running)
        }
        return (Array(cumulative.dropLast()), running, total.value)
    }

    func record(_ value: Int64) {
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        counts[index].increment(by: 1)
        total.increment(by: value)
    }

    func record(_ value: Double) { record(Int64(value)) }

    func recordNanoseconds(_ duration: Int64) { record(duration) }
}
