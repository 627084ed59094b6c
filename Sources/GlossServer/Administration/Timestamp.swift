import Glibc

/// Times as people and programs read them.
enum Timestamp {
    /// RFC 3339 in UTC with milliseconds, of milliseconds since 1970.
    static func text(_ milliseconds: Int) -> String {
        var seconds = time_t(milliseconds / 1_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var buffer = [CChar](repeating: 0, count: 32)
        let count = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%S", &parts)
        let text = String(
            decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let fraction = String(1_000 + milliseconds % 1_000).dropFirst()
        return "\(text).\(fraction)Z"
    }
}
