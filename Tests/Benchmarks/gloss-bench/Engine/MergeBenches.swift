import GlossCore
import GlossProtocol

/// Another replica receives every change of a trace.
struct MergeBenches {
    let trace: Trace
    let runs: Int
    let reporter: Reporter

    func run() throws {
        let changes = try Recording(trace).changes
        try inMemory(changes)
        let encoded: [EncodedChange]
        do {
            encoded = try changes.map { try EncodedChange($0) }
        } catch {
            throw BenchError("\(trace.name): a change does not fit on the wire: \(error)")
        }
        try fromWire(encoded.map(\.bytes))
        try encode(changes)
        try hash(encoded)
    }

    private func inMemory(_ changes: [Change]) throws {
        add(
            "merge", changes.count, bytes: trace.finalBytes,
            try measure(
                runs: runs, subject: { Document() },
                timed: { document in
                    for change in changes { _ = try document.integrate(change) }
                }, check: check))
        add(
            "merge_batch", changes.count, bytes: trace.finalBytes,
            try measure(
                runs: runs, subject: { Document() },
                timed: { try $0.integrate(contentsOf: changes) }, check: check))
    }

    /// The same with decoding: canonical JSON, as it travels. Nothing is hashed.
    private func fromWire(_ lines: [[UInt8]]) throws {
        let bytes = lines.reduce(0) { $0 + $1.count }
        add(
            "merge_wire", lines.count, bytes: bytes,
            try measure(
                runs: runs, subject: { Document() },
                timed: { document in
                    for line in lines { _ = try document.integrate(ChangeCodec.decode(line)) }
                }, check: check))
        add(
            "merge_wire_batch", lines.count, bytes: bytes,
            try measure(
                runs: runs, subject: { Document() },
                timed: { document in
                    let changes = try lines.map { try ChangeCodec.decode($0) }
                    try document.integrate(contentsOf: changes)
                }, check: check))
    }

    private func encode(_ changes: [Change]) throws {
        var bytes = 0
        let measurement = try measure(
            runs: runs, subject: { () }, timed: { _ in changes.map(ChangeCodec.encode) },
            check: { _, lines in
                bytes = lines.reduce(0) { $0 + $1.count }
                guard try zip(lines, changes).allSatisfy({ try ChangeCodec.decode($0) == $1 })
                else { throw BenchError("encode, \(trace.name): the bytes say something else") }
            })
        add("encode_wire", changes.count, bytes: bytes, measurement)
    }

    /// What hashing all changes costs, which is in none of the others.
    private func hash(_ changes: [EncodedChange]) throws {
        let causes = try HashCauses(changes.map(\.change))
        var first: ChangeHash?
        let measurement = try measure(
            runs: runs, subject: { () }, timed: { _ in causes.hashes(of: changes) },
            check: { _, hashes in
                guard first == nil || first == hashes.last else {
                    throw BenchError("hash, \(trace.name): two hashes of one history")
                }
                first = hashes.last
            })
        add(
            "hash", changes.count, bytes: changes.reduce(0) { $0 + $1.bytes.count }, measurement)
    }

    private func check(_ document: inout Document, _: inout Void) throws {
        try expect(sha256(of: document.text), trace.finalSHA256, "merge, \(trace.name)")
    }

    private func add(_ bench: String, _ changes: Int, bytes: Int, _ measurement: Measurement) {
        reporter.add(
            Report(
                bench: bench, trace: trace, measurement: measurement, bytes: bytes,
                extras: [
                    ("changes", .integer(changes)),
                    ("ns_per_change", .number(measurement.minimum * 1e6 / Double(changes))),
                ]))
    }
}
