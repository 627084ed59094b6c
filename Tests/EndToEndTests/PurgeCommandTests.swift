import Testing

extension EndToEnd {
    @Suite("Purging an article")
    struct PurgeCommandTests {
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

        @Test("Whoever runs the server purges it, and clients keep what they have")
        func purge() async throws {
            let id = try await id()
            try await jo.note("river", "Walls", "not sent yet")
            let plan = try await server.administer(["purge", id, "-n"])
            #expect(plan.status == 0 && plan.errors.contains("would go “river” of main"), "\(plan)")
            #expect(plan.output.contains("\(id)  article"))
            let unasked = try await server.administer(["purge", id])
            #expect(unasked.status == 64 && unasked.errors.contains("--yes"), "\(unasked)")
            #expect(try await server.administer(["document", "list"]).output.contains("river"))
            let done = try await server.administer(["purge", id, "--yes"])
            #expect(done.status == 0 && done.errors.contains("gone “river”"), "\(done)")
            #expect(try await !server.administer(["document", "list"]).output.contains("river"))

            let first = try await jo.gloss("sync")
            #expect(first.output.contains("river is gone from the server for good"), "\(first)")
            #expect(try await !jo.gloss("sync").output.contains("gone"))
            #expect(try await jo.gloss("show", "river").output.contains("teach the water"))
            #expect(try await jo.gloss("export", "river").output.contains("Walls teach"))
            #expect(try await jo.gloss("ls").output.contains("purged"))
            let status = try await jo.gloss("status").output
            #expect(status.contains("kept") && status.contains("purged"), "\(status)")
            let outbox = try await jo.objects("outbox")
            #expect(outbox.count == 1 && outbox[0]["purged"] == .bool(true))
            #expect(try await jo.gloss("outbox").output.contains("kept"))
            let again = try await server.administer(["purge", id, "--yes"])
            #expect(again.status == 0 && again.errors.contains("purged before"), "\(again)")
        }

        @Test("What is no article's id is refused with the way to find one")
        func refusals() async throws {
            for word in ["rivers", String(repeating: "0", count: 32)] {
                let ran = try await server.administer(["purge", word, "--yes"])
                #expect(ran.status == 4 && ran.errors.contains("document list"), "\(ran)")
            }
            let set = try await id().dropLast() + "1"
            let ran = try await server.administer(["purge", String(set), "--yes"])
            #expect(ran.status == 64 && ran.errors.contains("Purge its article"), "\(ran)")
        }

        @Test("Compaction by hand says what it gains, and changes nothing that anybody sees")
        func compact() async throws {
            for number in 0..<30 { try await mira.note("river", "Walls", "remark \(number)") }
            try await mira.gloss("sync")
            let before = try await server.administer(["document", "list"]).output
            let plan = try await server.administer(["compact", "-n"])
            #expect(plan.status == 0 && plan.output.contains("WOULD BE"), "\(plan)")
            let done = try await server.administer(["compact"])
            #expect(done.status == 0 && done.output.contains("NOW"), "\(done)")
            #expect(
                try await server.administer(["compact"]).errors.contains("Nothing to be gained"))
            #expect(try await server.administer(["document", "list"]).output == before)
            try await jo.gloss("sync")
            #expect(try await jo.checksum(of: "river") == mira.checksum(of: "river"))
        }
    }
}
