import CBenchmark

/// A sequential trace in the units of the C gap buffer.
struct FloorInput {
    /// What the buffer holds.
    enum Unit: String, CaseIterable {
        case utf8, utf32
    }

    let unit: Unit
    private var patches: [bench_patch] = []
    private var typed: [UInt8] = []

    /// Converts all patches, and so proves that they lie within the text.
    init(_ trace: Trace, unit: Unit) throws {
        self.unit = unit
        var text = PlainText()
        var place = (scalars: 0, bytes: 0)
        for patch in trace.patches {
            if patch.position >= place.scalars {
                guard patch.position <= text.count else {
                    throw BenchError("a patch at \(patch.position) is outside of the text")
                }
                place.bytes += text.utf8Count(place.scalars..<patch.position)
            } else {
                place.bytes -= text.utf8Count(patch.position..<place.scalars)
            }
            place.scalars = patch.position
            let end = min(patch.position + patch.deleted, text.count)
            let deleted = text.utf8Count(patch.position..<end)
            try text.apply(patch)
            append(patch, bytePosition: place.bytes, byteDeleted: deleted)
        }
    }

    private mutating func append(_ patch: Patch, bytePosition: Int, byteDeleted: Int) {
        let before = typed.count
        switch unit {
        case .utf8:
            for scalar in patch.inserted {
                typed.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
            patches.append(
                bench_patch(
                    position: UInt32(bytePosition), deleted: UInt32(byteDeleted),
                    inserted: UInt32(typed.count - before)))
        case .utf32:
            patch.inserted.withUnsafeBytes { typed.append(contentsOf: $0) }
            patches.append(
                bench_patch(
                    position: UInt32(patch.position * 4), deleted: UInt32(patch.deleted * 4),
                    inserted: UInt32(typed.count - before)))
        }
    }

    /// Plays the trace into an empty buffer.
    func replay() -> FloorText {
        var text = FloorText(unit: unit)
        text.replay(patches, typed)
        return text
    }
}

/// What the floor leaves: the text in a gap buffer.
struct FloorText: ~Copyable {
    private let unit: FloorInput.Unit
    private var buffer = bench_gap_buffer()

    init(unit: FloorInput.Unit) {
        self.unit = unit
        bench_gap_buffer_init(&buffer)
    }

    deinit {
        var buffer = buffer
        bench_gap_buffer_free(&buffer)
    }

    fileprivate mutating func replay(_ patches: [bench_patch], _ typed: [UInt8]) {
        bench_gap_buffer_replay(&buffer, patches, patches.count, typed)
    }

    /// The text.
    var text: String {
        var bytes = withUnsafePointer(to: buffer) { buffer in
            [UInt8](unsafeUninitializedCapacity: bench_gap_buffer_count(buffer)) { target, count in
                count = target.count
                if let start = target.baseAddress { bench_gap_buffer_copy(buffer, start) }
            }
        }
        if unit == .utf8 { return String(decoding: bytes, as: UTF8.self) }
        return bytes.withUnsafeMutableBytes { bytes in
            String(decoding: bytes.bindMemory(to: UInt32.self), as: UTF32.self)
        }
    }
}
