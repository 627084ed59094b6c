import Foundation
import GlossProtocol
import TestSupport
import Testing

/// The codec beside that of `Protocol/reference`, which was written from the prose.
@Suite(
    "The codec and the reference's",
    .enabled(if: ReferencePrograms.python != nil, "\(ReferencePrograms.needs)"))
struct ReferenceCodecTests {
    @Test("Changes with one thing altered are taken or refused alike, with the same code")
    func altered() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "gloss-codec-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let lines = folder.appending(path: "codec")
        try FileManager.default.createDirectory(at: lines, withIntermediateDirectories: true)
        let changes = try Vectors.validChanges().filter { $0.count < 4_096 }
        var (valid, invalid) = ([[UInt8]](), [[UInt8]]())
        for seed in 0..<UInt64(4_000) {
            var alteration = Alteration(random: SeededRandom(seed: seed))
            let change = changes[alteration.random.below(changes.count)]
            let altered = JSONWriter.canonicalBytes(
                alteration.apply(to: try JSONParser.parse(change)))
            do {
                _ = try ChangeCodec.decode(altered)
                valid.append(altered)
            } catch {
                let refusal = JSONObject(members: [
                    .init(key: "line", value: .string(String(decoding: altered, as: UTF8.self))),
                    .init(key: "code", value: .string(error.code.rawValue)),
                    .init(key: "why", value: .string("seed \(seed): \(error)")),
                ])
                invalid.append(JSONWriter.canonicalBytes(.object(refusal)))
            }
        }
        #expect(valid.count > 400 && invalid.count > 400)
        for (name, lines) in [("valid", valid), ("invalid", invalid)] {
            let file = folder.appending(path: "codec/altered.\(name).jsonl")
            try Data(lines.map { $0 + [0x0A] }.joined()).write(to: file)
        }
        let (isRight, said) = try ReferencePrograms.check(folder.path)
        #expect(isRight && said.contains(", 0 wrong"), "\(said.prefix(4_000))")
    }
}

/// Alters one value somewhere in another one.
private struct Alteration {
    var random: SeededRandom
    /// How many values come before the one to alter.
    private var place = 0

    init(random: SeededRandom) {
        self.random = random
    }

    mutating func apply(to value: JSONValue) -> JSONValue {
        place = random.below(Self.count(of: value))
        return descend(into: value)
    }

    private static func count(of value: JSONValue) -> Int {
        switch value {
        case .array(let values): 1 + values.map(count(of:)).reduce(0, +)
        case .object(let object): 1 + object.members.map { count(of: $0.value) }.reduce(0, +)
        default: 1
        }
    }

    private mutating func descend(into value: JSONValue) -> JSONValue {
        place -= 1
        if place == -1 { return altered(value) }
        switch value {
        case .array(var values):
            for index in values.indices { values[index] = descend(into: values[index]) }
            return .array(values)
        case .object(var object):
            for index in object.members.indices {
                object.members[index].value = descend(into: object.members[index].value)
            }
            return .object(object)
        default: return value
        }
    }

    private mutating func altered(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(var values) where !values.isEmpty && random.chance(0.6):
            let index = random.below(values.count)
            switch random.below(3) {
            case 0: values.remove(at: index)
            case 1: values.append(values[index])
            default: values.reverse()
            }
            return .array(values)
        case .object(var object) where !object.members.isEmpty && random.chance(0.8):
            let index = random.below(object.members.count)
            if random.chance(0.5) {
                object.members.remove(at: index)
            } else {
                let key = Self.keys[random.below(Self.keys.count)]
                object.members.removeAll { $0.key == key }
                object.members.append(.init(key: key, value: substitute()))
                object.members.sort { $0.key < $1.key }
            }
            return .object(object)
        default: return substitute()
        }
    }

    private mutating func substitute() -> JSONValue {
        Self.substitutes[random.below(Self.substitutes.count)]
    }

    private static let keys = [
        "a", "ac", "at", "b", "c", "d", "e", "ev", "f", "fr", "g", "k", "l", "m", "n", "o", "on",
        "p", "q", "r", "rp", "s", "t", "take", "tg", "u", "v", "vd", "w", "x", "y", "zz",
    ]

    private static let substitutes: [JSONValue] = [
        .null, .bool(true), .integer(0), .integer(1), .integer(3), .integer(-1),
        .integer(2_147_483_647), .integer(2_147_483_648), .integer(9_007_199_254_740_991),
        .string(""), .string("x"), .string("é"), .string("00000000000000a1:0"),
        .string("00000000000000b2:1"), .string("00000000000000b2:2147483647"),
        .string("00000000000000b2:2147483648"), .string("00000000000000b2:01"),
        .string("00000000000000B2:1"), .string("0123456789abcdef"),
        .string(String(repeating: "x", count: 64)), .string(String(repeating: "é", count: 33)),
        .string(String(repeating: "x", count: 257)), .string(String(repeating: "x", count: 4_097)),
        .string("value"), .string("ins"), .string("set"), .string("resolve"), .string("note"),
        .array([]), .array([.integer(0)]), .array([.integer(1), .integer(0)]),
        .array([.string("00000000000000b2:1")]), .array([.array([.integer(0), .integer(1)])]),
        .array([.array([.integer(0), .integer(1), .integer(1)])]),
        .object(JSONObject(members: [])),
        .object(JSONObject(members: [.init(key: "s", value: .string("source"))])),
    ]
}
