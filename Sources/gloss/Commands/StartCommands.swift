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
    @OptionGroup var dry: DryRunOption
    @Option(name: .customLong("as"), help: "The name your notes carry.")
    var name: String?
    @Option(help: "What this device is called.")
    var label: String?

    func run() async throws {
        try await global.run(dry) { console in
            let (user, device) = (name ?? console.userName, label ?? console.hostName)
            if console.isDryRun, console.hasLibrary {
                throw ClientError(
                    .invalid, "There is a library in \(console.libraryPath) already.",
                    tries: ["gloss status"])
            }
            if !console.isDryRun {
                _ = try Library.create(
                    in: console.libraryPath, user: user, label: device,
                    environment: console.clientEnvironment)
            }
            try console.result(
                "library",
                [
                    OutputMember("path", .string(console.libraryPath)),
                    OutputMember("user", .string(user)),
                    OutputMember("device", .string(device)),
                ],
                text: "new library in \(console.libraryPath), for \(user)")
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
            anything secret is sent. A library made with `gloss init` is attached to the server, under the \
            name it has. A device that was revoked comes back by a new link, with its unsent work. \
            Each library of a server has a directory of its own here: --library, or GLOSS_LIBRARY.

            EXAMPLE
              gloss join 'gloss://notes.example.org:7464/#v1.…' --as mira
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Argument(help: "The link; - reads it from standard input.")
    var link: String
    @Option(
        name: .customLong("as"), help: "Your name there; by default the library's, or your login.")
    var name: String?
    @Option(help: "What this device is called.")
    var label: String?

    func run() async throws {
        try await global.run(dry) { console in
            let link = self.link == "-" ? try console.readInput().trimmed : self.link
            if console.isDryRun { return try preview(link, console) }
            let isNew = !console.hasLibrary
            let library =
                isNew
                ? try Library.create(
                    in: console.libraryPath, user: name ?? console.userName,
                    label: label ?? console.hostName,
                    environment: console.clientEnvironment)
                : try console.library()
            do {
                let report = try await library.join(link, as: name)
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
                if isNew, try error.code != .unreachable || !library.isJoining() {
                    try library.discard()
                }
                throw error
            }
        }
    }

    /// Says what would be joined, without asking the server: an invitation may be good only once.
    private func preview(_ link: String, _ console: Console) throws {
        let server = try Library.server(of: link)
        var (user, device) = (name ?? console.userName, label ?? console.hostName)
        if console.hasLibrary {
            let library = try console.library()
            let profile = try library.profile()
            device = profile.label
            if try library.isReturn(by: link) || name == nil { user = profile.user }
        }
        try console.result(
            "library",
            [
                OutputMember("path", .string(console.libraryPath)),
                OutputMember("server", .string(server)), OutputMember("user", .string(user)),
                OutputMember("device", .string(device)),
            ],
            text: "joined  \(server) as \(user), in \(console.libraryPath)")
        console.say(
            "Whether the invitation is still good, and to which library, is not known without using it."
        )
    }
}
