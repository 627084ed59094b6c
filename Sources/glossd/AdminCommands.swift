import ArgumentParser
import Glibc
import GlossServer

extension CommonOptions {
    /// Has the server do something, and prints the report: as JSON, or with `show`.
    func perform(_ request: AdminRequest, show: (AdminReport) -> Void) async throws {
        let directory = try settings().configuration.dataDirectory
        let report = try await Administration.perform(request, dataDirectory: directory)
        if json { Output.data(report.json) } else { show(report) }
    }
}

/// Makes an invitation.
struct InviteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite", abstract: "Make an invitation: a link that lets somebody join.",
        discussion: """
            EXAMPLES
              glossd invite --for mira                  an editor, once, within an hour
              glossd invite --role reader --uses 30 --expires 7d
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "owner, editor, reviewer or reader.") var role = "editor"
    @Option(name: .customLong("for"), help: "The only account name it is good for.")
    var name: String?
    @Option(help: "How long it is good: 30m, 1h, 7d.") var expires = "1h"
    @Option(help: "How often it may be used.") var uses = 1
    @Option(help: "The library to join.") var library: String?

    func run() async throws {
        guard let seconds = Self.seconds(expires) else {
            throw ServerError(.invalid, "“\(expires)” is no time. Write 30m, 1h or 7d.")
        }
        let request = AdminRequest(
            .invite, name: name, role: role, library: library, expires: seconds, uses: uses)
        try await common.perform(request) { report in
            guard let invitation = report.invitation else { return }
            Output.data(invitation.link)
            let uses = invitation.uses == 1 ? "once" : "\(invitation.uses) times"
            Output.message(
                "Good \(uses) until \(invitation.expires), as \(invitation.role) of "
                    + "\(invitation.library). To use it: gloss join LINK")
        }
    }

    static func seconds(_ text: String) -> Int? {
        let units = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let last = text.last, let unit = units[String(last)],
            let number = Int(text.dropLast()), (1...1_000_000).contains(number)
        else { return nil }
        return number * unit
    }
}

/// Users and their roles.
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "List users and change their roles.",
        subcommands: [List.self, SetRole.self])

    /// Lists users.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List users and their roles.")
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await common.perform(AdminRequest(.users), show: UserCommand.show)
        }
    }

    /// Changes a role.
    struct SetRole: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "role", abstract: "Give a user a role, or “none” to end the membership.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The user's name.") var name: String
        @Argument(help: "owner, editor, reviewer, reader or none.") var role: String
        @Option(help: "The library.") var library: String?

        func run() async throws {
            let request = AdminRequest(
                .role, name: name, role: role == "none" ? nil : role, library: library)
            try await common.perform(request, show: UserCommand.show)
        }
    }

    private static func show(_ report: AdminReport) {
        let rows = (report.users ?? []).map { user in
            let roles = user.memberships.map { "\($0.library): \($0.role)" }
            return [user.name, roles.joined(separator: ", "), user.created]
        }
        Output.table(["USER", "ROLES", "SINCE"], rows)
    }
}

/// Devices.
struct DeviceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device", abstract: "List devices and cut them off.",
        subcommands: [List.self, Revoke.self])

    /// Lists devices.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List devices.")
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await common.perform(AdminRequest(.devices), show: DeviceCommand.show)
        }
    }

    /// Cuts a device off.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Cut a device off, at once and for good.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The device's id.") var id: String

        func run() async throws {
            try await common.perform(
                AdminRequest(.revoke, name: id), show: DeviceCommand.show)
        }
    }

    private static func show(_ report: AdminReport) {
        let rows = (report.devices ?? []).map { device in
            [
                device.id, device.user, device.label, device.lastSeen ?? "never",
                device.revoked.map { "revoked \($0)" } ?? "",
            ]
        }
        Output.table(["DEVICE", "USER", "NAME", "LAST SEEN", ""], rows)
    }
}

/// Libraries.
struct LibraryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "library", abstract: "List and add libraries.",
        subcommands: [List.self, Add.self])

    /// Lists libraries.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List libraries.")
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await common.perform(AdminRequest(.libraries), show: LibraryCommand.show)
        }
    }

    /// Adds a library.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Add a library.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "Its name.") var name: String

        func run() async throws {
            try await common.perform(
                AdminRequest(.addLibrary, name: name), show: LibraryCommand.show)
        }
    }

    private static func show(_ report: AdminReport) {
        let rows = (report.libraries ?? []).map { library in
            [library.id, library.name, "\(library.members)", library.created]
        }
        Output.table(["LIBRARY", "NAME", "MEMBERS", "SINCE"], rows)
    }
}

/// Lists documents.
struct DocumentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "document", abstract: "List documents with their checksums.",
        subcommands: [List.self])

    /// Lists documents.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List documents with their checksums, replayed from the log on disk.")
        @OptionGroup var common: CommonOptions
        @Option(help: "The library, if there are several.") var library: String?

        func run() async throws {
            try await common.perform(AdminRequest(.documents, library: library)) { report in
                let rows = (report.documents ?? []).map { document in
                    [document.id, document.kind, "\(document.head)", document.sum, document.state]
                }
                Output.table(["DOCUMENT", "KIND", "CHANGES", "SUM", "STATE"], rows)
            }
        }
    }
}

/// Copies the store.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write a consistent copy of everything to a new file.")
    @OptionGroup var common: CommonOptions
    @Argument(help: "The file; must not exist. Default: glossd-DATE.db in this directory.")
    var file: String?

    func run() async throws {
        var path = file ?? "glossd-\(time(nil)).db"
        if !path.hasPrefix("/") { path = "\(try Self.workingDirectory())/\(path)" }
        try await common.perform(AdminRequest(.backup, path: path)) { report in
            Output.data(report.backup ?? path)
        }
    }

    private static func workingDirectory() throws(ServerError) -> String {
        guard let path = getcwd(nil, 0) else {
            throw ServerError(.io, "The current directory is gone.")
        }
        defer { free(path) }
        return String(cString: path)
    }
}

/// Says how the server is.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say how the server is.")
    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await common.perform(AdminRequest(.status)) { report in
            guard let status = report.status else { return }
            Output.table(
                ["glossd \(status.version)", status.running ? "running" : "stopped"],
                [
                    ["address", status.address], ["key", status.fingerprint],
                    ["connections", "\(status.connections)"],
                    ["documents in memory", "\(status.documentsInMemory)"],
                    ["users", "\(status.users)"], ["libraries", "\(status.libraries)"],
                ])
        }
    }
}

/// Says which version this is.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version.")
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let version = Server.version
        Output.data(
            json ? "{\"schema\":\"glossd.version/1\",\"version\":\"\(version)\"}" : version)
    }
}
