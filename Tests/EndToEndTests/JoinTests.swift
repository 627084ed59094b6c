import Foundation
import Testing

extension EndToEnd {
    /// Invitations that do not fit, and devices that come back.
    @Suite("Joining a second time, or in vain")
    struct JoinTests {
        let desk: Desk
        let server: GlossServerProcess
        let mira: Person
        let jo: Person

        init() async throws {
            (desk, server, mira, jo) = try await Start.together(
                "Walls teach the water to climb. Rivers go on.", named: "river")
        }

        @Test("An invitation to another library is refused before it is used")
        func anotherLibrary() async throws {
            let made = try await server.administer(["library", "add", "essays"])
            #expect(made.status == 0, "\(made)")
            let link = try await server.invite("--library", "essays", "--for", "jo")
            let join = try await jo.attempt("join", link, "--as", "jo")
            #expect(join.status == 64, "\(join)")
            #expect(join.output.isEmpty, "\(join)")
            #expect(join.errors.contains("another library than “main”"), "\(join)")
            #expect(join.errors.contains("--library"), "\(join)")
            let users = try await server.administer(["user", "list"])
            #expect(!users.output.contains("essays"), "\(users)")
            // It is good still, for a library of its own.
            let second = Person("jo", at: desk, library: "jo-essays")
            try await second.join(link)
            let status = try await second.gloss("status")
            #expect(status.output.contains("essays"), "\(status)")
            #expect(try await jo.gloss("status").output.contains("main"))
        }

    }
}
