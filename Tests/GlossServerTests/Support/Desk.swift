import GlossCore
import GlossProtocol
import GlossStorage
import Synchronization

@testable import GlossServer

/// Rooms over a store in memory with one library and one article, and people to push to them.
struct Desk {
    let store: FaultyStore
    let access = Access()
    let rooms: Rooms
    let fatal = Mailslot<StoreError>()
    let compactions = Mailslot<Result<Compaction.Outcome, StoreError>>()

    /// A desk whose members have the given roles.
    init(
        _ roles: [String: Role] = ["ana": .editor], limits: Rooms.Limits = Rooms.Limits()
    ) async throws {
        let base = MemoryStore(lineage: 1, packing: HistoryPacking())
        try await base.addLibrary(
            LibraryRecord(id: Sample.library, name: "desk", createdAt: 1))
        _ = try await base.createArticle(Sample.article, in: Sample.library, now: 1)
        try await self.init(on: FaultyStore(base), roles, limits: limits)
    }

    /// A desk on a store that has the library and the article.
    init(
        on store: FaultyStore, _ roles: [String: Role] = ["ana": .editor],
        limits: Rooms.Limits = Rooms.Limits(), clock: ServerClock = .system,
        signer: ReceiptSigner? = nil,
        stateChecksum: @escaping @Sendable (Replica) async -> UInt64 = Rooms.computeState
    ) async throws {
        self.store = store
        let fatal = fatal
        let compactions = compactions
        rooms = Rooms(
            store: store, access: access, limits: limits, clock: clock, signer: signer,
            stateChecksum: stateChecksum,
            onCompaction: { compactions.put($1) }
        ) { fatal.put($0) }
        for (user, role) in roles { setRole(role, of: user) }
    }

    func setRole(_ role: Role?, of user: String) {
        access.add(QuietListener(), user: user, device: Sample.device(0))
        let reading = access.startReading()
        let roles = role.map { [Sample.library: $0] } ?? [:]
        access.setRoles(UserRoles(libraries: roles), of: user, read: reading)
    }

    /// Pushes changes and waits for the decision.
    func push(
        _ parts: [(DocumentID, [Change])], by user: String = "ana", device: UInt64 = 1,
        at time: Int = 5_000
    ) async throws -> ServerSession.PushDecision {
        let slot = try await submit(parts, by: user, device: device, at: time)
        return await slot.take()
    }

    /// Pushes changes; the decision comes to the slot.
    func submit(
        _ parts: [(DocumentID, [Change])], by user: String = "ana", device: UInt64 = 1,
        at time: Int = 5_000
    ) async throws -> Mailslot<ServerSession.PushDecision> {
        let slot = Mailslot<ServerSession.PushDecision>()
        let pusher = Pusher(
            user: user, device: Sample.device(device), label: "desk", time: time)
        let batches = try parts.map { try ChangeBatch($0.0, $0.1) }
        await rooms.submit(batches, by: pusher) { slot.put($0) }
        return slot
    }

    /// The rows on disk.
    func rows(of document: DocumentID = Sample.article) async throws -> [LogRow] {
        try await store.rows(of: document, after: 0, maxBytes: 1 << 20, maxRows: 1_000)
    }
}

/// Somebody who needs not be told.
final class QuietListener: Access.Listener {
    func accessChanged() {}
    func documentAppeared(_ appeared: DocumentAppeared) {}
}

/// Values that one task puts down and another waits for.
final class Mailslot<Value: Sendable>: Sendable {
    private let stream: AsyncStream<Value>
    private let continuation: AsyncStream<Value>.Continuation
    private let seen = Mutex<[Value]>([])

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func put(_ value: Value) {
        seen.withLock { $0.append(value) }
        continuation.yield(value)
    }

    /// Everything put down so far.
    var values: [Value] { seen.withLock { $0 } }

    func take() async -> Value {
        for await value in stream { return value }
        preconditionFailure("the stream never ends")
    }
}
