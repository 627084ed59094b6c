import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The reference in Protocol/, which shares no code with Gloss and was written from the prose.
    @Suite(
        "The reference client in Python",
        .enabled(if: ReferencePrograms.python != nil, "\(ReferencePrograms.needs)"))
    struct ReferenceClientTests {
        /// The questions that somebody is asked about the article: name, and letters with contents.
        private static func questions(
            _ objects: [JSON], name: String
        ) -> [String: [String]] {
            let named = objects.map { object in
                let versions = object["versions"].array.map { version in
                    "\(version["letter"].string ?? ""): \(version["content"].string ?? "")"
                }
                return (object[name].string ?? "", versions)
            }
            return Dictionary(named) { first, _ in first }
        }

        @Test("Beside two Swift clients it annotates, edits, disagrees, settles and syncs")
        func together() async throws {
            let (desk, server, mira, jo) = try await Start.together()
            let pia = ReferenceClient(desk: desk, name: "pia")
            try await pia.join(server.invite("--role", "editor"))
            func meet() async throws {
                for _ in 0..<2 {
                    try await mira.gloss("sync")
                    try await pia.sync()
                    try await jo.gloss("sync")
                }
            }

            // Everybody annotates, and answers.
            try await mira.note("piece", "amber", "mira's note")
            let note = try await jo.note("piece", "basalt", "jo's note")
            let own = try await pia.run("note", "piece", "cedar", "-m", "pia's note")
            try await meet()
            let answered = try #require(own.first?["id"].string)
            try await pia.run("reply", answered, "-m", "pia's reply")
            #expect(try await mira.objects("show", "piece")[0]["notes"].array.count == 3)

            // Apart, all change the same word differently and another one alike; two edit one note.
            for (person, word) in [(mira, "opal"), (jo, "onyx")] {
                let text = Sample.article.replacingOccurrences(of: "spring", with: word)
                    .replacingOccurrences(of: "patience", with: "humility")
                try desk.write(text, to: "\(person.name).txt")
                try await person.gloss("edit", "piece", "-F", "\(person.name).txt")
                try await person.gloss("edit", note, "-m", "\(person.name) says so")
            }
            try await pia.run("edit-text", "piece", "spring", "jade")
            try await pia.run("edit-text", "piece", "patience", "humility")
            try await meet()

            // All three are asked the same, under the same names and letters.
            let asked = Self.questions(try await mira.objects("conflicts"), name: "key")
            #expect(asked.count == 2 && asked.values.contains { $0.count == 3 }, "\(asked)")
            #expect(Self.questions(try await jo.objects("conflicts"), name: "key") == asked)
            let list = try await pia.run("conflicts")
            #expect(Self.questions(list, name: "id") == asked)

            // The Python client answers one, a Swift client the other.
            let text = try #require(list.first { $0["kind"] == .string("text") })
            let jade = try #require(
                text["versions"].array.first { $0["content"].string?.contains("jade") == true })
            try await pia.run(
                "resolve", try #require(text["id"].string), "--take",
                try #require(jade["letter"].string), "--why", "as printed")
            let value = try await jo.objects("conflicts", "--kind", "value")
            try await jo.gloss(
                "resolve", try #require(value.first?["id"].string), "--take", "A")
            try await meet()
            try await expectEqual(server, mira, jo, pia)
        }

        @Test("Notes that a reader keeps to themselves reach their other device and nobody else")
        func privateNotes() async throws {
            let (desk, server, mira, _) = try await Start.together()
            let pia = ReferenceClient(desk: desk, name: "pia")
            let phone = ReferenceClient(desk: desk, name: "phone")
            for device in [pia, phone] {
                try await device.join(
                    server.invite("--role", "reader", "--for", "pia"), as: "pia")
            }
            // Apart, both begin the same set.
            let first = try await pia.run("note", "piece", "amber", "-m", "doubtful", "--private")
            try await phone.run("note", "piece", "basalt", "-m", "ask mira", "--private")
            let id = try #require(first.first?["id"].string)
            for device in [pia, phone, pia] { try await device.sync() }
            try await phone.run("reply", id, "-m", "checked")
            for device in [phone, pia] { try await device.sync() }
            let notes = try #require(try await pia.run("show", "piece").first)["notes"].array
            // Which comes first follows from their agents, which are random.
            let bodies = notes.compactMap { $0["body"].string }.sorted()
            #expect(bodies == ["ask mira", "doubtful"])
            #expect(notes.allSatisfy { $0["private"] == .bool(true) })
            let doubtful = notes.first { $0["body"] == .string("doubtful") }
            #expect(doubtful?["replies"].array.count == 1)
            #expect(try await phone.run("show", "piece").first?["notes"] == .array(notes))

            try await mira.gloss("sync")
            #expect(try await mira.objects("show", "piece")[0]["notes"].array.isEmpty)
            let ran = try await server.administer(["document", "list", "--json"])
            let kept = try #require(try ran.objects().first)["documents"].array
                .filter { $0["kind"] == .string("private") }
            #expect(kept.count == 1 && kept.first?["user"] == .string("pia"), "\(ran)")
            #expect(kept.first?["head"] == .number(3))
        }

        /// That nobody is asked anything, and that texts and checksums are equal everywhere.
        private func expectEqual(
            _ server: GlossServerProcess, _ mira: Person, _ jo: Person, _ pia: ReferenceClient
        ) async throws {
            let text = Sample.article.replacingOccurrences(of: "spring", with: "jade")
                .replacingOccurrences(of: "patience", with: "humility")
            for person in [mira, jo] {
                #expect(try await person.gloss("export", "piece").output == text)
                #expect(try await person.objects("conflicts").isEmpty)
            }
            #expect(try await pia.run("show", "piece").first?["text"] == .string(text))
            #expect(try await pia.run("conflicts").isEmpty)

            let listed = try #require(try await pia.run("list").first)
            let ran = try await server.administer(["document", "list", "--json"])
            let documents = try #require(try ran.objects().first)["documents"].array
            var states: [String] = []
            for kind in ["article", "annotations"] {
                let there = try #require(documents.first { $0["kind"] == .string(kind) }, "\(ran)")
                #expect(listed[kind]["sum"] == there["sum"])
                #expect(listed[kind]["state"] == there["state"])
                #expect(listed[kind]["at"] == there["head"])
                #expect(listed[kind]["outbox"] == .number(0))
                states.append(try #require(there["state"].string))
            }
            for person in [mira, jo] {
                let checksum = try await person.checksum(of: "piece")
                #expect(checksum == states.joined(separator: "-"))
            }
        }
    }
}
