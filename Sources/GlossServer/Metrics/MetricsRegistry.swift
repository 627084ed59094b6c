import CoreMetrics
import Synchronization

/// The backend of swift-metrics that `/metrics` prints: handles are made once, by name and labels,
/// and from then on cost an atomic addition.
final class MetricsRegistry: MetricsFactory, Sendable {
    private struct Key: Hashable {
        var name: String
        /// As they are printed, `{a="b"}`; empty if there are none.
        var labels: String
    }

    private struct State {
        var numbers: [Key: NumberHandler] = [:]
        var histograms: [Key: HistogramHandler] = [:]
    }

    private let state = Mutex(State())

    // MARK: Making handles

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        number(label, dimensions)
    }

    func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        aggregate ? histogram(label, dimensions) : number(label, dimensions)
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions)
    }

    // Handles live as long as the registry: a number that vanished would look like a restart.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    private func number(_ name: String, _ labels: [(String, String)]) -> NumberHandler {
        let key = Key(name: name, labels: Self.text(labels))
        return state.withLock { state in
            if let known = state.numbers[key] { return known }
            let made = NumberHandler()
            state.numbers[key] = made
            return made
        }
    }

    private func histogram(_ name: String, _ labels: [(String, String)]) -> HistogramHandler {
        let key = Key(name: name, labels: Self.text(labels))
        return state.withLock { state in
            if let known = state.histograms[key] { return known }
            let made = HistogramHandler(bounds: MetricFamily(rawValue: name)?.bounds ?? [])
            state.histograms[key] = made
            return made
        }
    }

    private static func text(_ labels: [(String, String)]) -> String {
        if labels.isEmpty { return "" }
        let pairs = labels.map { name, value in
            let escaped = value.reduce(into: "") { text, character in
                switch character {
                case "\\": text += "\\\\"
                case "\"": text += "\\\""
                case "\n": text += "\\n"
                default: text.append(character)
                }
            }
            return "\(name)=\"\(escaped)\""
        }
        return "{\(pairs.joined(separator: ","))}"
    }

    /// The sum of a family's numbers over all labels.
    func total(of family: MetricFamily) -> Int {
        state.withLock { state in
            state.numbers.filter { $0.key.name == family.rawValue }
                .reduce(0) { $0 + $1.value.value }
        }
    }

    // MARK: Printing

    /// Everything in the text format of Prometheus, version 0.0.4, in a fixed order.
    var text: String {
        let (numbers, histograms) = state.withLock { ($0.numbers, $0.histograms) }
        var lines: [String] = []
        for family in MetricFamily.allCases {
            lines.append("# HELP \(family.rawValue) \(family.help)")
            lines.append("# TYPE \(family.rawValue) \(family.kind.rawValue)")
            for (key, number) in numbers.filter({ $0.key.name == family.rawValue })
                .sorted(by: { $0.key.labels < $1.key.labels })
            {
                lines.append("\(key.name)\(key.labels) \(number.value)")
            }
            for histogram in histograms.filter({ $0.key.name == family.rawValue }).values {
                lines += Self.lines(of: histogram, family)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(of histogram: HistogramHandler, _ family: MetricFamily) -> [String] {
        let (cumulative, count, sum) = histogram.state
        let name = family.rawValue
        let buckets = zip(family.bounds, cumulative).map { bound, count in
            "\(name)_bucket{le=\"\(shown(bound, family))\"} \(count)"
        }
        return buckets + [
            "\(name)_bucket{le=\"+Inf\"} \(count)", "\(name)_sum \(shown(sum, family))",
            "\(name)_count \(count)",
        ]
    }

    private static func shown(_ value: Int, _ family: MetricFamily) -> String {
        family.scale == 1 ? "\(value)" : "\(Double(value) / Double(family.scale))"
    }
}
