import FoundationEssentials
public import GlossProtocol

/// A session of `Protocol/vectors/transcripts`: what was said, by whom, and what may be said otherwise.
public struct Transcript: Sendable {
    /// One line of the file behind the first.
    public struct Step: Sendable {
        /// `C1`: the client of the first connection; `S1`: the server on it; `S`: the server;
        /// `admin`: an administrator.
        public var who: String
        /// What is said.
        public var line: [UInt8]?
        /// What happens without being said.
        public var does: String?
        /// The fields that may differ or be left out, as JSON pointers.
        public var vary: [String]

        /// Whether a client says it.
        public var isOfClient: Bool { who.hasPrefix("C") }
        /// The number of the connection; 0 where it is about none.
        public var connection: Int { Int(who.dropFirst()) ?? 0 }
    }

    /// The name of the file.
    public var name: String
    /// Whether a client can bring it about with a server that is left to itself.
    public var isByLines: Bool
    /// The library, as the lines have it.
    public var library: String
    /// Invitations there are, with their roles.
    public var invitations: [(secret: String, role: String)]
    /// The kinds of the conflicts there are in the end.
    public var conflicts: [String]
    /// What was said.
    public var steps: [Step]

    /// All there are.
    public static func all() throws -> [Transcript] {
        var root = URL(filePath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let folder = root.appending(path: "Protocol/vectors/transcripts").path
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
            let data = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
            return try Transcript(name: name, Array(data))
        }
    }

    private init(name: String, _ bytes: [UInt8]) throws(JSONError) {
        var lines: [JSONObject] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard case .object(let object) = try JSONParser.parse(Array(line)) else {
                preconditionFailure("\(name) has a line that is no object")
            }
            lines.append(object)
        }
        guard let head = lines.first else { preconditionFailure("\(name) is empty") }
        self.name = name
        isByLines = head["byLines"] == .bool(true)
        library = head.text("library") ?? ""
        invitations = head.objects("invitations").map {
            ($0.text("secret") ?? "", $0.text("role") ?? "")
        }
        conflicts = head.texts("conflicts")
        steps = lines.dropFirst().map { object in
            Step(
                who: object.text("who") ?? "", line: object.text("line").map { Array($0.utf8) },
                does: object.text("does"), vary: object.texts("vary"))
        }
    }
}

extension JSONObject {
    fileprivate func text(_ key: String) -> String? {
        if case .string(let text) = self[key] { text } else { nil }
    }

    fileprivate func texts(_ key: String) -> [String] {
        guard case .array(let values) = self[key] else { return [] }
        return values.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    fileprivate func objects(_ key: String) -> [JSONObject] {
        guard case .array(let values) = self[key] else { return [] }
        return values.compactMap { if case .object(let object) = $0 { object } else { nil } }
    }
}

extension Transcript.Step {
    /// What lines may have that is newer than the transcripts: receipts.
    private static let added = ["/chain", "/sig"]

    /// A line without what may differ in this one, in the canonical spelling, for comparison.
    public func essence(of line: [UInt8]) throws(JSONError) -> String {
        var value = try JSONParser.parse(line)
        for pointer in vary + Self.added {
            value = value.without(pointer.split(separator: "/")[...])
        }
        return String(decoding: JSONWriter.canonicalBytes(value), as: UTF8.self)
    }
}

extension JSONValue {
    /// The value without the member that a path leads to.
    fileprivate func without(_ path: ArraySlice<Substring>) -> JSONValue {
        guard let step = path.first else { return self }
        switch self {
        case .object(var object):
            if path.count == 1 {
                object.members.removeAll { $0.key == step }
            } else if let index = object.members.firstIndex(where: { $0.key == step }) {
                object.members[index].value = object.members[index].value.without(path.dropFirst())
            }
            return .object(object)
        case .array(var values):
            if let index = Int(step), values.indices.contains(index) {
                values[index] = values[index].without(path.dropFirst())
            }
            return .array(values)
        case .null, .bool, .integer, .string: return self
        }
    }
}
