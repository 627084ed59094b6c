import GlossCore
import GlossProtocol
import GlossStorage
import Testing

@testable import GlossServer

/// Logging in where the disk takes no more.
@Suite("Logging in while nothing can be written", .timeLimit(.minutes(1)))
struct AccountsTests {
    private static let failures = [
        StoreError(.diskFull, "The disk is full."), StoreError(.readOnly, "It is read-only."),
        StoreError(.locked, "The file is locked."), StoreError(.io, "The disk failed."),
    ]

    private func logIn(_ lone: LoneConnection) async throws -> ServerSession.Authentication {
        let accounts = Accounts(
            store: lone.desk.store, access: lone.desk.access,
            clock: ServerClock(wall: { 1_500 }, steady: { 0 }))
        return try await accounts.admit(lone.client.credential, for: QuietListener())
    }

    @Test(
        "A device gets in and reads, though it cannot be noted that it was there",
        arguments: failures)
    func unnoted(_ failure: StoreError) async throws {
        let desk = try await Desk()
        let change = Sample.typing("x", agent: Sample.agent(1))
        _ = try await desk.push([(Sample.article, [change])], device: 9)
        desk.store.failTouches(failure)
        try await LoneConnection.run(on: desk) { lone in
            #expect(try await lone.client.follow(Sample.article).at == 1)
            guard case .admitted = try await logIn(lone) else {
                throw Unexpected(message: "a known device was not let in")
            }
            #expect(desk.fatal.values.isEmpty)
        }
    }

    @Test("Where the disk does not keep what it was told to, the failure is passed on")
    func unsynced() async throws {
        let desk = try await Desk()
        try await LoneConnection.run(on: desk) { lone in
            desk.store.failTouches(StoreError(.fsyncFailed, "The disk did not confirm a write."))
            let error = await #expect(throws: StoreError.self) { try await logIn(lone) }
            #expect(error?.code == .fsyncFailed)
        }
    }
}
