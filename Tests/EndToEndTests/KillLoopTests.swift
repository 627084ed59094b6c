import Foundation
import Testing

extension EndToEnd {
    /// `glossd` dies over and over on the same data, while one client types the protocol as fast as it
    /// goes and another syncs.
    ///
    /// `GLOSS_KILL_ROUNDS=N` sets how often; what came of it goes to standard error.
    @Suite("Killing a server over and over")
    struct KillLoopTests {
        static let rounds =
            ProcessInfo.processInfo.environment["GLOSS_KILL_ROUNDS"].flatMap { Int($0) } ?? 12
        /// Rounds after which both begin a new article, so that no start loads a long one.
        private static let roundsOfArticle = 5
        /// Rounds after which every change that was acknowledged is looked for.
        private static let roundsOfCheck = 50

        /// What the kills hit.
        private struct Tally: CustomStringConvertible {
            var kills = 0
            /// Kills with a push of the typing client under way.
            var hits = 0
            /// Kills with a push of `gloss` under way: offered and not acknowledged in its file.
            var clientHits = 0
            /// Changes that were on disk and not acknowledged.
            var kept = 0
            /// Changes that were under way and not on disk.
            var dropped = 0
            /// Syncs that got through.
            var syncs = 0

            var description: String {
                """
                \(kills) kills, \(hits) with a push of the typing client under way, \(clientHits) \
                with one of gloss; \(kept) changes were on disk and not acknowledged, \(dropped) \
                neither; \(syncs) syncs got through
                """
            }
        }

        let desk: Desk
        let server: GlossServerProcess
        let mira: Person

        init() async throws {
            (desk, server, mira, _) = try await Start.together()
        }

        @Test("After every restart all that was acknowledged is there, and nothing is wrong")
        func rounds() async throws {
            let start = ContinuousClock.now
            var random = Seeded(9)
            let library = try await server.administer(["library", "add", "typed"])
            try #require(library.status == 0, "\(library)")
            let pusher = Pusher(try await server.invite("--library", "typed"))
            try await pusher.join()
            var tally = Tally()
            var article = "piece"
            // What a sync of Mira's takes, so that kills fall on all of it.
            var usual = 0.4
            for round in 1...Self.rounds {
                if round % Self.roundsOfArticle == 1 {
                    let before = Date()
                    try await mira.gloss("sync")
                    usual = max(0.4, Date().timeIntervalSince(before))
                    article = "piece-\(round)"
                    try await mira.gloss("add", "piece.txt", "--name", article)
                    await pusher.startArticle()
                }
                let word = Sample.words[round % Sample.words.count]
                try await mira.note(article, word, "round \(round)")
                try await kill(pusher, &tally, delay: Double.random(in: 0...usual, using: &random))
                try await expectNothingWrong("round \(round)")
                if round % Self.roundsOfCheck == 0 { try await expectPromisesKept(round, tally) }
                try await server.start()
            }
            try await pusher.work(limit: 1)
            try await expectAgreement()
            let summary = "\(tally), \(await pusher.total) changes, \(ContinuousClock.now - start)"
            FileHandle.standardError.write(Data("kill loop: \(summary)\n".utf8))
            #expect(tally.hits * 2 > tally.kills, "\(summary)")
            #expect(tally.kept + tally.dropped > 0, "\(summary)")
            #expect(Self.rounds < 100 || tally.clientHits > 0 && tally.kept > 0, "\(summary)")
        }

        /// Has both at work and kills the server a while after the first answer.
        private func kill(_ pusher: Pusher, _ tally: inout Tally, delay: Double) async throws {
            let before = await pusher.total
            let typing = Task { try await pusher.work(limit: 1_000) }
            let deadline = ContinuousClock.now + .seconds(60)
            while await pusher.total == before, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(2))
            }
            try #require(await pusher.total > before, "the server answers")
            let sync = try mira.start("sync")
            try await Task.sleep(for: .seconds(delay))
            await server.kill()
            // A connection that broke is what was wanted.
            _ = await typing.result
            let visit = await pusher.visit
            let ran = Ran(["gloss", "sync"], await sync.end())
            #expect([0, 6].contains(ran.status), "\(ran)")
            tally.kills += 1
            if await pusher.unanswered > 0 { tally.hits += 1 }
            if try Ledger.offered(in: mira.file) > 0 { tally.clientHits += 1 }
            tally.kept += visit.kept
            tally.dropped += visit.dropped
            if ran.status == 0 { tally.syncs += 1 }
        }

        private func expectNothingWrong(_ round: String) async throws {
            let ran = try await desk.run([
                Binaries.glossd, "doctor", "--json", "--set", "connections=50", "--data",
                server.data,
            ])
            #expect(ran.status == 0, "\(round): \(ran)")
            let levels = try ran.objects().map { $0["level"].string }
            #expect(!levels.contains("error"), "\(round): \(ran)")
        }

        /// What the files of both sides say, while the server is down.
        private func expectPromisesKept(_ round: Int, _ tally: Tally) async throws {
            let log = try await Ledger.log(of: "\(desk.path)/\(server.data)")
            let lost = try Ledger.acknowledged(in: mira.file).subtracting(log)
            #expect(lost.isEmpty, "round \(round): mira was promised \(lost)")
            FileHandle.standardError.write(Data("kill loop: round \(round), \(tally)\n".utf8))
        }

        /// Mira, a newcomer and the server agree, and everything replays to the same checksums.
        private func expectAgreement() async throws {
            try await mira.gloss("sync")
            #expect(try await mira.waiting() == 0)
            let ada = Person("ada", at: desk)
            try await ada.join(server.invite("--role", "reader", "--library", "main"))
            let first = (Self.rounds - 1) / Self.roundsOfArticle * Self.roundsOfArticle + 1
            let last = "piece-\(first)"
            for article in ["piece", "piece-1", last] {
                let checksum = try await mira.checksum(of: article)
                #expect(try await ada.checksum(of: article) == checksum, "\(article)")
            }
            let copy = "\(desk.path)/copy.db"
            let backup = try await server.administer(["backup", copy])
            #expect(backup.status == 0, "\(backup)")
            let verified = try await desk.run(
                [Binaries.glossd, "backup", "--verify", copy], limit: 600)
            #expect(verified.status == 0, "\(verified)")
            let compact = try await server.administer(["compact"])
            #expect(compact.status == 0, "\(compact)")
            _ = await server.stop()
            let log = try await Ledger.log(of: "\(desk.path)/\(server.data)")
            #expect(try Ledger.acknowledged(in: mira.file).subtracting(log).isEmpty)
        }
    }
}
