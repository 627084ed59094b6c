import Foundation
import Testing

extension EndToEnd {
    @Suite("Roles on an article")
    struct DocumentCommandTests {
        let desk: Desk
        let server: GlossServerProcess
        let mira: Person
        let jo: Person

        init() async throws {
            (desk, server, mira, jo) = try await Start.atRiver()
        }

        private func id() async throws -> String {
            try #require(try await mira.objects("ls").first?["id"].string)
        }

        private func list() async throws -> String {
            try await server.administer(["document", "list"]).output
        }

        @Test("It is tried out, given, listed, written down and taken back")
        func role() async throws {
            let id = try await id()
            let plan = try await server.administer(["document", "role", id, "jo", "none", "-n"])
            #expect(plan.status == 0 && plan.errors.contains("would be"), "\(plan)")
            #expect(plan.output.contains("none  editor"), "\(plan)")
            #expect(try await !list().contains("jo: none"))

            let done = try await server.administer(
                ["document", "role", id, "jo", "none", "--json"])
            let report = try #require(try done.objects().first, "\(done)")
            #expect(report["schema"] == .string("glossd.document_role/1"))
            #expect(report["documentRole"]["role"] == .string("none"))
            #expect(report["documentRole"]["written"] == .bool(true))
            #expect(try await list().contains("jo: none"))
            let hidden = try await jo.attempt("sync")
            #expect(hidden.status == 8 && hidden.errors.contains("may not read it"), "\(hidden)")
            #expect(try await jo.gloss("show", "river").output.contains("teach the water"))

            try await jo.note("river", "Walls", "later")
            _ = try await server.administer(["document", "role", id, "jo", "reviewer"])
            try await jo.gloss("sync")
            try await mira.gloss("sync")
            #expect(try await mira.gloss("show", "river").output.contains("later"))
            // Jo knows of it by now, and is stopped without a server.
            #expect(try await jo.gloss("ls").output.contains("as reviewer"))
            let file = try desk.write("Dams teach the water to climb.", to: "dams.txt")
            let stopped = try await jo.attempt("edit", "river", "-F", file)
            #expect(stopped.status == 7 && stopped.errors.contains("You are a reviewer"))
            let back = try await server.administer(["document", "role", id, "jo", "default"])
            #expect(back.status == 0 && back.output.contains("editor  reviewer"), "\(back)")
            #expect(try await !list().contains("jo: "))
            let audit = try await server.administer(["audit"]).output
            #expect(audit.contains("document_role_set") && audit.contains("document_role_removed"))
        }

        @Test("Who watches keeps what they write while it is hidden, and sends it when it is not")
        func watching() async throws {
            let id = try await id()
            let watch = try jo.start("sync", "--watch")
            await watch.wait { $0.errorText.contains("connected to") }
            _ = try await server.administer(["document", "role", id, "jo", "none"])
            // Long enough for the watcher to hear of it, and then to look at what is new.
            try await Task.sleep(for: .seconds(1))
            try await jo.note("river", "Walls", "later")
            try await Task.sleep(for: .seconds(2))
            await watch.wait { $0.errorText.contains("river: ") }
            let outbox = try await jo.objects("outbox")
            #expect(outbox.count == 1 && outbox[0]["refused"] == .null)
            _ = try await server.administer(["document", "role", id, "jo", "default"])
            var text = ""
            while !text.contains("later") {
                try await mira.gloss("sync")
                text = try await mira.gloss("show", "river").output
            }
            watch.signal(SIGINT)
            #expect(await watch.end().ending == .exited(130))
        }

        @Test("What cannot be is refused with what to try")
        func refusals() async throws {
            let id = try await id()
            for (words, status, hint) in [
                ([id, "eve", "reader"], Int32(4), "user list"),
                ([id, "jo", "king"], 64, "none"),
                (["rivers", "jo", "reader"], 4, "document list"),
                ([String(repeating: "0", count: 32), "jo", "reader"], 4, "document list"),
                ([String(id.dropLast()) + "1", "jo", "reader"], 64, "the role on its article"),
            ] {
                let ran = try await server.administer(["document", "role"] + words)
                #expect(ran.status == status && ran.errors.contains(hint), "\(ran)")
            }
        }
    }
}
