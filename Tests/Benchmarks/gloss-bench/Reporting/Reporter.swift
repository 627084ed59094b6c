import Glibc

/// Prints reports: each as a line of JSON at once, or all of a trace in a row as one table.
final class Reporter {
    private let isJSON: Bool
    private var reports: [Report] = []

    init(isJSON: Bool) {
        self.isJSON = isJSON
    }

    /// Takes one report.
    func add(_ report: Report) {
        if isJSON {
            print(report.json)
            fflush(nil)
        } else {
            if let last = reports.last, last.trace != report.trace { finishTable() }
            reports.append(report)
        }
    }

    /// Prints what has come in since the last time, under the name of its trace.
    func finishTable() {
        guard let first = reports.first else { return }
        print("\(first.trace): \(first.edits) edits, \(first.measurement.milliseconds.count) runs")
        var table = Table(
            ["bench", "min ms", "median", "max", "bytes", "heap", "resident", "allocations", ""])
        for report in reports { table.add(row(report)) }
        print(table.text)
        fflush(nil)
        reports = []
    }

    private func row(_ report: Report) -> [String] {
        let measurement = report.measurement
        let extras = report.extras.map { name, value in
            switch value {
            case .integer(let number): "\(name) \(number)"
            case .number(let number): "\(name) \(decimal(number, places: 2))"
            case .text(let text): "\(name) \(text)"
            }
        }
        return [
            report.bench, decimal(measurement.minimum, places: 3),
            decimal(measurement.median, places: 3), decimal(measurement.maximum, places: 3),
            "\(report.bytes)",
            measurement.memory.map { "\($0.heapBytes)" } ?? "",
            measurement.memory.map { "\($0.residentBytes)" } ?? "",
            measurement.memory.map { "\($0.allocations)" } ?? "",
            extras.joined(separator: ", "),
        ]
    }
}
