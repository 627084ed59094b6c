import GlossCrypto
import Testing

@Suite struct RandomTests {
    @Test(arguments: [0, 1, 16, 100_000]) func `gives as many bytes as asked for`(count: Int) {
        #expect(randomBytes(count).count == count)
    }

    @Test func `never gives the same 16 bytes twice`() {
        #expect(Set((0..<1000).map { _ in randomBytes(16) }).count == 1000)
    }

    @Test func `every bit of a generated word is sometimes set and sometimes not`() {
        var random = SystemRandom()
        var union: UInt64 = 0
        var intersection = UInt64.max
        for _ in 0..<256 {
            let word = random.next()
            union |= word
            intersection &= word
        }
        #expect(union == .max)
        #expect(intersection == 0)
    }

    @Test func `equal means the same bytes`() {
        let secret = randomBytes(32)
        #expect(constantTimeEqual(secret, secret))
        #expect(constantTimeEqual([], []))
        #expect(!constantTimeEqual(secret, Array(secret.dropLast())))
        for index in secret.indices {
            var other = secret
            other[index] ^= 0x80
            #expect(!constantTimeEqual(secret, other))
        }
    }
}
