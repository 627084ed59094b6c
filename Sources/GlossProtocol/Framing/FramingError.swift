/// Why a byte stream cannot be cut into lines any further.
public enum FramingError: Error, Hashable, Sendable {
    /// A line is longer than `limit` bytes, its end not counted.
    case lineTooLong(limit: Int)
}
