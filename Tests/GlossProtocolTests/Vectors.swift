import Foundation
import GlossProtocol
import Testing

/// The frozen lines in `Protocol/vectors`.
enum Vectors {
    static func lines(_ path: String) throws -> [[UInt8]] {
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let data = try Data(contentsOf: root.appending(path: "Protocol/vectors/\(path)"))
        return data.split(separator: 0x0A).map { Array($0) }
    }
}

extension JSONValue {
    var text: String? { if case .string(let text) = self { text } else { nil } }
    var members: JSONObject? { if case .object(let object) = self { object } else { nil } }
    var elements: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
}
