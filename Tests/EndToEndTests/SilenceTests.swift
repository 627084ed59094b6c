import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// Programs that stand still, and peers that are gone without a word: longer than a heartbeat and
    /// the time for its answer.
    @Suite("Silence")
    struct SilenceTests {
        /// A heartbeat of a second, and the fifteen within which something must come back.
        private static let heartbeat = ["--set", "heartbeat_seconds=1"]
        private static let silence = Duration.seconds(18)

        /// A desk with a server of short heartbeats, somebody who watches, and somebody who writes.
        private struct Setting {
            let desk: Desk
            let server: GlossServerProcess
            let mira: Person
            let jo: Person
            let watch: Program
            let relay: Relay?

            init(isRelayed: Bool = false) async throws {
                desk = try Desk()
                server = GlossServerProcess(desk, options: SilenceTests.heartbeat)
                (mira, jo) = (Person("mira", at: desk), Person("jo", at: desk))
                try await server.start()
                let port = await server.port
                relay = isRelayed ? try Relay(to: port) : nil
                try await jo.join(server.firstInvitation())
                try desk.write(Sample.article, to: "piece.txt")
                try await jo.gloss("add", "piece.txt", "--name", "piece")
                try await jo.gloss("sync")
                var link = try await server.invite()
                if let relay {
                    link = link.replacingOccurrences(of: ":\(port)/", with: ":\(relay.port)/")
                }
                try await mira.join(link)
                watch = try mira.start("sync", "--watch")
                await watch.wait { $0.errorText.contains("connected to") }
                try #require(watch.soFar.ending == nil, "\(watch.soFar.errorText)")
            }

            /// How often the watcher has connected.
            static func connections(_ progress: Program.Progress) -> Int {
                progress.errorText.components(separatedBy: "connected to").count - 1
            }

            /// What the running server says of itself.
            func status() async throws -> JSON {
                try #require(try await server.administer(["status", "--json"]).objects().first)[
                    "status"]
            }

            /// Waits until the server has given up on a peer, and has nothing of that connection left.
            func waitUntilGone(leaving connections: Double) async throws {
                let gone = await server.program?.wait { $0.errorText.contains("end=timed_out") }
                #expect(gone?.ending == nil, "\(gone?.errorText ?? "")")
                let deadline = ContinuousClock.now + .seconds(60)
                while ContinuousClock.now < deadline {
                    let status = try await status()
                    let isFree =
                        status["openConnections"].number == connections
                        && status["bytesWaiting"].number == 0
                    if isFree { return }
                    try await Task.sleep(for: .milliseconds(200))
                }
                Issue.record("a connection is left: \(try await status())")
            }

            /// Both have everything of each other, the server too, and no promise was broken.
            func expectAgreement(notes: Int) async throws {
                // Looked at again and again: what is said last may come while the file is locked.
                let deadline = ContinuousClock.now + .seconds(60)
                while (try? Ledger.unacknowledged(in: mira.file)) != 0 {
                    try #require(ContinuousClock.now < deadline, "it was never sent")
                    try await Task.sleep(for: .milliseconds(50))
                }
                watch.signal(SIGINT)
                #expect(await watch.end().ending == .exited(130))
                try await jo.gloss("sync")
                try await mira.gloss("sync")
                let checksum = try await mira.checksum(of: "piece")
                #expect(try await jo.checksum(of: "piece") == checksum)
                #expect(try await mira.objects("notes", "piece").count == notes)
                relay?.close()
                _ = await server.stop()
                let log = try await Ledger.log(of: "\(desk.path)/\(server.data)")
                for person in [mira, jo] {
                    let lost = try Ledger.acknowledged(in: person.file).subtracting(log)
                    #expect(lost.isEmpty, "\(person.name) was promised \(lost)")
                }
            }
        }

        @Test("Who stands still or is gone is noticed, and comes back with nothing lost")
        func silence() async throws {
            // Side by side, for they mostly wait.
            async let server: Void = stoppedServer()
            async let client: Void = stoppedClient()
            async let vanished: Void = vanishedPeer()
            _ = try await (server, client, vanished)
        }

        /// The server stands still while somebody writes.
        private func stoppedServer() async throws {
            let setting = try await Setting()
            let program = try #require(await setting.server.program)
            let before = try Ledger.acknowledged(in: setting.mira.file)
            program.signal(SIGSTOP)
            try await setting.mira.note("piece", "amber", "while the server stands still")
            let failed = await setting.watch.wait { $0.errorText.contains("Trying again") }
            #expect(failed.ending == nil, "\(failed.errorText)")
            #expect(try Ledger.acknowledged(in: setting.mira.file) == before, "no promise")
            #expect(try Ledger.unacknowledged(in: setting.mira.file) > 0)
            program.signal(SIGCONT)
            let back = await setting.watch.wait { Setting.connections($0) > 1 }
            #expect(back.ending == nil, "\(back.errorText)")
            try await setting.expectAgreement(notes: 1)
        }

        /// A client stands still while others write.
        private func stoppedClient() async throws {
            let setting = try await Setting()
            setting.watch.signal(SIGSTOP)
            try await setting.jo.note("piece", "basalt", "while mira stands still")
            try await setting.jo.gloss("sync")
            try await setting.waitUntilGone(leaving: 0)
            setting.watch.signal(SIGCONT)
            let back = await setting.watch.wait { Setting.connections($0) > 1 }
            #expect(back.ending == nil, "\(back.errorText)")
            try await setting.expectAgreement(notes: 1)
        }

        /// What stands between them passes nothing on, not even that one of them has closed.
        private func vanishedPeer() async throws {
            let setting = try await Setting(isRelayed: true)
            setting.relay?.silence()
            try await setting.mira.note("piece", "cedar", "into the void")
            let back = await setting.watch.wait { Setting.connections($0) > 1 }
            #expect(back.ending == nil, "\(back.errorText)")
            try await setting.waitUntilGone(leaving: 1)
            try await setting.expectAgreement(notes: 1)
        }
    }
}
