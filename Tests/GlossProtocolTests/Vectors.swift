import Foundation
import GlossProtocol
import Testing

/// The frozen lines in `Protocol/vectors`.
enum Vectors {
    static func lines(_ path: String) throws -> [[UInt8]] {
        try data("vectors/\(path)").split(separator: 0x0A).map { Array($0) }
    }

    /// Changes that a decoder takes.
    static func validChanges() throws -> [[UInt8]] {
        try ["changes", "checks"].flatMap { try lines("codec/\($0).valid.jsonl") }
    }

    /// Changes that a decoder refuses, each in an object with its code and why.
    static func invalidChanges() throws -> [[UInt8]] {
        try ["changes", "checks"].flatMap { try lines("codec/\($0).invalid.jsonl") }
    }

    /// The text of a page in `Protocol`.
    static func page(_ path: String) throws -> String {
        String(decoding: try data(path), as: UTF8.self)
    }

    /// The bytes that some hex digits spell.
    static func bytes(hex: String) -> [UInt8] {
        var digits = Substring(hex)
        var bytes: [UInt8] = []
        while let byte = UInt8(digits.prefix(2), radix: 16) {
            bytes.append(byte)
            digits = digits.dropFirst(2)
        }
        return bytes
    }

    private static func data(_ path: String) throws -> Data {
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return try Data(contentsOf: root.appending(path: "Protocol/\(path)"))
    }
}

extension JSONValue {
    var text: String? { if case .string(let text) = self { text } else { nil } }
    var members: JSONObject? { if case .object(let object) = self { object } else { nil } }
    var elements: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
}
