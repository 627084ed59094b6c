import FoundationEssentials

/// A configuration, and for each key where its value comes from.
public struct ResolvedConfiguration: Sendable {
    /// Where a value comes from.
    public enum Origin: Hashable, Sendable, CustomStringConvertible {
        /// The command line.
        case flag
        /// A variable of the environment.
        case environment(String)
        /// A line of the configuration file.
        case file(String, line: Int)
        /// Nobody has set it.
        case `default`

        /// For people: `flag`, the variable's name, `file:line` or `default`.
        public var description: String {
            switch self {
            case .flag: "flag"
            case .environment(let name): name
            case .file(let path, let line): "\(path):\(line)"
            case .default: "default"
            }
        }
    }

    /// A key with its value.
    public struct Entry: Sendable {
        /// The key.
        public var key: ConfigurationKey
        /// Its value as a file would have it; `nil` if there is none.
        public var value: String?
        /// Where that comes from.
        public var origin: Origin
    }

    /// What results.
    public var configuration: ServerConfiguration
    /// Every key, in the order of the table.
    public var entries: [Entry]
    /// The file that was read, if any.
    public var file: String?

    /// The value of a key.
    func value(of name: String) -> String? {
        entries.first { $0.key.name == name }?.value
    }
}

extension ResolvedConfiguration {
    private struct Report: Encodable {
        struct Key: Encodable {
            var key: String
            var value: String?
            var origin: String
            var variable: String?
            var file: String?
            var line: Int?
            var changes: String
        }

        var schema = "glossd.config/1"
        var file: String?
        var keys: [Key]
    }

    /// Keys, values and origins as one line of JSON.
    public var json: String {
        let keys = entries.map { entry in
            var key = Report.Key(
                key: entry.key.name, value: entry.value, origin: "default",
                changes: entry.key.effect.rawValue)
            switch entry.origin {
            case .flag: key.origin = "flag"
            case .environment(let name): (key.origin, key.variable) = ("environment", name)
            case .file(let path, let line):
                (key.origin, key.file, key.line) = ("file", path, line)
            case .default: break
            }
            return key
        }
        return AdminCoding.line(Report(file: file, keys: keys))
    }
}
