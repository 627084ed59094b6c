import FoundationEssentials
import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage
import GlossTransport
import TestSupport
import Testing

@testable import GlossServer

@Suite("The transcripts of Protocol/, with a server, over TLS", .timeLimit(.minutes(1)))
struct TranscriptTests {
    /// Connections, and what the library is called in the transcript and on this server.
    private struct Stage {
        let server: TestServer
        let transcript: Transcript
        var clients: [Int: TestClient] = [:]
        /// Up to where each log was said to have come, on each connection.
        var told: [Int: [DocumentID: Int]] = [:]
        /// What the transcript calls the keys of who is there.
        private var keys: [String: String] = [:]

        init(server: TestServer, transcript: Transcript) {
            (self.server, self.transcript) = (server, transcript)
        }

        func translated(_ line: [UInt8], back: Bool = false) -> [UInt8] {
            let names = [transcript.library, server.library.description]
            return Array(
                String(decoding: line, as: UTF8.self)
                    .replacing(names[back ? 1 : 0], with: names[back ? 0 : 1]).utf8)
        }

        /// A line of the server's with the keys of who is there numbered as they come.
        mutating func numbered(_ line: [UInt8]) throws -> [UInt8] {
            guard case .pres(let news) = try ServerMessage.decode(line) else { return line }
            var text = String(decoding: line, as: UTF8.self)
            for key in [news.own].compactMap({ $0 }) + news.present.map(\.key) + news.left {
                let name = keys[key] ?? "\(keys.count + 1)"
                keys[key] = name
                text = text.replacing("\"\(key)\"", with: "\"\(name)\"")
            }
            return Array(text.utf8)
        }

        /// Whether a line only brings the receipt for what was told before, as comes when it has been
        /// slow enough.
        mutating func isLateReceipt(_ line: [UInt8], on connection: Int) throws -> Bool {
            switch try ServerMessage.decode(line) {
            case .have(let have): told[connection, default: [:]][have.doc] = nil
            case .live(let live):
                let last = told[connection, default: [:]].updateValue(live.at, forKey: live.doc)
                return last == live.at
            default: break
            }
            return false
        }

        mutating func play(_ step: Transcript.Step) async throws {
            if step.does == "shut down" {
                let running = server.running
                Task { await running.shutDown(drainTime: .seconds(2)) }
            } else if let line = step.line, step.who == "admin" {
                let request = try JSONDecoder().decode(AdminRequest.self, from: Data(line))
                _ = try await server.running.administrator.perform(request)
            } else if let line = step.line, step.isOfClient {
                if clients[step.connection] == nil {
                    clients[step.connection] = try await server.dial()
                }
                try await clients[step.connection]?.line.send([translated(line)])
            } else if let line = step.line, let client = clients[step.connection] {
                var lines = client.line.lines.makeAsyncIterator()
                var answer: [UInt8]
                repeat {
                    answer = try #require(try await lines.next(), "\(step.who) says nothing")
                } while try isLateReceipt(answer, on: step.connection)
                let found = translated(try numbered(answer), back: true)
                #expect(
                    try step.essence(of: found) == step.essence(of: line),
                    "\(transcript.name): \(step.who)")
            } else {
                Issue.record("\(transcript.name) has a step that makes no sense: \(step)")
            }
        }
    }

    @Test("Each that a client can bring about comes out as it is written")
    func replay() async throws {
        var played = 0
        for transcript in try Transcript.all() where transcript.isByLines {
            try await TestServer.run { server in
                let now = ServerClock.system.wall()
                for invitation in transcript.invitations {
                    try await server.store.addInvitation(
                        InvitationRecord(
                            secretHash: SHA256.hash(
                                try #require(Base64URL.decode(invitation.secret))
                            ).bytes, library: server.library,
                            role: try #require(Role(rawValue: invitation.role)), createdAt: now,
                            expiresAt: now + 60_000, usesLeft: 1))
                }
                var stage = Stage(server: server, transcript: transcript)
                for step in transcript.steps { try await stage.play(step) }
                #expect(
                    try await conflicts(in: server.store) == transcript.conflicts,
                    "\(transcript.name)")
                for client in stage.clients.values { await client.line.close() }
            }
            played += 1
        }
        #expect(played >= 7)
    }

    /// The kinds of the conflicts in what the store has of the transcripts' article.
    private func conflicts(in store: SQLiteStore) async throws -> [String] {
        let article = DocumentID(high: 1, low: 2)
        var replicas: [Replica] = []
        for document in [article, article.annotations] {
            var replica = Replica(id: document)
            let rows = try await store.rows(
                of: document, after: 0, maxBytes: 1 << 20, maxRows: 1_000)
            for row in rows { try replica.integrate(try ChangeCodec.decode(row.bytes)) }
            replicas.append(replica)
        }
        let desk = AnnotatedArticle(article: replicas[0], annotations: replicas[1])
        return desk.conflicts.map(\.kind.rawValue)
    }
}
