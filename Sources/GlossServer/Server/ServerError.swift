import Glibc

/// Why a server could not start or an administrator's command was not done.
public struct ServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    public enum Code: String, Hashable, Sendable, Codable {
        /// There is no such user, device or library.
        case notFound = "not_found"
        /// There is one of that name already.
        case exists
        /// The request makes no sense as it stands.
        case invalid
        /// The configuration cannot be used.
        case configuration
        /// Another server uses the data directory, or the address is taken.
        case inUse = "in_use"
        /// The database is damaged, or none of this program.
        case damaged
        /// A file or directory cannot be used; the message says which and why.
        case io
        /// The running server cannot be reached, or does not understand.
        case unreachable
    }

    /// What went wrong.
    public var code: Code
    /// What happened and what to try, for people.
    public var message: String

    /// An error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// What a failed call of the operating system means for a file.
    init(errno code: Int32, path: String) {
        let reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
        self.init(.io, "\(path): \(reason).")
    }

    /// The message.
    public var description: String { message }
}
