import ArgumentParser
import Glibc
import GlossServer

/// Copies the store, or verifies a copy.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write a consistent copy of everything to a new file.",
        discussion: """
            EXAMPLES
              glossd backup copy.db             beside a running server, or of a stopped one
              glossd backup --verify copy.db    replays everything in it, and compares
              glossd restore copy.db --to DIR   makes data of it

            The server's key is not in the copy. Keep server-key.pem beside it.
            """)
    @OptionGroup var common: CommonOptions
    @OptionGroup var dry: DryRunOption
    @Flag(help: "Write nothing: read a copy from end to end, and say whether it is whole.")
    var verify = false
    @Argument(help: "The file; must not exist. Default: glossd-SECONDS.db in this directory.")
    var file: String?

    func validate() throws {
        if verify, file == nil {
            throw ValidationError("Say which copy: glossd backup --verify FILE")
        }
    }

    func run() async throws {
        let path = try Self.absolute(file ?? "glossd-\(time(nil)).db")
        if verify { return try await check(path) }
        try await common.perform(AdminRequest(.backup, path: path, dry: dry.request)) { report in
            Output.data((dry.isOn ? "would write  " : "") + (report.backup ?? path))
        }
        dry.tell()
    }

    private func check(_ path: String) async throws {
        let report = try await Backups.verify(path)
        if common.json { Output.data(report.json) }
        guard report.problems.isEmpty else {
            for problem in report.problems { Output.message("\(path): \(problem)") }
            Output.message("\(path) is not whole. Keep it, and take another copy.")
            throw ExitCode(ExitStatus.damaged.rawValue)
        }
        if common.json { return }
        Output.data(
            "\(path) is whole: SQLite's check of the file passed (schema "
                + "\(report.storeSchema)); \(Self.counted(report.documents, "document")) replayed, "
                + "\(Self.counted(report.changes, "change")) with their hashes and checksums "
                + "computed again.")
        let held = [
            Self.counted(report.libraries, "library", "libraries"),
            Self.counted(report.users, "user"), Self.counted(report.devices, "device"),
        ]
        Output.data(
            "It holds \(held.joined(separator: ", ")); the newest change was received "
                + "\(report.lastChangeText).")
    }

    private static func counted(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }

    /// A path that does not depend on the current directory.
    static func absolute(_ path: String) throws(ServerError) -> String {
        if path.hasPrefix("/") { return path }
        guard let directory = getcwd(nil, 0) else {
            throw ServerError(.io, "The current directory is gone.")
        }
        defer { free(directory) }
        return "\(String(cString: directory))/\(path)"
    }
}
