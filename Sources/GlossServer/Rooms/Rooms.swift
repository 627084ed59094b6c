import GlossCore
import GlossProtocol
import GlossStorage

/// The documents in memory, and the one place where pushes are judged and committed.
///
/// A push is judged against all its documents in one piece, then waits for the next group commit:
/// pushes collected for a tick are written as one. Only when that is on disk are they answered and
/// their documents' followers told. A commit that fails takes the rooms it concerned with it, and
/// whatever was judged on top of them.
actor Rooms {
    /// The bounds of what is kept, and the pace of commits.
    struct Limits {
        /// Documents in memory; more than any one push needs, each part its own and its article.
        var rooms = 256
        /// How long a push may wait for others to be written with.
        var tick = Duration.milliseconds(2)
        /// Bytes of changes that start a commit at once.
        var commitBytes = 1_048_576
        /// Pushes waiting for a commit; those beyond are refused as `overloaded`.
        var waiting = WireLimits.pushesWaiting
        /// Bytes of changes read from the store at once while loading.
        var loadBytes = 1_048_576
        /// Bytes of all changes of a document; those beyond are refused as `too_large`.
        var documentBytes = WireLimits.document
        /// Agents of a document; changes of others are refused as `too_large`.
        var documentAgents = WireLimits.vector
        /// Changes, and bytes of changes, behind what is compacted of a document that have it
        /// compacted anew.
        var compactedRows = 512
        var compactedBytes = 131_072
        /// States of documents computed at once; other documents wait for that. Each takes a thread
        /// for as long as it takes, and the rooms need one.
        var states = 1
        /// How long nobody writes to a document before it is compacted.
        var compactionPause = Duration.seconds(5)
    }

    let store: any Store
    let access: Access
    let limits: Limits
    let clock: ServerClock
    let metrics: ServerMetrics
    /// What signs receipts; without it there are none, and nothing is taken by one.
    let signer: ReceiptSigner?
    /// Who may show receipts.
    let receiptGuard = FailureGuard.receipts()
    /// Whose pushes had to be undone.
    var undonePushes = FailureDebts(
        count: WireLimits.undonePushes, time: WireLimits.undonePushTime)
    /// Receipts for documents that are not in memory.
    var receipts = ReceiptCache()
    /// Receipts and states that those who follow will be told.
    var debts = AttestationDebts()
    /// Logs from before there were receipts that are being hashed, one after the other.
    var chainings = ChainQueue()
    /// States that are being computed, and those that wait for that.
    var states = StateQueue()
    /// Computes the checksum of a document's state, beside everything else.
    let stateChecksum: @Sendable (Replica) async -> UInt64
    /// Called, once, if the disk can no longer be trusted. Must end the process.
    let onFatal: @Sendable (StoreError) -> Void

    var rooms = RoomTable()
    private var uses = UseOrder()
    var pins: RoomPins
    var spoiled: SpoiledRooms = [:]
    private var loading: [DocumentID: Task<Room?, any Error>] = [:]
    var queue = CommitQueue()
    var compactions = CompactionQueue()
    /// Documents that are being purged: it is not decided whether they will be.
    var purging: Set<DocumentID> = []
    /// Documents that were purged since the server started.
    var purged: Set<DocumentID> = []
    /// Called with what became of each compaction that the server does by itself.
    let onCompaction: Compaction.Report
    var followers: [DocumentID: [ObjectIdentifier: any Follower]] = [:]

    init(
        store: any Store, access: Access, limits: Limits = Limits(),
        clock: ServerClock = .system, metrics: ServerMetrics = ServerMetrics(),
        signer: ReceiptSigner? = nil,
        stateChecksum: @escaping @Sendable (Replica) async -> UInt64 = Rooms.computeState,
        onCompaction: @escaping Compaction.Report = { _, _ in },
        onFatal: @escaping @Sendable (StoreError) -> Void
    ) {
        self.store = store
        self.access = access
        self.limits = limits
        pins = RoomPins(limit: limits.rooms)
        self.clock = clock
        self.metrics = metrics
        self.signer = signer
        self.stateChecksum = stateChecksum
        self.onCompaction = onCompaction
        self.onFatal = onFatal
    }

    // MARK: Loading

    /// What comes of loading a document.
    enum Loading {
        case loaded
        /// There is no such document, or none that the user may read.
        case absent
        /// It is being purged.
        case leaving
    }

    /// Makes sure that a document is in memory. Nothing is loaded for somebody who may not read it.
    func load(_ id: DocumentID, for user: String) async throws(StoreError) -> Loading {
        var scope = rooms[id]?.scope
        if scope == nil { scope = try await store.document(id)?.scope }
        guard let scope, access.role(of: user, in: scope) != nil else { return .absent }
        if !purging.contains(scope.article), try await load(id) { return .loaded }
        return purging.contains(scope.article) ? .leaving : .absent
    }

    /// Whether nobody may change a document any more, or not now.
    private func isLeaving(_ id: DocumentID) -> Bool {
        purging.contains(id) || purged.contains(id)
    }

    private func load(_ id: DocumentID) async throws(StoreError) -> Bool {
        await waitWhileSpoiled(id)
        if isLeaving(id) { return false }
        if touch(id) { return true }
        let task = loading[id] ?? startLoading(id)
        let room: Room?
        do {
            room = try await task.value
        } catch {
            if loading[id] == task { loading[id] = nil }
            throw error as? StoreError
                ?? StoreError(.io, "Document \(id) could not be loaded: \(error)")
        }
        // Whoever comes back first puts the room in; a commit may have changed it since.
        if loading[id] == task {
            loading[id] = nil
            if let room, rooms[id] == nil, !isLeaving(room.scope.article) {
                makeSpace()
                rooms[id] = room
            }
        }
        guard room != nil else { return false }
        return touch(id) ? true : try await load(id)
    }

    private func startLoading(_ id: DocumentID) -> Task<Room?, any Error> {
        let store = store
        let bytes = limits.loadBytes
        let task = Task { try await Room(loading: id, from: store, pageBytes: bytes) }
        loading[id] = task
        return task
    }

    /// Notes that a document is used; false if it is not in memory.
    func touch(_ id: DocumentID) -> Bool {
        guard rooms[id] != nil else { return false }
        uses.note(id, in: &rooms)
        return true
    }

    /// Lets go of the rooms used longest ago. Those with changes on their way to disk stay, and those
    /// that somebody needs.
    private func makeSpace() {
        while rooms.count >= limits.rooms {
            let idle = uses.takeOldest(in: rooms) { $0.isDurable && !pins.contains($0.id) }
            guard let idle else { return }
            rooms[idle] = nil
            metrics.evicted()
        }
    }

    /// Lets go of every room that has nothing on its way to disk.
    func unload() {
        rooms.remove(where: \.isDurable)
    }

    /// How many documents are in memory.
    var count: Int { rooms.count }
}

/// Somebody to be told when a document's log has grown.
protocol Follower: AnyObject, Sendable {
    /// A log has grown, on disk, by the rows of `news`. Must not block.
    func logGrew(by news: ServerSession.LogSlice)
    /// The document was purged. Must not block.
    func documentGone(_ document: DocumentID)
}
