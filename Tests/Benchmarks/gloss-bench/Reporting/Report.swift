import GlossProtocol

/// The outcome of one bench on one trace.
struct Report {
    /// A figure beyond those that every bench has.
    enum Value {
        case integer(Int)
        case number(Double)
        case text(String)
    }

    /// What the lines of `--json` are called.
    static let schema = "gloss-bench.result/1"

    var bench: String
    var trace: String
    var edits: Int
    var measurement: Measurement
    /// SHA-256 of the text the bench ended in.
    var finalSHA256: String
    /// Bytes written or read, or of the text where there is nothing else.
    var bytes: Int
    /// What else there is to say, in this order.
    var extras: [(name: String, value: Value)] = []

}

extension Report {
    /// The outcome on a trace.
    init(
        bench: String, trace: Trace, measurement: Measurement, bytes: Int,
        extras: [(name: String, value: Value)] = []
    ) {
        self.init(
            bench: bench, trace: trace.name, edits: trace.edits, measurement: measurement,
            finalSHA256: trace.finalSHA256, bytes: bytes, extras: extras)
    }

    /// The report as one line of JSON.
    var json: String {
        let times = [
            ("min", measurement.minimum), ("median", measurement.median),
            ("max", measurement.maximum),
        ].map { "\"\($0)\":\(decimal($1, places: 4))" }
        var fields = [
            ("schema", quoted(Self.schema)), ("bench", quoted(bench)), ("trace", quoted(trace)),
            ("runs", "\(measurement.milliseconds.count)"), ("edits", "\(edits)"),
            ("ms", "{\(times.joined(separator: ","))}"), ("final_sha256", quoted(finalSHA256)),
            ("bytes", "\(bytes)"),
        ]
        let memory = measurement.memory
        fields += [
            ("rss_bytes", memory?.residentBytes), ("heap_bytes", memory?.heapBytes),
            ("heap_peak_bytes", memory?.heapPeakBytes), ("allocations", memory?.allocations),
        ].map { ($0, $1.map { "\($0)" } ?? "null") }
        for extra in extras {
            let text =
                switch extra.value {
                case .integer(let number): "\(number)"
                case .number(let number): decimal(number, places: 4)
                case .text(let text): quoted(text)
                }
            fields.append((extra.name, text))
        }
        return "{" + fields.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
    }

    private func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.string(text)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// A number with a fixed count of decimal places.
func decimal(_ value: Double, places: Int) -> String {
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((value.magnitude * Double(scale)).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return sign + String(scaled) }
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: places - fraction.utf8.count)
    return "\(sign)\(scaled / scale).\(zeros)\(fraction)"
}
