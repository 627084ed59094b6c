/// One measured figure of a server, beside what was aimed at.
struct Figure {
    /// What the lines are called.
    static let schema = "gloss-bench.server/1"

    /// What was measured.
    var what: String
    var value: Double
    var unit: String
    /// What must be reached at least, and what would be better still.
    var gate: Double?
    var stretch: Double?
    /// Whether more is better.
    var isRate = false
    /// What else there is to say, in this order.
    var details: [(name: String, value: Double)] = []

    /// `stretch`, `gate`, `missed`, or nothing where there is no aim.
    var reached: String {
        func isMet(_ aim: Double?) -> Bool {
            guard let aim else { return false }
            return isRate ? value >= aim : value <= aim
        }
        if isMet(stretch) { return "stretch" }
        if isMet(gate) { return "gate" }
        return gate == nil ? "" : "missed"
    }

    /// The figure as one line of JSON.
    var json: String {
        var fields = [
            "\"schema\":\"\(Self.schema)\"", "\"what\":\"\(what)\"",
            "\"value\":\(Self.text(value))", "\"unit\":\"\(unit)\"",
        ]
        if let gate { fields.append("\"gate\":\(Self.text(gate))") }
        if let stretch { fields.append("\"stretch\":\(Self.text(stretch))") }
        if !reached.isEmpty { fields.append("\"reached\":\"\(reached)\"") }
        fields += details.map { "\"\($0.name)\":\(Self.text($0.value))" }
        return "{" + fields.joined(separator: ",") + "}"
    }

    private static func text(_ value: Double) -> String { decimal(value, places: 3) }
}
