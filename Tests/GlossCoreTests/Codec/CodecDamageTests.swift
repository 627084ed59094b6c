import TestSupport
import Testing

@testable import GlossCore

/// Damaged and hostile bytes are refused with a typed error, or stand for a sound document.
@Suite struct CodecDamageTests {
    /// Histories and snapshots with something of everything.
    private static func examples() throws -> [(isHistory: Bool, bytes: [UInt8])] {
        var examples: [(Bool, [UInt8])] = []
        for seed: UInt64 in 0..<6 {
            var documents = [try CodecSeeds.typed(seed: seed).encodeHistory()]
            for (id, changes) in try CodecSeeds.deliveries(seed: seed * 4) {
                documents.append(try CodecSeeds.document(id, changes).encodeHistory())
            }
            for history in documents {
                examples.append((true, history))
                examples.append((false, try Document(history: history).encodeSnapshot()))
            }
        }
        return examples
    }

    @Test func `every truncation of every example is refused`() throws {
        for (isHistory, bytes) in try Self.examples() {
            for count in 0..<bytes.count {
                expectRefusal(of: Array(bytes.prefix(count)), isHistory: isHistory)
            }
            expectRefusal(of: bytes + [0], isHistory: isHistory)
        }
    }

    @Test func `every altered byte is noticed`() throws {
        for (isHistory, bytes) in try Self.examples() {
            for index in bytes.indices {
                var altered = bytes
                altered[index] ^= UInt8(1 << (index % 8))
                expectRefusal(of: altered, isHistory: isHistory)
            }
        }
    }

    @Test func `what is altered under a right checksum gives an error or a sound document`() throws
    {
        var random = SeededRandom(seed: 77)
        var refused = 0
        for (isHistory, bytes) in try Self.examples() {
            for index in stride(from: 8 + random.below(5), to: bytes.count - 8, by: 5) {
                var altered = bytes
                altered[index] = random.chance(0.5) ? altered[index] ^ (1 << UInt8(index % 8)) : 255
                if try !isTaken(resealed(altered), isHistory: isHistory) { refused += 1 }
            }
        }
        check(refused > 500)
    }

    @Test func `random damage under a right checksum gives an error or a sound document`() throws {
        var random = SeededRandom(seed: UInt64(CodecSeeds.firstSeed))
        let examples = try Self.examples()
        for _ in 0..<CodecSeeds.damageCount {
            let (isHistory, bytes) = examples[random.below(examples.count)]
            var altered = bytes
            for _ in 0...random.below(3) {
                let place = 8 + random.below(altered.count - 16)
                switch random.below(4) {
                case 0: altered[place] = UInt8(random.below(256))
                case 1: altered.remove(at: place)
                case 2: altered.insert(UInt8(random.below(256)), at: place)
                default:
                    let other = examples[random.below(examples.count)].bytes
                    altered.replaceSubrange(
                        place..<altered.count - 8,
                        with: other[min(place, other.count - 8)..<other.count - 8])
                }
                while altered.count < 24 { altered.append(0) }
            }
            _ = try isTaken(resealed(altered), isHistory: isHistory)
        }
    }

    @Test func `other bytes and other versions have their own errors`() throws {
        let bytes = try CodecSeeds.typed(seed: 1).encodeHistory()
        check(code(of: Array("{\"a\":1}, some other file".utf8)) == .notGloss)
        var later = bytes
        later[6] = 2
        check(code(of: resealed(later)) == .unsupportedVersion)
        check(code(of: Document(id: CodecSeeds.article).encodeSnapshot()) == .notGloss)
        check(code(of: []) == .notGloss)
    }

    @Test func `a small file never stands for a huge document`() throws {
        var document = Document(id: CodecSeeds.article)
        let author = Author(agent: AgentID(rawValue: 1), time: 0)
        let text = Array(repeating: "a" as Unicode.Scalar, count: 5_000_000)
        try document.replace(0..<0, with: text, by: author)
        try document.replace(0..<text.count, with: [], by: author)
        let bytes = document.encodeSnapshot()
        check(bytes.count >= 10_000_000 / 64 - 2000 && bytes.count < 200_000)
        expectSame(document, try Document(snapshot: bytes), "padded")
        let padding = Envelope.paddingLength(of: bytes)
        let unpadded = resealed(
            Array(bytes.prefix(bytes.count - padding - 16))
                + [UInt8](repeating: 0, count: 16))
        let error = #expect(throws: CodecError.self) { _ = try Document(snapshot: unpadded) }
        #expect(error?.code == .tooLarge)
    }

    private func code(of bytes: [UInt8]) -> CodecError.Code? {
        do {
            _ = try Document(history: bytes)
            return nil
        } catch {
            return error.code
        }
    }

    private func resealed(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        let end = bytes.count - 8
        let sum = XXHash64.hash(bytes.span.extracting(0..<end))
        for place in 0..<8 {
            bytes[end + place] = UInt8(truncatingIfNeeded: sum >> UInt64(8 * place))
        }
        return bytes
    }

    private func expectRefusal(
        of bytes: [UInt8], isHistory: Bool, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: CodecError.self, sourceLocation: sourceLocation) {
            if isHistory {
                _ = try Document(history: bytes)
            } else {
                _ = try Document(snapshot: bytes)
            }
        }
    }

    /// Whether bytes are taken; what they stand for must then be sound, and bear being read, edited
    /// and stored.
    private func isTaken(_ bytes: [UInt8], isHistory: Bool) throws -> Bool {
        do throws(CodecError) {
            if isHistory {
                var document = try Document(history: bytes)
                document.checkAll()
                use(&document)
                for index in 0..<document.changeCount { _ = document.change(at: index) }
                _ = try document.text(at: document.frontier)
                let again = try document.encodeHistory()
                expectSame(document, try Document(history: again), "damaged history")
            } else {
                var document = try Document(snapshot: bytes)
                document.checkAll()
                use(&document)
                let again = document.encodeSnapshot()
                expectSame(document, try Document(snapshot: again), "damaged snapshot")
            }
            return true
        } catch {
            return false
        }
    }

    private func use(_ document: inout Document) {
        _ = document.text
        _ = document.blame()
        _ = document.textIndex
        guard document.kind == .article else { return }
        let author = Author(agent: AgentID(rawValue: 1 << 60), time: 1)
        let middle = document.textCount / 2
        do {
            try document.replace(0..<middle, with: ["€"], by: author)
            try document.replace(0..<0, with: ["a", "b"], by: author)
        } catch {
            Issue.record("\(error)")
        }
    }
}
