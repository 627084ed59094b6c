import CBenchmark

/// What some runs of one bench took.
struct Measurement {
    /// Milliseconds of each run, ascending.
    var milliseconds: [Double]
    /// What a run of its own took in memory, which is not among the timed ones; `nil` where only
    /// a part of a run is timed.
    var memory: Memory?

    /// What a run took in memory.
    struct Memory {
        /// How often the allocator was asked for memory.
        var allocations: Int
        /// Bytes from the allocator held at the end beyond those held at the start.
        var heapBytes: Int
        /// The most they ever were.
        var heapPeakBytes: Int
        /// By how many bytes the process grew in the system's eyes.
        var residentBytes: Int
    }

    var minimum: Double { milliseconds.first ?? 0 }
    var median: Double { milliseconds.isEmpty ? 0 : milliseconds[milliseconds.count / 2] }
    var maximum: Double { milliseconds.last ?? 0 }
}

/// Runs a bench once for its memory, and then `runs` times for its time.
///
/// - Parameters:
///   - subject: makes what the bench works on, anew for every run; not timed.
///   - timed: the bench itself. What it returns is released after the clock has stopped.
///   - check: throws if the outcome is wrong; not timed.
func measure<Subject: ~Copyable, Outcome: ~Copyable>(
    runs: Int,
    subject: () throws -> Subject,
    timed: (inout Subject) throws -> Outcome,
    check: (inout Subject, inout Outcome) throws -> Void
) throws -> Measurement {
    let memory = try measureMemory(subject: subject, timed: timed, check: check)
    var milliseconds: [Double] = []
    for _ in 0..<runs {
        var subject = try subject()
        let start = ContinuousClock.now
        var outcome = try timed(&subject)
        milliseconds.append(start.duration(to: .now).milliseconds)
        try check(&subject, &outcome)
    }
    return Measurement(milliseconds: milliseconds.sorted(), memory: memory)
}

private func measureMemory<Subject: ~Copyable, Outcome: ~Copyable>(
    subject: () throws -> Subject,
    timed: (inout Subject) throws -> Outcome,
    check: (inout Subject, inout Outcome) throws -> Void
) throws -> Measurement.Memory {
    var subject = try subject()
    bench_heap_trim()
    let before = ResidentMemory.bytes
    bench_heap_start()
    let result = Result { try timed(&subject) }
    let counts = bench_heap_stop()
    let after = ResidentMemory.bytes
    var outcome = try result.get()
    try check(&subject, &outcome)
    return Measurement.Memory(
        allocations: Int(counts.allocations), heapBytes: Int(counts.live_bytes),
        heapPeakBytes: Int(counts.peak_bytes), residentBytes: after - before)
}

/// Throws unless a bench ended in the text it should have ended in.
func expect(_ found: String, _ expected: String, _ what: String) throws {
    guard found == expected else {
        throw BenchError("\(what): the text is wrong: \(found) instead of \(expected)")
    }
}

extension Duration {
    /// The duration in milliseconds.
    var milliseconds: Double {
        Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15
    }
}
