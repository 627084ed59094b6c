import ArgumentParser
import GlossClient
import GlossCore

/// `gloss init`: a library on this machine only.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Start a library on this machine only.",
        discussion: """
            Everything but sync works in it. Join a server later with `gloss join LINK`.

            EXAMPLE
              gloss init --as mira
            """)

    @OptionGroup var global: GlobalOptions
    @Option(name: .customLong("as"), help: "The name your notes carry.")
    var name: String?
    @Option(help: "What this device is called.")
    var label: String?

    func run() async throws {
        try await global.run { console in
            let library = try Library.create(
                in: console.libraryPath, user: name ?? console.userName,
                label: label ?? console.hostName, environment: console.clientEnvironment)
            let profile = try library.profile()
            try console.result(
                "library",
                [
                    OutputMember("path", .string(library.directory)),
                    OutputMember("user", .string(profile.user)),
                    OutputMember("device", .string(profile.label)),
                ],
                text: "new library in \(library.directory), for \(profile.user)")
            console.hint("gloss add FILE")
        }
    }
}

/// `gloss join`: a library by invitation.
struct JoinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join", abstract: "Join a library by an invitation.",
        discussion: """
            The link carries the fingerprint of the server's key: any other server is left before \
            anything secret is sent. A library made with `gloss init` is attached to the server.

            EXAMPLE
              gloss join 'gloss://notes.example.org:7464/#v1.…' --as mira
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The link; - reads it from standard input.")
    var link: String
    @Option(name: .customLong("as"), help: "Your name there.")
    var name: String?
    @Option(help: "What this device is called.")
    var label: String?

    func run() async throws {
        try await global.run { console in
            let link = self.link == "-" ? try console.readInput().trimmed : self.link
            let user = name ?? console.userName
            let isNew = !console.hasLibrary
            let library =
                isNew
                ? try Library.create(
                    in: console.libraryPath, user: user, label: label ?? console.hostName,
                    environment: console.clientEnvironment)
                : try console.library()
            do {
                let report = try await library.join(link, as: user)
                let profile = try library.profile()
                let articles = try library.articles().count
                try console.result(
                    "library",
                    [
                        OutputMember("path", .string(library.directory)),
                        OutputMember("server", .string(report.server)),
                        OutputMember("library", .optional(profile.libraryName)),
                        OutputMember("user", .string(profile.user)),
                        OutputMember("role", .optional(profile.role?.rawValue)),
                        OutputMember("device", .string(profile.label)),
                        OutputMember("articles", .integer(articles)),
                    ],
                    text: """
                        Server key matches the invitation.
                        Joined \(report.server) as \(profile.user) \
                        (\(profile.role?.rawValue ?? "member")), device “\(profile.label)”, \
                        \(articles) article\(articles == 1 ? "" : "s").
                        """)
                console.hint(articles == 0 ? "gloss add FILE" : "gloss ls")
            } catch let error as ClientError {
                // An answer that was lost can be asked for again with the same device; a refusal
                // leaves nothing worth keeping.
                if isNew, error.code != .unreachable { try library.discard() }
                throw error
            }
        }
    }
}
