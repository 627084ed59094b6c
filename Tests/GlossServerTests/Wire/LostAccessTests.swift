import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage
import Testing

@testable import GlossServer

/// What a connection hears when access changes. Its clock stands still: nothing of this waits for a
/// tick, a heartbeat or the client.
@Suite("Access that ends or changes while connected", .timeLimit(.minutes(1)))
struct LostAccessTests {
    private func following(_ body: (LoneConnection) async throws -> Void) async throws {
        let desk = try await Desk()
        try await LoneConnection.run(on: desk) { lone in
            try await lone.subscribe()
            guard case .have = try await lone.client.receive(),
                case .live = try await lone.client.receive()
            else { throw Unexpected(message: "no subscription") }
            try await body(lone)
        }
    }

    private func set(_ roles: UserRoles, _ lone: LoneConnection) {
        lone.desk.access.setRoles(roles, of: "ana", read: lone.desk.access.startReading())
    }

    private let editor = UserRoles(libraries: [Sample.library: .editor])

    @Test("A revoked device is told and cut off, whatever is under way")
    func revoked() async throws {
        try await following { lone in
            let desk = lone.desk
            desk.store.hold()
            let text = Sample.typing("a", agent: Sample.agent(1))
            try await lone.client.send(.push(try Push(id: 5, [(Sample.article, [text])])))
            await desk.store.heldCommit()
            desk.access.revoke(Sample.device(1), of: "ana")
            let failure = try #require(try await lone.client.lastError())
            #expect(failure.code == .deviceRevoked && failure.scope == .connection)
            _ = await lone.ended.take()
            desk.store.release()
        }
    }

    @Test("Who is removed hears so, and nothing of the document after that")
    func removed() async throws {
        try await following { lone in
            set(UserRoles(), lone)
            guard case .revoked(let revoked) = try await lone.client.receive() else {
                throw Unexpected(message: "not told")
            }
            #expect(revoked.subject == .library(Sample.library))
            lone.desk.setRole(.editor, of: "other")
            let text = Sample.typing("a", agent: Sample.agent(2))
            let decision = try await lone.desk.push(
                [(Sample.article, [text])], by: "other", device: 2)
            #expect(decision.positions == [1])
            #expect(try await lone.client.everything(number: 1) == [])
        }
    }

    @Test("Who may no longer read a document hears so, and nothing of it after that")
    func hidden() async throws {
        try await following { lone in
            var roles = editor
            roles.articles[Sample.article] = .some(nil)
            set(roles, lone)
            guard case .revoked(let revoked) = try await lone.client.receive() else {
                throw Unexpected(message: "not told")
            }
            #expect(revoked.subject == .document(Sample.article))
            lone.desk.setRole(.editor, of: "other")
            let text = Sample.typing("a", agent: Sample.agent(2))
            _ = try await lone.desk.push([(Sample.article, [text])], by: "other", device: 2)
            #expect(try await lone.client.everything(number: 1) == [])
        }
    }

    @Test("News that waited for a slow reader are not sent of what was hidden meanwhile")
    func waiting() async throws {
        try await following { lone in
            let appeared = DocumentAppeared(
                library: Sample.library, doc: Sample.article, kind: .article)
            var roles = editor
            roles.articles[Sample.article] = .some(nil)
            set(roles, lone)
            lone.connection.documentAppeared(appeared)
            let said = try await lone.client.everything(number: 1)
            #expect(!said.contains(.doc(appeared)))
        }
    }

    @Test("A page that was being read when its reader's role went is not sent")
    func reading() async throws {
        let desk = try await Desk()
        let text = Sample.typing("a", agent: Sample.agent(2))
        _ = try await desk.push([(Sample.article, [text])], device: 2)
        // The page comes from the store.
        await desk.rooms.unload()
        desk.store.holdRows()
        let reads = desk.store.rowReads[Sample.article] ?? 0
        try await LoneConnection.run(on: desk) { lone in
            try await lone.subscribe()
            while desk.store.rowReads[Sample.article] ?? 0 == reads { await Task.yield() }
            // The connection has not heard of it yet.
            desk.access.remove(lone.connection)
            desk.setRole(nil, of: "ana")
            desk.store.releaseRows()
            for message in try await lone.client.everything(number: 1) {
                switch message {
                case .have: break
                case .err(let failure):
                    #expect(failure.code == .notFound && failure.doc == Sample.article)
                default: Issue.record("told of what it may not read: \(message)")
                }
            }
        }
    }

    @Test("A role that changes is told, in the library and on what is followed")
    func changed() async throws {
        try await following { lone in
            set(UserRoles(libraries: [Sample.library: .reader]), lone)
            let lowered = try await lone.client.everything(number: 1)
            #expect(
                lowered == [
                    .role(RoleChange(subject: .library(Sample.library), role: .reader)),
                    .role(RoleChange(subject: .document(Sample.article), role: .reader)),
                ])
            var roles = editor
            roles.articles[Sample.article] = .some(.reader)
            set(roles, lone)
            let raised = try await lone.client.everything(number: 2)
            #expect(
                raised == [.role(RoleChange(subject: .library(Sample.library), role: .editor))])
        }
    }

    @Test("An invitation is good until its end, and who joined by it stays")
    func expired() async throws {
        try await following { lone in
            let desk = lone.desk
            // The clock of the connection stands at 1,000.
            for (number, end) in [(UInt8(7), 1_001), (8, 1_000)] {
                let secret: [UInt8] = [number]
                try await desk.store.addInvitation(
                    InvitationRecord(
                        secretHash: SHA256.hash(secret).bytes, library: Sample.library,
                        role: .reader, createdAt: 1, expiresAt: end, usesLeft: 1))
                let accounts = Accounts(
                    store: desk.store, access: desk.access,
                    clock: ServerClock(wall: { 1_000 }, steady: { 0 }))
                let answer = try await accounts.admit(
                    .invitation(
                        InvitationCredential(
                            secret: secret, user: "guest\(number)", label: "desk",
                            device: Sample.device(UInt64(number)), key: [1])),
                    for: QuietListener())
                switch answer {
                case .admitted: #expect(end == 1_001)
                case .refused(let code, _):
                    #expect(end == 1_000 && code == .invitationExpired)
                }
            }
            #expect(try await lone.client.everything(number: 1) == [])
        }
    }
}
