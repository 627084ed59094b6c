/// Why something that came from a peer cannot be taken.
public struct WireError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public var code: ErrorCode
    /// What exactly, for the log and for developers. Never holds secrets.
    public var message: String
    /// The `id` of the message at fault, where it could be read.
    public var id: Int?

    /// An error.
    public init(_ code: ErrorCode, _ message: String, id: Int? = nil) {
        self.code = code
        self.message = message
        self.id = id
    }

    /// Whether the connection cannot go on behind it.
    public var isFatal: Bool { code.scope == .connection }

    /// The code and the message.
    public var description: String { "\(code.rawValue): \(message)" }
}
