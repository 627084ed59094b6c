import COpenSSL

/// Whether both arrays hold the same bytes, in a time that depends on their lengths only. For
/// comparing secrets and their hashes.
public func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}
