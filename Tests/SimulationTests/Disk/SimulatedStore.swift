import GlossCore
import GlossStorage
import TestSupport

/// The store of one running server: writes take time, fail when the disk does, and are on disk when
/// they return. It is of no more use once its server is dead.
final class SimulatedStore: Store, @unchecked Sendable {  // used on the thread of its simulation
    private let base: MemoryStore
    let disk: ServerDisk
    private let scheduler: Scheduler
    private var random: SeededRandom
    var isAlive = true
    /// The machine dies now.
    var onCrash: () -> Void = {}

    init(_ base: MemoryStore, on disk: ServerDisk, _ scheduler: Scheduler, seed: UInt64) {
        self.base = base
        self.disk = disk
        self.scheduler = scheduler
        random = SeededRandom(seed: seed)
    }

    private func checkAlive() throws(StoreError) {
        if !isAlive { throw StoreError(.closed, "The server is dead.") }
    }

    private func wait() async throws(StoreError) {
        let time = random.chance(0.3) ? 0 : random.below(6)
        if time > 0 { try? await scheduler.sleep(.milliseconds(time)) }
        try checkAlive()
    }

    /// Writes, with whatever goes wrong with that.
    private func write<T: Sendable>(
        _ record: ServerDisk.Record, fails: Bool = false,
        _ body: @Sendable (isolated MemoryStore) throws(StoreError) -> T
    ) async throws(StoreError) -> T {
        try await wait()
        let fault = fails ? disk.nextFault.take() : nil
        if let fault { disk.onFault(fault) }
        switch fault {
        case .full: throw StoreError(.diskFull, "The disk is full.")
        case .readOnly: throw StoreError(.readOnly, "The disk is read-only.")
        case .locked: throw StoreError(.locked, "The file is locked.")
        case .io: throw StoreError(.io, "The disk failed.")
        case .fsyncLost: throw StoreError(.fsyncFailed, "The disk did not confirm a write.")
        case .crashBefore: onCrash()
        case .fsyncKept, .crashBehind, nil: break
        }
        try checkAlive()
        let result = try await base.change(body) { [disk] in
            if self.isAlive { disk.append(record) }
        }
        if fault == .fsyncKept {
            throw StoreError(.fsyncFailed, "The disk did not confirm a write.")
        }
        if fault == .crashBehind { onCrash() }
        try await wait()
        return result
    }

    private func read<T: Sendable>(
        _ body: @Sendable (isolated MemoryStore) throws(StoreError) -> T
    ) async throws(StoreError) -> T {
        try checkAlive()
        return try await base.change(body) {}
    }
}

extension MemoryStore {
    /// Does something, and something behind it that no one can come between.
    fileprivate func change<T>(
        _ body: (isolated MemoryStore) throws(StoreError) -> T, then next: () -> Void
    ) throws(StoreError) -> T {
        let result = try body(self)
        next()
        return result
    }
}

extension SimulatedStore {
    func addLibrary(_ library: LibraryRecord) async throws(StoreError) {
        try await write(.library(library)) { store throws(StoreError) in
            try store.addLibrary(library)
        }
    }
    func setRole(
        _ role: Role?, of user: String, in library: LibraryID
    ) async throws(StoreError) {
        try await write(.role(role, user: user, library)) { store throws(StoreError) in
            try store.setRole(role, of: user, in: library)
        }
    }
    func setDocumentRole(_ role: DocumentRole) async throws(StoreError) {
        try await write(.articleRole(role)) { store throws(StoreError) in
            try store.setDocumentRole(role)
        }
    }
    func removeDocumentRole(
        of user: String, on article: DocumentID
    ) async throws(StoreError) {
        try await write(.generalRole(user: user, article)) { store throws(StoreError) in
            try store.removeDocumentRole(of: user, on: article)
        }
    }
    func revokeDevice(_ id: DeviceID, now: Int) async throws(StoreError) {
        try await write(.revocation(id, at: now)) { store throws(StoreError) in
            try store.revokeDevice(id, now: now)
        }
    }
    func touchDevice(_ id: DeviceID, now: Int) async throws(StoreError) {
        try await write(.touch(id, at: now)) { store throws(StoreError) in
            try store.touchDevice(id, now: now)
        }
    }
    func addInvitation(_ invitation: InvitationRecord) async throws(StoreError) {
        try await write(.invitation(invitation)) { store throws(StoreError) in
            try store.addInvitation(invitation)
        }
    }
    func redeem(_ offer: Redeeming) async throws(StoreError) -> Redemption {
        try await write(.redemption(offer)) { store throws(StoreError) in
            try store.redeem(offer)
        }
    }
    func createArticle(
        _ id: DocumentID, in library: LibraryID, now: Int
    ) async throws(StoreError) -> (article: DocumentRecord, annotations: DocumentRecord) {
        try await write(.article(id, library, at: now), fails: true) { store throws(StoreError) in
            try store.createArticle(id, in: library, now: now)
        }
    }
    func createPrivateSet(
        _ id: DocumentID, of article: DocumentID, for user: String, now: Int
    ) async throws(StoreError) -> DocumentRecord {
        try await write(.privateSet(id, of: article, user: user, at: now), fails: true) {
            store throws(StoreError) in
            try store.createPrivateSet(id, of: article, for: user, now: now)
        }
    }
    func commit(_ appends: [Append]) async throws(StoreError) -> [Appended] {
        try await write(.commit(appends), fails: true) { store throws(StoreError) in
            try store.commit(appends)
        }
    }
    func compact(
        _ document: DocumentID, to position: Int, from blockHead: Int, changes: [UInt8]
    ) async throws(StoreError) {
        let record = ServerDisk.Record.compaction(
            document, to: position, from: blockHead, changes: changes)
        try await write(record, fails: true) { store throws(StoreError) in
            try store.compact(document, to: position, from: blockHead, changes: changes)
        }
        disk.onCompaction()
    }
}

extension SimulatedStore {
    func info() async throws(StoreError) -> StoreInfo {
        try await read { store throws(StoreError) in try store.info() }
    }
    func libraries() async throws(StoreError) -> [LibraryRecord] {
        try await read { store throws(StoreError) in try store.libraries() }
    }
    func library(_ id: LibraryID) async throws(StoreError) -> LibraryRecord? {
        try await read { store throws(StoreError) in try store.library(id) }
    }
    func library(named name: String) async throws(StoreError) -> LibraryRecord? {
        try await read { store throws(StoreError) in try store.library(named: name) }
    }
    func members(of library: LibraryID) async throws(StoreError) -> [Membership] {
        try await read { store throws(StoreError) in try store.members(of: library) }
    }
    func memberships(of user: String) async throws(StoreError) -> [Membership] {
        try await read { store throws(StoreError) in try store.memberships(of: user) }
    }
    func role(of user: String, in library: LibraryID) async throws(StoreError) -> Role? {
        try await read { store throws(StoreError) in try store.role(of: user, in: library) }
    }
    func privateSets(of article: DocumentID) async throws(StoreError) -> [DocumentRecord] {
        try await read { store throws(StoreError) in try store.privateSets(of: article) }
    }
    func documentRoles(of user: String) async throws(StoreError) -> [DocumentRole] {
        try await read { store throws(StoreError) in try store.documentRoles(of: user) }
    }
    func documentRoles(on article: DocumentID) async throws(StoreError) -> [DocumentRole] {
        try await read { store throws(StoreError) in try store.documentRoles(on: article) }
    }
    func documents(
        in library: LibraryID, readableBy user: String, after: DocumentID?, limit: Int
    ) async throws(StoreError) -> [DocumentRecord] {
        try await read { store throws(StoreError) in
            try store.documents(in: library, readableBy: user, after: after, limit: limit)
        }
    }
    func users() async throws(StoreError) -> [UserRecord] {
        try await read { store throws(StoreError) in try store.users() }
    }
    func devices(of user: String?) async throws(StoreError) -> [DeviceRecord] {
        try await read { store throws(StoreError) in try store.devices(of: user) }
    }
    func device(_ id: DeviceID) async throws(StoreError) -> DeviceRecord? {
        try await read { store throws(StoreError) in try store.device(id) }
    }
    func invitations(to library: LibraryID) async throws(StoreError) -> [InvitationRecord] {
        try await read { store throws(StoreError) in try store.invitations(to: library) }
    }
    func document(_ id: DocumentID) async throws(StoreError) -> DocumentRecord? {
        try await read { store throws(StoreError) in try store.document(id) }
    }
    func header(
        of document: DocumentID, at position: Int
    ) async throws(StoreError) -> DocumentHeader? {
        try await read { store throws(StoreError) in try store.header(of: document, at: position) }
    }
    func marks(
        of document: DocumentID, at positions: [Int]
    ) async throws(StoreError) -> [LogMark] {
        try await read { store throws(StoreError) in try store.marks(of: document, at: positions) }
    }
    func size(of document: DocumentID) async throws(StoreError) -> LogSize? {
        try await read { store throws(StoreError) in try store.size(of: document) }
    }
    func block(of document: DocumentID) async throws(StoreError) -> LogBlock? {
        try await read { store throws(StoreError) in try store.block(of: document) }
    }
    func purgedDocument(_ document: DocumentID) async throws(StoreError) -> PurgedRecord? {
        try await read { store throws(StoreError) in try store.purgedDocument(document) }
    }
    func documents(
        in library: LibraryID, after: DocumentID?, limit: Int
    ) async throws(StoreError) -> [DocumentRecord] {
        try await read { store throws(StoreError) in
            try store.documents(in: library, after: after, limit: limit)
        }
    }
    func rows(
        of document: DocumentID, after position: Int, maxBytes: Int, maxRows: Int
    ) async throws(StoreError) -> [LogRow] {
        try await read { store throws(StoreError) in
            try store.rows(of: document, after: position, maxBytes: maxBytes, maxRows: maxRows)
        }
    }
    func row(of document: DocumentID, holding id: OpID) async throws(StoreError) -> LogRow? {
        try await read { store throws(StoreError) in try store.row(of: document, holding: id) }
    }
    func agents(of document: DocumentID) async throws(StoreError) -> [AgentRecord] {
        try await read { store throws(StoreError) in try store.agents(of: document) }
    }
    func sum(of document: DocumentID, at position: Int) async throws(StoreError) -> UInt64? {
        try await read { store throws(StoreError) in try store.sum(of: document, at: position) }
    }
}

/// What no simulated server is asked for.
extension SimulatedStore {
    func setLineage(_ lineage: UInt64) async throws(StoreError) { throw .unused }
    func setReceiptKey(_ key: [UInt8]) async throws(StoreError) { throw .unused }
    func setChain(
        _ chain: [UInt8], of document: DocumentID, at head: Int
    ) async throws(StoreError) { throw .unused }
    func addUser(_ user: UserRecord) async throws(StoreError) { throw .unused }
    func removeInvitation(secretHash: [UInt8]) async throws(StoreError) { throw .unused }
    func removeExpiredInvitations(now: Int) async throws(StoreError) -> Int { throw .unused }
    func purge(
        _ article: DocumentID, now: Int
    ) async throws(StoreError) -> [DocumentRecord] { throw .unused }
    func reclaim() async throws(StoreError) { throw .unused }
    func backup(to path: String) async throws(StoreError) { throw .unused }
    func close() async throws(StoreError) { isAlive = false }
}

extension StoreError {
    fileprivate static let unused = StoreError(.unsupported, "No simulated server needs this.")
}
