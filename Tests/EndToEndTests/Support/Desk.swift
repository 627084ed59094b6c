import Foundation
import Glibc
import Testing

/// A directory of its own for one test, with a home, and the programs started in it. What is left
/// when the test ends is killed and removed.
final class Desk: Sendable {
    let path: String
    private let programs = Programs()

    init() throws {
        var name = Array("/tmp/gloss-e2e-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else { throw Failure("there is no temporary directory") }
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try FileManager.default.createDirectory(
            atPath: path + "/home", withIntermediateDirectories: true)
    }

    deinit {
        programs.destroyAll()
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Starts a program in this directory.
    func start(
        _ arguments: [String], _ environment: [String: String] = [:], input: String = "",
        keepsInputOpen: Bool = false, limit: Double = 60
    ) throws -> Program {
        var all = [
            "PATH": "\(Binaries.directory):/usr/local/bin:/usr/bin:/bin", "HOME": path + "/home",
            "LANG": "C.UTF-8", "USER": "tester",
        ]
        all.merge(environment) { $1 }
        let program = try Program(
            arguments, environment: all, directory: path, input: input,
            keepsInputOpen: keepsInputOpen, limit: limit)
        programs.add(program)
        return program
    }

    /// Runs a program to its end.
    func run(
        _ arguments: [String], _ environment: [String: String] = [:], input: String = "",
        limit: Double = 60
    ) async throws -> Ran {
        let program = try start(arguments, environment, input: input, limit: limit)
        return Ran(arguments, await program.end())
    }

    /// Writes a file; gives its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// The text of a file.
    func read(_ name: String) throws -> String {
        String(
            decoding: try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")), as: UTF8.self)
    }
}

/// Programs that must not outlive their test.
private final class Programs: @unchecked Sendable {  // guarded by its lock
    private let lock = NSLock()
    private var all: [Program] = []

    func add(_ program: Program) {
        lock.withLock {
            all.removeAll { $0.soFar.ending != nil }
            all.append(program)
        }
    }

    func destroyAll() { lock.withLock { for program in all { program.destroy() } } }
}

/// What a program did from start to end.
struct Ran: Sendable, CustomStringConvertible {
    let arguments: [String]
    let ending: Program.Ending?
    let output: String
    let errors: String

    init(_ arguments: [String], _ progress: Program.Progress) {
        self.arguments = arguments
        ending = progress.ending
        output = progress.outputText
        errors = progress.errorText
    }

    /// The status it exited with; -1 if it did not.
    var status: Int32 {
        if case .exited(let status) = ending { return status }
        return -1
    }

    /// The objects that it printed, one a line; throws if a line is none.
    func objects() throws -> [JSON] { try JSON.lines(output) }

    var description: String {
        "\(arguments.joined(separator: " ")) → \(ending.map { "\($0)" } ?? "runs")\n\(output)\(errors)"
    }
}

/// A value of JSON.
enum JSON: Decodable, Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let string = try? value.decode(String.self) {
            self = .string(string)
        } else if let array = try? value.decode([JSON].self) {
            self = .array(array)
        } else {
            self = .object(try value.decode([String: JSON].self))
        }
    }

    /// The values of a text that has one a line; throws if a line is none.
    static func lines(_ text: String) throws -> [JSON] {
        try text.split(separator: "\n").map {
            try JSONDecoder().decode(JSON.self, from: Data($0.utf8))
        }
    }

    subscript(key: String) -> JSON {
        if case .object(let members) = self { return members[key] ?? .null }
        return .null
    }

    var string: String? {
        if case .string(let string) = self { return string }
        return nil
    }

    var number: Double? {
        if case .number(let number) = self { return number }
        return nil
    }

    var array: [JSON] {
        if case .array(let array) = self { return array }
        return []
    }

    var members: [String: JSON] {
        if case .object(let members) = self { return members }
        return [:]
    }
}
