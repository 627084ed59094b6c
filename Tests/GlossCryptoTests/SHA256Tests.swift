import GlossCrypto
import Testing

@Suite struct SHA256Tests {
    /// FIPS 180-4 examples.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `gives the published digest`(message: String, digest: String) {
        #expect(SHA256.hash(Array(message.utf8)).description == digest)
    }

    @Test func `gives the published digest of a million letters, fed in pieces`() {
        let message = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        var hash = SHA256()
        var rest = message[...]
        var size = 1
        while !rest.isEmpty {
            hash.update(rest.prefix(size))
            rest = rest.dropFirst(size)
            size = size * 3 % 4099
        }
        let digest = hash.finalize()
        #expect(digest == SHA256.hash(message))
        #expect(
            digest.description
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func `a slice hashes like the array of its bytes`() {
        let message = Array("xxabcxx".utf8)
        #expect(SHA256.hash(message[2..<5]) == SHA256.hash(Array("abc".utf8)))
    }

    @Test func `a digest gives its bytes back and its first eight as a big-endian word`() throws {
        let digest = SHA256.hash(Array("abc".utf8))
        #expect(SHA256Digest(digest.bytes) == digest)
        #expect(digest.leadingWord == 0xba78_16bf_8f01_cfea)
        #expect(digest.withUnsafeBytes { Array($0) } == digest.bytes)
        #expect(Set([digest, SHA256.hash([1])]).count == 2)
    }

    @Test(arguments: [0, 31, 33]) func `other lengths are no digest`(count: Int) {
        #expect(SHA256Digest([UInt8](repeating: 0, count: count)) == nil)
    }
}
