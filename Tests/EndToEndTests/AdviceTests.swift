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
            (desk, server, mira, jo) = try await Start.atRiver()
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

        @Test("What fits nothing is said to, with what there is")
        func nothingFits() async throws {
            let list = try await mira.gloss("ls", "zz")
            #expect(list.output.isEmpty, "\(list)")
            #expect(list.errors.contains("“zz”") && list.errors.contains("gloss ls"), "\(list)")
            #expect(!list.errors.contains("gloss add"), "\(list)")
            let help = try await mira.attempt("help", "nots")
            #expect(help.status == 64, "\(help)")
            #expect(help.errors.contains("gloss help notes"), "\(help)")
            let kind = try await mira.attempt("notes", "--kind", "foo")
            #expect(kind.status == 64, "\(kind)")
            #expect(kind.errors.contains("note, suggestion, claim, quote, fact"), "\(kind)")
            let option = try await mira.attempt("note", "--foo")
            #expect(option.status == 64, "\(option)")
            #expect(option.errors.contains("Unknown option '--foo'"), "\(option)")
        }

        @Test("What changes nothing is not said to be done, and takes no step in the history")
        func nothingDone() async throws {
            let note = try await mira.note("river", "Walls", "by mira")
            try await mira.gloss("tag", note, "+fact")
            try await mira.gloss("archive", "river")
            let steps = try await mira.objects("history").count
            for words in [
                ["tag", note, "+fact", "~none"], ["reopen", note], ["archive", "river"],
            ] {
                let ran = try await mira.attempt(words)
                #expect(ran.status == 0, "\(ran)")
                #expect(ran.output.isEmpty && ran.errors.contains("Nothing changed"), "\(ran)")
            }
            #expect(try await mira.objects("history").count == steps)
        }

        @Test("A reply whose note is gone leads to the note")
        func replyToNothing() async throws {
            let note = try await mira.note("river", "Walls", "by mira")
            let replied = try await mira.objects("reply", note, "-m", "why?")
            let reply = try #require(replied.first?["id"].string)
            try await mira.gloss("rm", note)
            let thread = try await mira.attempt("thread", reply)
            #expect(thread.status == 4, "\(thread)")
            #expect(thread.errors.contains("gloss reopen \(note)"), "\(thread)")
            try await mira.gloss("reopen", note)
            #expect(try await mira.gloss("thread", reply).output.contains("why?"))
        }

        @Test("Advice on words that are not there can be followed", arguments: ["attach", "also"])
        func otherWords(of command: String) async throws {
            let note = try await mira.note("river", "Walls", "by mira")
            if command == "also" {
                let ran = try await mira.attempt(
                    "note", "river", "Walls", "--also", "t", "-m", "x")
                #expect(ran.status == 4 && !ran.errors.contains("--nth"), "\(ran)")
                return
            }
            try await mira.gloss(
                "edit", "river", "-F",
                desk.write("Wals teach the water to climb. Rivers go on.", to: "new.txt"))
            let ran = try await mira.attempt("attach", note)
            let tries = ran.errors.split(separator: "\n").filter { $0.hasPrefix("try:") }
            let first = try #require(tries.first, "\(ran)").dropFirst(4).drop { $0 == " " }
            let shell = try await desk.run(["sh", "-c", String(first)], mira.environment)
            #expect(shell.status == 0, "\(first): \(shell)")
        }

        @Test("Output that cannot be written is an error")
        func fullOutput() async throws {
            let ran = try await desk.run(
                ["sh", "-c", "gloss export river > /dev/full"], mira.environment)
            #expect(ran.status == 1 && ran.errors.contains("No space left"), "\(ran)")
        }

        @Test("A suggestion that changes nothing is refused")
        func emptySuggestion() async throws {
            let same = try await mira.attempt("suggest", "river", "Rivers", "--to", "Rivers")
            #expect(same.status == 64, "\(same)")
            #expect(same.errors.contains("gloss note river Rivers"), "\(same)")
            #expect(try await mira.objects("notes").isEmpty)
        }

        @Test("Of two articles of one name the advice names one that can be reached")
        func twoOfOneName() async throws {
            for person in [mira, jo] {
                try desk.write("By \(person.name).", to: "same.txt")
                try await person.gloss("add", "same.txt", "--name", "same")
            }
            for person in [mira, jo, mira] { try await person.gloss("sync") }
            let show = try await mira.attempt("thread", "zzz")
            #expect(show.status == 4)
            for words in [
                ["note", "same", "By", "-m", "x"], ["show", "same"],
                ["add", "same.txt", "--update"], ["rename", "same", "other"],
            ] {
                let ran = try await mira.attempt(words)
                #expect(ran.status == 4, "\(ran)")
                let tries = ran.errors.split(separator: "\n").filter { $0.hasPrefix("try:") }
                let first = try #require(tries.first).dropFirst(4).drop { $0 == " " }
                #expect(first.hasPrefix("gloss \(words[0]) "), "\(ran)")
                let shell = try await desk.run(["sh", "-c", String(first)], mira.environment)
                #expect(shell.status == 0, "\(first): \(shell)")
            }
        }

        @Test("What a merge brought back is told once, and stands in ready")
        func cameBack() async throws {
            let made = try await mira.objects(
                "suggest", "river", "teach the water", "--to", "tell the rain")
            try await mira.gloss("accept", #require(made.first?["id"].string))
            try desk.write("They teach the water nothing.", to: "other.txt")
            let added = try await mira.gloss("add", "other.txt", "--name", "other")
            #expect(added.output.contains("came back"), "\(added)")
            try await mira.gloss("sync")
            try await jo.gloss("sync")
            for _ in 0..<2 {
                try await jo.note("other", "nothing", "again")
                try await jo.gloss("sync")
                let sync = try await mira.gloss("sync")
                #expect(!sync.output.contains("came back"), "\(sync)")
            }
            let ready = try await mira.attempt("ready", "other")
            #expect(ready.output.contains("teach the water"), "\(ready)")
        }

        @Test("A newer version that takes others' corrections back says whose")
        func olderVersion() async throws {
            let old = try await mira.gloss("export", "river").output
            try await jo.gloss(
                "edit", "river", "-F",
                desk.write("Walls teach the sea to climb. Rivers go on.", to: "new.txt"))
            try await jo.gloss("sync")
            try await mira.gloss("sync")
            try desk.write(old, to: "river.txt")
            let update = try await mira.gloss("add", "river.txt", "--update", "-n")
            #expect(update.output.contains("takes out 1 word of jo's"), "\(update)")
        }

        @Test("Every line of a thread is set in")
        func thread() async throws {
            let made = try await mira.objects(
                "suggest", "river", "teach the water", "--to", "teach the sea")
            let thread = try await mira.gloss("thread", #require(made.first?["id"].string))
            let lines = thread.output.split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("   teach the [-water-]{+sea+}") }, "\(thread)")
        }

        @Test("glossd refuses a wrong command line as gloss does")
        func wrongCommandLine() async throws {
            let option = try await server.administer(["invite", "--nonsense"])
            #expect(option.status == 64, "\(option)")
            #expect(option.errors.contains("Unknown option '--nonsense'"), "\(option)")
            #expect(option.errors.contains("See: glossd help invite"), "\(option)")
            #expect(!option.errors.contains("Usage:"), "\(option)")
            let near = try await server.administer(["invite", "--fro", "x"])
            #expect(near.errors.contains("'--for'? See:"), "\(near)")
            let json = try await server.administer(["invite", "--nonsense", "--json"])
            #expect(try JSON.lines(json.errors).first?["code"] == .number(64), "\(json)")
            let help = try await server.administer(["help", "invit"])
            #expect(help.status == 64 && help.errors.contains("glossd invite"), "\(help)")
        }

        @Test("glossd takes an article's name, and looks before it asks")
        func articleNames() async throws {
            for word in ["nothing", "00000000000000070000000000000002"] {
                let none = try await server.administer(["purge", word])
                #expect(none.status == 4, "\(none)")
            }
            let role = try await server.administer(["document", "role", "river", "jo", "reader"])
            #expect(role.status == 0, "\(role)")
            try desk.write("Another.", to: "river.txt")
            let ana = Person("ana", at: desk)
            try await ana.initialize()
            try await ana.gloss("add", "river.txt")
            try await ana.join(server.invite())
            let two = try await server.administer(["purge", "river", "--yes"])
            #expect(two.status == 64 && two.errors.contains("2 articles"), "\(two)")
            let articles = try await ana.objects("ls").compactMap(\.["id"].string)
            #expect(articles.count == 2 && articles.allSatisfy(two.errors.contains), "\(two)")
            try await ana.gloss("rename", #require(articles.first), "stream")
            try await ana.gloss("sync")
            let purge = try await server.administer(["purge", "stream"])
            #expect(purge.status == 64 && purge.errors.contains("--yes"), "\(purge)")
            #expect(try await server.administer(["purge", "stream", "--yes"]).status == 0)
        }

        @Test("An error names the file that was asked for")
        func askedFile() async throws {
            let backup = try await server.administer(["backup", "/nowhere/at/all/copy.db"])
            #expect(backup.errors.contains("/nowhere/at/all/copy.db:"), "\(backup)")
        }
    }
}
