import Glibc

/// A file of settings: `key = value` a line, `#` for remarks, values with or without quotes.
struct ConfigurationFile {
    /// The longest file read, in bytes.
    private static let sizeLimit = 65_536

    private var values: [ServerConfiguration.Setting: String] = [:]

    /// The value of a setting; `nil` if the file has none.
    subscript(setting: ServerConfiguration.Setting) -> String? { values[setting] }

    /// The settings in a file; none if no path is given. Throws for a line that is not understood.
    static func load(_ path: String?) throws(ServerError) -> ConfigurationFile {
        guard let path else { return ConfigurationFile() }
        guard let text = read(path) else {
            let reason = strerror(errno).map { String(cString: $0) } ?? "unreadable"
            throw ServerError(.configuration, "\(path): \(reason)")
        }
        return try ConfigurationFile(text, path: path)
    }

    private init() {}

    init(_ text: String, path: String) throws(ServerError) {
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let line = Self.trim(raw)
            if line.isEmpty || line.first == "#" { continue }
            let place = "\(path), line \(index + 1)"
            guard let equals = line.firstIndex(of: "=") else {
                throw ServerError(.configuration, "\(place): write key = value")
            }
            let key = String(Self.trim(line[..<equals]))
            guard let setting = ServerConfiguration.Setting(rawValue: key) else {
                let known = ServerConfiguration.Setting.allCases.map(\.rawValue)
                    .joined(separator: ", ")
                throw ServerError(.configuration, "\(place): there is no “\(key)”. Keys: \(known)")
            }
            guard values[setting] == nil else {
                throw ServerError(.configuration, "\(place): “\(key)” is there twice")
            }
            values[setting] = try Self.value(Self.trim(line[line.index(after: equals)...]), place)
        }
    }

    private static func value(_ text: Substring, _ place: String) throws(ServerError) -> String {
        if text.first == "\"" {
            let rest = text.dropFirst()
            guard let end = rest.firstIndex(of: "\"") else {
                throw ServerError(.configuration, "\(place): the quote is not closed")
            }
            let tail = trim(rest[rest.index(after: end)...])
            guard tail.isEmpty || tail.first == "#" else {
                throw ServerError(.configuration, "\(place): there is something behind the value")
            }
            return String(rest[..<end])
        }
        let bare = trim(text.prefix { $0 != "#" })
        guard !bare.isEmpty else {
            throw ServerError(.configuration, "\(place): the value is missing")
        }
        return String(bare)
    }

    private static func trim(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" || last == "\r" {
            text.removeLast()
        }
        return text
    }

    private static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: sizeLimit)
        let count = Glibc.read(file, &bytes, bytes.count)
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
