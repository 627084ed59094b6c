/// The floor: a plain gap buffer in C that plays the same patches and keeps nothing else.
enum FloorBench {
    static func run(_ trace: Trace, runs: Int, reporter: Reporter) throws {
        let expected = trace.finalSHA256
        for unit in FloorInput.Unit.allCases {
            let input = try FloorInput(trace, unit: unit)
            let measurement = try measure(
                runs: runs, subject: { () }, timed: { _ in input.replay() },
                check: { _, floor in
                    try expect(sha256(of: floor.text), expected, "floor, \(trace.name)")
                })
            reporter.add(
                Report(
                    bench: "floor_\(unit.rawValue)", trace: trace, measurement: measurement,
                    bytes: trace.finalBytes))
        }
    }
}
