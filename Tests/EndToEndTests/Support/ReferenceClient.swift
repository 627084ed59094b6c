import TestSupport
import Testing

/// Somebody who runs the client in Protocol/reference: another implementation of the protocol.
struct ReferenceClient {
    let desk: Desk
    let name: String

    /// Runs a command to its end.
    func attempt(_ words: [String]) async throws -> Ran {
        let python = try #require(ReferencePrograms.python)
        return try await desk.run(
            [python, "\(ReferencePrograms.folder)/client.py", "--state", "\(name).json"] + words,
            ReferencePrograms.environment)
    }

    /// Runs a command that must succeed, and gives what it prints.
    @discardableResult
    func run(
        _ words: String..., at location: SourceLocation = #_sourceLocation
    ) async throws -> [JSON] {
        let ran = try await attempt(words)
        try #require(ran.status == 0, "\(ran)", sourceLocation: location)
        return try ran.objects()
    }

    func join(_ link: String, as user: String? = nil) async throws {
        try await run("join", link, "--as", user ?? name, "--label", "python")
    }

    /// Sends and fetches; nothing may be refused or diverge.
    func sync(at location: SourceLocation = #_sourceLocation) async throws {
        let ran = try await attempt(["sync"])
        try #require(ran.status == 0, "\(ran)", sourceLocation: location)
        #expect(ran.errors.isEmpty, "\(ran)", sourceLocation: location)
        #expect(
            try ran.objects().first?["diverged"] == .array([]), "\(ran)", sourceLocation: location)
    }
}
