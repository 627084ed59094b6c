import Testing

/// Somebody with a library of their own, who runs `gloss`.
struct Person: Sendable {
    let desk: Desk
    let name: String
    /// The library's directory; in the desk's unless it is an absolute path.
    let library: String
    /// What its programs run under.
    let wrapper: [String]

    init(_ name: String, at desk: Desk, library: String? = nil, wrapper: [String] = []) {
        self.wrapper = wrapper
        self.desk = desk
        self.name = name
        self.library = library ?? name
    }

    /// The path of the library's file.
    var file: String { "\(desk.path)/\(library)/library.db" }

    /// The environment in which `gloss` finds the library.
    var environment: [String: String] { ["GLOSS_LIBRARY": library, "USER": name] }

    /// Runs a command, whatever comes of it.
    func attempt(
        _ words: [String], input: String = "", _ more: [String: String] = [:]
    ) async throws -> Ran {
        try await desk.run(
            wrapper + [Binaries.gloss] + words, environment.merging(more) { $1 }, input: input)
    }

    func attempt(_ words: String..., input: String = "") async throws -> Ran {
        try await attempt(words, input: input)
    }

    /// Runs a command that must succeed.
    @discardableResult
    func gloss(
        _ words: String..., input: String = "", at location: SourceLocation = #_sourceLocation
    ) async throws -> Ran {
        let ran = try await attempt(words, input: input)
        try #require(ran.status == 0, "\(ran)", sourceLocation: location)
        return ran
    }

    /// Runs a command that must succeed, and gives what it prints as JSON.
    func objects(
        _ words: String..., at location: SourceLocation = #_sourceLocation
    ) async throws -> [JSON] {
        let ran = try await attempt(words + ["--json"])
        try #require(ran.status == 0, "\(ran)", sourceLocation: location)
        return try ran.objects()
    }

    /// Runs a shell command at a pseudo terminal; all it prints is the output.
    func terminal(
        _ command: String, _ environment: [String: String] = [:], input: String = ""
    ) async throws -> Ran {
        let more = ["TERM": "xterm", "SHELL": "/bin/sh"].merging(environment) { $1 }
        return try await desk.run(
            ["script", "-qec", command, "/dev/null"], self.environment.merging(more) { $1 },
            input: input)
    }

    /// Starts a command.
    func start(_ words: String..., limit: Double = 600) throws -> Program {
        try desk.start(wrapper + [Binaries.gloss] + words, environment, limit: limit)
    }

    /// Makes a library on this machine only.
    func initialize() async throws { try await gloss("init", "--as", name, "--label", "desk") }

    func join(_ link: String) async throws {
        try await gloss("join", link, "--as", name, "--label", "laptop")
    }

    /// The checksum of an article with its notes.
    func checksum(of article: String) async throws -> String {
        try #require(try await objects("show", article).first?["checksum"].string)
    }

    /// Makes a note; gives its id.
    @discardableResult
    func note(_ article: String, _ words: String, _ text: String) async throws -> String {
        let made = try await objects("note", article, words, "-m", text)
        return try #require(made.first?["id"].string)
    }

    /// How many changes wait to be sent.
    func waiting() async throws -> Int { try await objects("outbox").count }
}
