/// Why the stored form of a document cannot be read.
///
/// What was to be opened is then not opened, or the document is as it was before.
public struct CodecError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Code: String, Hashable, Sendable {
        /// The bytes are not of the kind asked for, or of Gloss at all.
        case notGloss = "not_gloss"
        /// They are of a version that this program does not know.
        case unsupportedVersion = "unsupported_version"
        /// They are cut off, altered, or say what cannot be.
        case damaged
        /// They stand for more than a document may hold, or for too much for their length.
        case tooLarge = "too_large"
        /// They are a history, but not that of the snapshot.
        case mismatch
        /// What was asked for is older than the snapshot, whose history did not come along: see
        /// ``Document/attach(history:)``.
        case needsLog = "needs_log"
    }

    /// What is wrong.
    public var code: Code
    /// What exactly, for the log and for developers.
    public var message: String

    /// An error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The code and the message.
    public var description: String { "\(code.rawValue): \(message)" }

    static func damaged(_ message: String) -> CodecError { CodecError(.damaged, message) }
}
