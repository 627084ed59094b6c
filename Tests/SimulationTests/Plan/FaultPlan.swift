import FoundationEssentials
import GlossCore
import TestSupport

/// A simulation of faults as a list of steps, made before it runs.
struct FaultPlan: Hashable {
    /// What is there at first.
    struct Setting: Codable, Hashable {
        /// What latencies, the order of jobs and the words people write follow from.
        var seed: UInt64
        /// Devices at first.
        var devices: Int
        /// Whether somebody of another library uses the same server.
        var hasStranger: Bool
    }

    var setting: Setting
    var steps: [FaultStep]

    init(setting: Setting, steps: [FaultStep]) {
        self.setting = setting
        self.steps = steps
    }

    // MARK: Files

    /// Reads what ``text`` gives: the setting on the first line, then a step on each.
    init(text: String) throws {
        var lines = text.split(separator: "\n").map { Array($0.utf8) }.makeIterator()
        let decoder = JSONDecoder()
        guard let first = lines.next() else { throw Inequality("a plan has a first line") }
        setting = try decoder.decode(Setting.self, from: Data(first))
        steps = []
        while let line = lines.next() {
            steps.append(try decoder.decode(FaultStep.self, from: Data(line)))
        }
    }

    /// The plan, one JSON object a line.
    var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        func line(_ value: some Encodable) -> String {
            guard let data = try? encoder.encode(value) else {
                preconditionFailure("steps are numbers and words")
            }
            return String(decoding: data, as: UTF8.self) + "\n"
        }
        return steps.reduce(line(setting)) { $0 + line($1) }
    }
}
