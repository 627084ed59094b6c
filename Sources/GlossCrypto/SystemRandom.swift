import COpenSSL

/// libcrypto's random generator, seeded by the operating system. Fit for secrets.
///
/// Traps if the system has no randomness to give: nothing safe can be done then.
public struct SystemRandom: RandomNumberGenerator, Sendable {
    /// A generator; all of them draw from the same source.
    public init() {}

    /// Eight random bytes.
    public mutating func next() -> UInt64 {
        var value: UInt64 = 0
        withUnsafeMutableBytes(of: &value) { fill($0) }
        return value
    }
}

/// `count` random bytes, fit for secrets. Traps if `count` is negative or the system has no
/// randomness to give.
public func randomBytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        fill(UnsafeMutableRawBufferPointer(buffer))
        initialized = count
    }
}

private func fill(_ buffer: UnsafeMutableRawBufferPointer) {
    guard let start = buffer.bindMemory(to: UInt8.self).baseAddress else { return }
    var offset = 0
    while offset < buffer.count {
        let step = min(buffer.count - offset, Int(Int32.max))
        precondition(RAND_bytes(start + offset, Int32(step)) == 1, "no randomness")
        offset += step
    }
}
