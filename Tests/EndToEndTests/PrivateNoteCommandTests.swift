import Foundation
import GRDB
import Testing

extension EndToEnd {
    /// Two members and a server; one of them has two devices.
    @Suite("Private notes")
    struct PrivateNoteCommandTests {
        private func together() async throws -> (
            server: GlossServerProcess, mira: Person, jo: Person, phone: Person
        ) {
            let (desk, server, mira, jo) = try await Start.together(jo: "reader")
            let phone = Person("jo", at: desk, library: "phone")
            try await phone.join(server.invite("--role", "reader", "--for", "jo"))
            return (server, mira, jo, phone)
        }

        @Test("Both devices of a reader have them after a sync, and the other member never")
        func devices() async throws {
            let (server, mira, jo, phone) = try await together()
            let made = try await jo.gloss("note", "piece", "amber", "-m", "doubtful", "--private")
            #expect(made.output.contains("“amber”  private"), "\(made)")
            let refused = try await jo.attempt("note", "piece", "amber", "-m", "for all")
            #expect(refused.status == 7, "\(refused)")
            let other = try await phone.objects(
                "note", "piece", "basalt", "-m", "ask mira", "--private")
            #expect(other[0]["private"] == .bool(true))
            #expect(try await jo.objects("outbox").map { $0["private"] } == [.bool(true)])
            for device in [jo, phone, jo] { try await device.gloss("sync") }
            for device in [jo, phone] {
                let notes = try await device.objects("notes", "--private")
                #expect(notes.compactMap { $0["body"].string } == ["doubtful", "ask mira"])
                #expect(try await device.objects("notes", "--shared").isEmpty)
                #expect(try await device.waiting() == 0)
                #expect(
                    try await device.gloss("show", "piece").output.contains("private"))
            }
            try await mira.gloss("sync")
            #expect(try await mira.objects("notes").isEmpty)
            let all = try await mira.gloss("export", "piece", "--format", "changes", "--private")
            #expect(!all.output.contains("doubtful") && !all.output.contains("ask mira"))

            let id = try #require(other[0]["id"].string)
            for (device, text) in [(jo, "ask jo"), (phone, "ask pia")] {
                try await device.gloss("edit", id, "-m", text)
            }
            for device in [jo, phone, jo] { try await device.gloss("sync") }
            let asked = try await jo.objects("conflicts")
            #expect(asked.map { $0["private"] } == [.bool(true)])
            #expect(try await mira.attempt("conflicts").output.isEmpty)
            let unclear = try await jo.attempt("resolve", "--all", "--take", "mine")
            #expect(unclear.status == 4, "\(unclear)")
            #expect(unclear.errors.contains("are “mine”: A from "), "\(unclear)")
            try await jo.gloss(
                "resolve", try #require(asked[0]["id"].string), "--take", "A")
            for device in [jo, phone] { try await device.gloss("sync") }
            #expect(try await phone.objects("conflicts").isEmpty)
            let undone = try await jo.gloss("undo", "-n")
            #expect(undone.errors.contains("your own devices alone"), "\(undone)")
            let listed = try await server.administer(["document", "list", "--json"])
            let kept = try listed.objects()[0]["documents"].array
                .filter { $0["kind"] == .string("private") }
            #expect(kept.count == 1 && kept[0]["user"] == .string("jo"), "\(listed)")
        }

        @Test("They are not exported, nor in the way of an article that is ready, unless asked for")
        func exported() async throws {
            let (_, _, jo, _) = try await together()
            try await jo.gloss("note", "piece", "amber", "-m", "doubtful", "--private")
            for format in ["text", "jsonl", "changes"] {
                let ran = try await jo.gloss("export", "piece", "--format", format)
                #expect(!ran.output.contains("doubtful"), "\(ran)")
            }
            for format in ["jsonl", "changes"] {
                let ran = try await jo.gloss("export", "piece", "--format", format, "--private")
                #expect(ran.output.contains("doubtful"), "\(ran)")
            }
            #expect(try await jo.attempt("export", "piece", "--private").status == 64)
            #expect(try await jo.attempt("notes", "--private", "--shared").status == 64)
            #expect(try await jo.gloss("ready", "piece").errors.contains("is ready"))
            #expect(try await jo.gloss("log", "piece").output.contains("(private)"))
            let lines = try await jo.gloss("notes", "--lines")
            #expect(lines.output.contains(": private: doubtful"), "\(lines)")
            let listed = try await jo.objects("ls")[0]
            #expect(listed["open_private_notes"] == .number(1))
        }

        @Test("A watching device sends the first one, and nobody sees where it was made")
        func watched() async throws {
            let (_, mira, jo, phone) = try await together()
            try await jo.gloss("show", "piece")
            let watch = try jo.start("sync", "--watch")
            await watch.wait { $0.errorText.contains("connected to") }
            try await jo.gloss("note", "piece", "amber", "-m", "doubtful", "--private")
            await watch.wait { $0.errorText.contains("sent 1") }
            var seen: [JSON] = []
            while seen.isEmpty { seen = try await mira.objects("who", "piece") }
            #expect(seen.count == 1 && seen[0]["paragraph"] == .null, "\(seen)")
            try await phone.gloss("sync")
            #expect(try await phone.objects("notes").count == 1)
            watch.signal(SIGINT)
            #expect(await watch.end().ending == .exited(130))
        }

        @Test("An article that is added while a device watches is sent, too")
        func newcomer() async throws {
            let (_, mira, jo, _) = try await together()
            let watch = try mira.start("sync", "--watch")
            await watch.wait { $0.errorText.contains("connected to") }
            try mira.desk.write("Stones.\n", to: "wall.txt")
            try await mira.gloss("add", "wall.txt")
            await watch.wait { $0.errorText.contains("sent ") }
            watch.signal(SIGINT)
            #expect(await watch.end().ending == .exited(130))
            try await jo.gloss("sync")
            #expect(try await jo.gloss("show", "wall").output.contains("Stones."))
        }

        @Test("What a restored server leaves out of them is listed as private, too")
        func leftOut() async throws {
            let (_, _, jo, phone) = try await together()
            try await phone.gloss("note", "piece", "amber", "-m", "doubtful", "--private")
            for device in [phone, jo] { try await device.gloss("sync") }
            #expect(try await jo.objects("outbox").isEmpty)
            // As things stand once such a server has answered.
            let queue = try DatabaseQueue(path: jo.file)
            try await queue.write { database in
                try database.execute(
                    sql: """
                        UPDATE changes SET position = 0
                        WHERE document = (SELECT number FROM replicas WHERE article IS NOT NULL);
                        INSERT INTO former_logs
                            (document, lineage, start, start_chain, position, signature)
                        SELECT number, 1, 0, zeroblob(32), 1, x'00' FROM replicas
                        WHERE article IS NOT NULL;
                        INSERT INTO former_rows (log, position, agent, seq, user, device_label,
                            received_at, code, reason)
                        SELECT former_logs.id, 1, agent, seq, user, device_label, received_at,
                            'too_large', 'no room'
                        FROM changes JOIN former_logs USING (document);
                        """)
            }
            try queue.close()
            let objects = try await jo.objects("outbox")
            #expect(objects.map { $0["schema"] } == [.string("gloss.unreturned_change/1")])
            #expect(objects.map { $0["private"] } == [.bool(true)])
            let listed = try await jo.gloss("outbox")
            #expect(listed.output.contains("left out"), "\(listed)")
            #expect(
                listed.output.contains("(private) by jo: no room (too_large)"), "\(listed)")
        }

        @Test("An article that was purged is forgotten on request, and no other one")
        func forgotten() async throws {
            let (server, _, jo, _) = try await together()
            let id = try #require(try await jo.objects("ls")[0]["id"].string)
            let early = try await jo.attempt("forget", "piece")
            #expect(early.status == 64 && early.errors.contains("gloss archive piece"), "\(early)")
            try await jo.gloss("note", "piece", "amber", "-m", "doubtful", "--private")
            _ = try await server.administer(["purge", id, "--yes"])
            try await jo.gloss("sync")
            let kept = try await jo.attempt("forget", "piece")
            #expect(kept.status == 64 && kept.errors.contains("--with-unsent"), "\(kept)")
            let plan = try await jo.gloss("forget", "piece", "--with-unsent", "-n")
            #expect(plan.output.contains("would be forgotten  piece"), "\(plan)")
            #expect(try await jo.objects("ls").count == 1)
            let done = try await jo.objects("forget", "piece", "--with-unsent")
            #expect(done[0]["schema"] == .string("gloss.forgotten/1"))
            #expect(done[0]["unsent"] == .number(1) && done[0]["name"] == .string("piece"))
            #expect(try await jo.attempt("forget", "piece").status == 4)
            #expect(try await jo.objects("ls").isEmpty)
            try await jo.gloss("sync")
            #expect(try await jo.objects("ls").isEmpty)
        }
    }
}
