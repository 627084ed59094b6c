import Foundation
import Testing

extension EndToEnd {
    /// `glossd` dies at random moments while two people work.
    @Suite("Killing the server")
    struct KillServerTests {
        static let rounds = 30
        /// One of them stays connected, the other one syncs after every few commands.
        let desk: Desk
        let server: GlossServerProcess
        let mira: Person
        let jo: Person

        init() async throws {
            (desk, server, mira, jo) = try await Start.together()
        }

        @Test(
            "Whatever was acknowledged outlives every kill, and all agree in the end",
            arguments: 0..<UInt64(Rounds.factor))
        func kills(_ seed: UInt64) async throws {
            var random = Seeded(seed)
            var promised = 0
            let watch = try mira.start("sync", "--watch")
            await watch.wait { $0.errorText.contains("connected to") }
            for round in 1...Self.rounds {
                let delay = Int.random(in: 0...400, using: &random)
                let words = Sample.words.shuffled(using: &random)
                async let first: Void = annotate(mira, words[0..<2], round)
                async let second = annotateAndSync(jo, words[2..<4], round)
                let failures = Self.count("Trying again", watch.soFar)
                try await Task.sleep(for: .milliseconds(delay))
                await server.kill()
                try await first
                let odd = try await second
                #expect(odd.isEmpty, "round \(round): neither 0 nor 6")
                await watch.wait { Self.count("Trying again", $0) > failures }
                try #require(watch.soFar.ending == nil, "\(watch.soFar.errorText)")

                let log = try await Ledger.log(of: "\(desk.path)/\(server.data)")
                for person in [mira, jo] {
                    let acknowledged = try Ledger.acknowledged(in: person.file)
                    promised = max(promised, acknowledged.count)
                    let lost = acknowledged.subtracting(log)
                    #expect(lost.isEmpty, "round \(round): \(person.name) was promised \(lost)")
                }
                let connections = Self.count("connected to", watch.soFar)
                let restart = Date()
                try await server.start()
                await watch.wait { Self.count("connected to", $0) > connections }
                let pause = Date().timeIntervalSince(restart)
                // The longest delay, should no connection have lived for long enough to be of use.
                #expect(pause < 35, "round \(round): mira took \(pause) s to come back")
            }
            watch.signal(SIGINT)
            #expect(await watch.end().ending == .exited(130))
            #expect(promised > Self.rounds, "most of the work got through")
            try await expectAgreement()
        }

        /// All replicas and the server agree, the last seen by a newcomer.
        private func expectAgreement() async throws {
            for person in [mira, jo, mira] { try await person.gloss("sync") }
            let ada = Person("ada", at: desk)
            try await ada.join(server.invite("--role", "reader"))
            var checksums: Set<String> = []
            for person in [mira, jo, ada] {
                #expect(try await person.waiting() == 0)
                checksums.insert(try await person.checksum(of: "piece"))
            }
            #expect(checksums.count == 1, "the checksums are \(checksums)")
            let notes = try await ada.objects("notes", "piece")
            #expect(notes.count == 4 * Self.rounds, "every note is there once")
            _ = await server.stop()
            let log = try await Ledger.log(of: "\(desk.path)/\(server.data)")
            #expect(try Ledger.acknowledged(in: mira.file) == log)
            #expect(try Ledger.acknowledged(in: jo.file) == log)
        }

        private func annotate(
            _ person: Person, _ words: ArraySlice<String>, _ round: Int
        ) async throws {
            for word in words {
                try await person.note("piece", word, "\(person.name) in round \(round)")
            }
        }

        /// The syncs that ended with neither 0 nor 6, which means that the server is away.
        private func annotateAndSync(
            _ person: Person, _ words: ArraySlice<String>, _ round: Int
        ) async throws -> [Ran] {
            var odd: [Ran] = []
            for word in words {
                try await annotate(person, [word], round)
                let sync = try await person.attempt("sync")
                if sync.status != 0, sync.status != 6 { odd.append(sync) }
            }
            return odd
        }

        private static func count(_ words: String, _ progress: Program.Progress) -> Int {
            progress.errorText.components(separatedBy: words).count - 1
        }
    }
}
