import Foundation
import Testing

extension EndToEnd {
    /// What somebody reads who is new to it: that it is true, and that it can be followed.
    @Suite("Advice and refusals")
    struct AdviceTests {
        let desk: Desk
        let server: GlossServerProcess
        let mira: Person
        let jo: Person

        init() async throws {
            (desk, server, mira, jo) = try await Start.together(
                "Walls teach the water to climb. Rivers go on.", named: "river")
        }

        @Test("-q leaves data and errors")
        func quiet() async throws {
            try await mira.note("river", "Walls", "by mira")
            let sync = try await mira.gloss("sync", "-q")
            #expect(sync.output.isEmpty && sync.errors.isEmpty, "\(sync)")
            let status = try await mira.gloss("status", "-q")
            #expect(status.output.contains("articles"), "\(status)")
            #expect(!status.output.contains("saved on this machine"), "\(status)")
        }

    }
}
