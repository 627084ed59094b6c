import Glibc

/// A file of settings: `key = value` a line, `#` for remarks, values with or without quotes.
struct ConfigurationFile {
    /// The longest file read, in bytes.
    private static let sizeLimit = 65_536

    /// A value and the number of its line, from 1 on.
    struct Entry: Hashable {
        var value: String
        var line: Int
    }

    private var entries: [String: Entry] = [:]
    /// What is not understood, each with its place, for people.
    private(set) var problems: [String] = []

    /// The value of a key; `nil` if the file has none.
    subscript(key: String) -> Entry? { entries[key] }

    /// The settings in a file; none if no path is given. Throws for a file that cannot be read.
    static func load(_ path: String?) throws(ServerError) -> ConfigurationFile {
        guard let path else { return ConfigurationFile() }
        guard let text = read(path) else {
            let reason = strerror(errno).map { String(cString: $0) } ?? "unreadable"
            throw ServerError(.configuration, "\(path): \(reason)")
        }
        return ConfigurationFile(text, path: path)
    }

    private init() {}

    init(_ text: String, path: String) {
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let line = Self.trim(raw)
            if line.isEmpty || line.first == "#" { continue }
            if let problem = take(line, number: index + 1) {
                problems.append("\(path), line \(index + 1): \(problem)")
            }
        }
    }

    /// Takes a line in; gives what is wrong with it, if anything.
    private mutating func take(_ line: Substring, number: Int) -> String? {
        guard let equals = line.firstIndex(of: "=") else { return "write key = value" }
        let key = String(Self.trim(line[..<equals]))
        guard ConfigurationKey.named(key) != nil else {
            return "there is no “\(key)”. Keys: \(ConfigurationKey.names)"
        }
        guard entries[key] == nil else { return "“\(key)” is there twice" }
        switch Self.value(Self.trim(line[line.index(after: equals)...])) {
        case .success(let value): entries[key] = Entry(value: value, line: number)
        case .failure(let problem): return problem.text
        }
        return nil
    }

    private struct Malformed: Error {
        var text: String
    }

    private static func value(_ text: Substring) -> Result<String, Malformed> {
        if text.first == "\"" {
            let rest = text.dropFirst()
            guard let end = rest.firstIndex(of: "\"") else {
                return .failure(Malformed(text: "the quote is not closed"))
            }
            let tail = trim(rest[rest.index(after: end)...])
            guard tail.isEmpty || tail.first == "#" else {
                return .failure(Malformed(text: "there is something behind the value"))
            }
            return .success(String(rest[..<end]))
        }
        let bare = trim(text.prefix { $0 != "#" })
        return bare.isEmpty
            ? .failure(Malformed(text: "the value is missing")) : .success(String(bare))
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
