import CBenchmark

/// A text without any history: a gap buffer in C. Expected texts come from it, and the floor of
/// what local editing can cost.
struct PlainText: ~Copyable {
    private var buffer = bench_gap_buffer()

    /// An empty text.
    init() {
        bench_gap_buffer_init(&buffer)
    }

    deinit {
        var buffer = buffer
        bench_gap_buffer_free(&buffer)
    }

    /// How many scalars it has.
    var count: Int {
        withUnsafePointer(to: buffer) { bench_gap_buffer_count($0) / 4 }
    }

    /// The text, in scalars.
    var scalars: [Unicode.Scalar] {
        [Unicode.Scalar](unsafeUninitializedCapacity: count) { target, initialized in
            initialized = count
            target.withMemoryRebound(to: UInt8.self) { bytes in
                guard let start = bytes.baseAddress else { return }
                withUnsafePointer(to: buffer) { bench_gap_buffer_copy($0, start) }
            }
        }
    }

    /// Bytes of UTF-8 that a range of its scalars takes.
    func utf8Count(_ range: Range<Int>) -> Int {
        withUnsafePointer(to: buffer) {
            bench_gap_buffer_utf8_count($0, range.lowerBound, range.upperBound)
        }
    }

    /// Applies one patch; throws if it does not lie within the text.
    mutating func apply(_ patch: Patch) throws {
        guard patch.position + patch.deleted <= count else {
            throw BenchError("a patch at \(patch.position) is outside of the text")
        }
        let scaled = bench_patch(
            position: UInt32(patch.position * 4), deleted: UInt32(patch.deleted * 4),
            inserted: UInt32(patch.inserted.count * 4))
        withUnsafePointer(to: scaled) { scaled in
            patch.inserted.withUnsafeBytes { typed in
                bench_gap_buffer_replay(
                    &buffer, scaled, 1, typed.baseAddress?.assumingMemoryBound(to: UInt8.self))
            }
        }
    }
}
