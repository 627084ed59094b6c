import FoundationEssentials
public import GlossProtocol

/// The schemas in Protocol/schemas, read once.
public struct ProtocolSchemas: Sendable {
    /// What a line is to be.
    public enum Form: String, Sendable {
        /// What a client says.
        case client = "client.json"
        /// What a server says.
        case server = "server.json"
        /// The bytes of a change.
        case change = "change.json"
        /// What is asked over the admin socket.
        case adminRequest = "admin/request.json"
        /// What is answered there.
        case adminAnswer = "admin/answer.json"
    }

    /// Those of this source tree. Traps if they cannot be used.
    public static let shared: ProtocolSchemas = {
        do { return try ProtocolSchemas() } catch { preconditionFailure("\(error)") }
    }()

    /// The files, by their path in the folder.
    public let files: [String: JSONValue]
    /// What they say.
    public let set: SchemaSet

    private init() throws {
        var root = URL(filePath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let folder = root.appending(path: "Protocol/schemas").path
        var files: [String: JSONValue] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder)
        where path.hasSuffix(".json") {
            let data = try Data(contentsOf: URL(filePath: "\(folder)/\(path)"))
            files[path] = try JSONParser.parse(Array(data), depth: 64)
        }
        self.files = files
        set = try SchemaSet(files)
    }

    /// Why a line is not of a form; `nil` if it is.
    ///
    /// - Parameter isClosed: whether fields that no schema names are wrong, even where readers
    ///   ignore them. Lines that a program of this version wrote have none.
    public func complaint(
        about line: [UInt8], as form: Form, isClosed: Bool = true
    ) -> String? {
        do throws(JSONError) {
            let value = try JSONParser.parse(line)
            return failure(of: value, as: form, isClosed: isClosed).map {
                "\($0) in \(String(decoding: line.prefix(300), as: UTF8.self))"
            }
        } catch {
            return "\(error) in \(String(decoding: line.prefix(300), as: UTF8.self))"
        }
    }

    /// Why a value is not of a form; `nil` if it is.
    public func failure(
        of value: JSONValue, as form: Form, isClosed: Bool = false
    ) -> SchemaFailure? {
        set.failure(of: value, by: form.rawValue, isClosed: isClosed)
    }
}
