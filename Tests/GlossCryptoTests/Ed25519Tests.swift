import GlossCrypto
import Testing

@Suite struct Ed25519Tests {
    struct Vector: Sendable {
        let seed: String
        let publicKey: String
        let message: String
        let signature: String
    }

    /// RFC 8032, section 7.1, tests 1 to 3.
    static let vectors = [
        Vector(
            seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            message: "",
            signature: """
                e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155
                5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b
                """),
        Vector(
            seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            message: "72",
            signature: """
                92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da
                085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00
                """),
        Vector(
            seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            message: "af82",
            signature: """
                6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac
                18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a
                """),
    ]

    @Test(arguments: vectors) func `signs as published`(vector: Vector) throws {
        let key = try Ed25519.PrivateKey(rawRepresentation: bytes(vector.seed))
        #expect(key.publicKey.rawRepresentation == bytes(vector.publicKey))
        #expect(try key.rawRepresentation == bytes(vector.seed))
        #expect(try key.sign(bytes(vector.message)) == bytes(vector.signature))
    }

    @Test(arguments: vectors) func `verifies as published`(vector: Vector) throws {
        let key = try Ed25519.PublicKey(rawRepresentation: bytes(vector.publicKey))
        let signature = bytes(vector.signature)
        #expect(key.isValidSignature(signature, of: bytes(vector.message)))
        #expect(!key.isValidSignature(signature, of: bytes(vector.message) + [0]))
        for index in [0, 31, 32, 63] {
            var changed = signature
            changed[index] ^= 1
            #expect(!key.isValidSignature(changed, of: bytes(vector.message)))
        }
    }

    @Test func `a new key signs, and another key does not verify it`() throws {
        let key = try Ed25519.PrivateKey()
        let other = try Ed25519.PrivateKey()
        let message = Array("receipt".utf8)
        let signature = try key.sign(message)
        #expect(key.publicKey != other.publicKey)
        #expect(key.publicKey.isValidSignature(signature, of: message))
        #expect(!other.publicKey.isValidSignature(signature, of: message))
    }

    @Test(arguments: [0, 31, 33]) func `keys of other lengths are refused`(count: Int) {
        let raw = [UInt8](repeating: 1, count: count)
        let expected = CryptoError.wrongKeyLength(expected: 32, found: count)
        #expect(throws: expected) { try Ed25519.PrivateKey(rawRepresentation: raw) }
        #expect(throws: expected) { try Ed25519.PublicKey(rawRepresentation: raw) }
    }

    @Test func `bytes that are no point or no signature verify nothing`() throws {
        let key = try Ed25519.PublicKey(rawRepresentation: [UInt8](repeating: 0xff, count: 32))
        #expect(!key.isValidSignature([UInt8](repeating: 0, count: 64), of: []))
        #expect(!key.isValidSignature([], of: []))
    }
}
