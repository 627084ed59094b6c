/// Why a change cannot be taken in.
///
/// The document is then as it was before.
public struct ChangeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, in the words of the protocol's error codes but for ``needsLog``, which no
    /// ``Replica`` throws, as it has its log, so that no peer hears of it.
    public enum Code: String, Hashable, Sendable {
        /// The change contradicts the rules: it can never be taken.
        case invalidOp = "invalid_op"
        /// It depends on changes that have not arrived.
        case missingDependency = "missing_dep"
        /// Too many changes wait for their causes already.
        case tooLarge = "too_large"
        /// It can only be judged with the older log, which is not there: see ``Document/needsLog``.
        case needsLog = "needs_log"
    }

    /// What is wrong.
    public var code: Code
    /// What exactly, for the log and for developers.
    public var message: String
    /// The operations that are missing, for ``Code/missingDependency``.
    public var missing: [OpID]

    /// An error.
    public init(_ code: Code, _ message: String, missing: [OpID] = []) {
        self.code = code
        self.message = message
        self.missing = missing
    }

    /// The code and the message.
    public var description: String { "\(code.rawValue): \(message)" }
}
