import GlossCore
import GlossStorage
import Synchronization

/// A store whose commits can be held up and made to fail, and which writes down what it was given.
final class FaultyStore: Store {
    private struct State {
        var failures: [StoreError] = []
        var isHeld = false
        var held: [CheckedContinuation<Void, Never>] = []
        var arrivals: [CheckedContinuation<Void, Never>] = []
        var arrived = 0
        var commits: [[Append]] = []
        var compactionFailures: [StoreError] = []
        var chainFailures: [StoreError] = []
        var purgeFailures: [StoreError] = []
        var touchFailure: StoreError?
        var areRowsHeld = false
        var heldRows: [(document: DocumentID, continuation: CheckedContinuation<Void, Never>)] = []
        var rowReads: [DocumentID: Int] = [:]
        var headerReads = 0
        var documentReads = 0
        var areBlocksDamaged = false
        var calls = 0
        var onCall: (@Sendable (Int) -> Void)?
    }

    private let base: any Store
    private let state = Mutex(State())

    init(_ base: any Store) {
        self.base = base
    }

    /// The next commit fails that way, without effect.
    func failNextCommit(_ error: StoreError) {
        state.withLock { $0.failures.append(error) }
    }

    /// The next compaction fails that way, without effect.
    func failNextCompaction(_ error: StoreError) {
        state.withLock { $0.compactionFailures.append(error) }
    }

    /// The next chain cannot be written that way.
    func failNextChain(_ error: StoreError) {
        state.withLock { $0.chainFailures.append(error) }
    }

    /// The next purge fails that way, without effect.
    func failNextPurge(_ error: StoreError) {
        state.withLock { $0.purgeFailures.append(error) }
    }

    /// When a device was used last cannot be written that way, from now on.
    func failTouches(_ error: StoreError) {
        state.withLock { $0.touchFailure = error }
    }

    /// Who reads rows waits from now on until ``releaseRows()``.
    func holdRows() {
        state.withLock { $0.areRowsHeld = true }
    }

    /// Lets those go on who wait for rows.
    func releaseRows() {
        let held = state.withLock { state in
            state.areRowsHeld = false
            defer { state.heldRows = [] }
            return state.heldRows
        }
        for (_, continuation) in held { continuation.resume() }
    }

    /// How often rows of each document were asked for.
    var rowReads: [DocumentID: Int] { state.withLock { $0.rowReads } }
    /// How often headers were read.
    var headerReads: Int { state.withLock { $0.headerReads } }
    /// How often documents were looked up.
    var documentReads: Int { state.withLock { $0.documentReads } }

    /// From now on the packed changes of all documents come with one byte altered.
    func damageBlocks() {
        state.withLock { $0.areBlocksDamaged = true }
    }

    /// Calls `body` with a running number before and after each call that compaction makes.
    func onCall(_ body: (@Sendable (Int) -> Void)?) {
        state.withLock { $0.onCall = body }
    }

    private func observed<T>(
        _ work: () async throws(StoreError) -> T
    ) async throws(StoreError) -> T {
        notice()
        let result = try await work()
        notice()
        return result
    }

    private func notice() {
        let (call, body) = state.withLock { state in
            state.calls += 1
            return (state.calls, state.onCall)
        }
        body?(call)
    }

    /// Commits wait from now on until ``release()``.
    func hold() {
        state.withLock { $0.isHeld = true }
    }

    /// Lets held commits go on.
    func release() {
        let held = state.withLock { state in
            state.isHeld = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    /// Waits until a commit is being held.
    func heldCommit() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.held.isEmpty { state.arrivals.append(continuation) }
                return !state.held.isEmpty
            }
            if isThere { continuation.resume() }
        }
    }

    /// What was given to commit, successful or not.
    var commits: [[Append]] { state.withLock { $0.commits } }

    func commit(_ appends: [Append]) async throws(StoreError) -> [Appended] {
        await withCheckedContinuation { continuation in
            let (mustWait, arrivals) = state.withLock { state in
                state.commits.append(appends)
                guard state.isHeld else {
                    return (false, [CheckedContinuation<Void, Never>]())
                }
                state.held.append(continuation)
                defer { state.arrivals = [] }
                return (true, state.arrivals)
            }
            for arrival in arrivals { arrival.resume() }
            if !mustWait { continuation.resume() }
        }
        let failure = state.withLock { state in
            state.failures.isEmpty ? nil : state.failures.removeFirst()
        }
        if let failure { throw failure }
        return try await base.commit(appends)
    }
}

extension FaultyStore {
    func info() async throws(StoreError) -> StoreInfo { try await base.info() }
    func setLineage(_ lineage: UInt64) async throws(StoreError) {
        try await base.setLineage(lineage)
    }
    func setReceiptKey(_ key: [UInt8]) async throws(StoreError) {
        try await base.setReceiptKey(key)
    }
    func setChain(
        _ chain: [UInt8], of document: DocumentID, at head: Int
    ) async throws(StoreError) {
        let failure = state.withLock { state in
            state.chainFailures.isEmpty ? nil : state.chainFailures.removeFirst()
        }
        if let failure { throw failure }
        try await base.setChain(chain, of: document, at: head)
    }
    func addLibrary(_ library: LibraryRecord) async throws(StoreError) {
        try await base.addLibrary(library)
    }
    func libraries() async throws(StoreError) -> [LibraryRecord] { try await base.libraries() }
    func library(_ id: LibraryID) async throws(StoreError) -> LibraryRecord? {
        try await base.library(id)
    }
    func library(named name: String) async throws(StoreError) -> LibraryRecord? {
        try await base.library(named: name)
    }
    func members(of library: LibraryID) async throws(StoreError) -> [Membership] {
        try await base.members(of: library)
    }
    func memberships(of user: String) async throws(StoreError) -> [Membership] {
        try await base.memberships(of: user)
    }
    func role(of user: String, in library: LibraryID) async throws(StoreError) -> Role? {
        try await base.role(of: user, in: library)
    }
    func setRole(
        _ role: Role?, of user: String, in library: LibraryID
    ) async throws(StoreError) { try await base.setRole(role, of: user, in: library) }
    func createPrivateSet(
        _ id: DocumentID, of article: DocumentID, for user: String, now: Int
    ) async throws(StoreError) -> DocumentRecord {
        try await base.createPrivateSet(id, of: article, for: user, now: now)
    }
    func privateSets(of article: DocumentID) async throws(StoreError) -> [DocumentRecord] {
        try await base.privateSets(of: article)
    }
    func documentRoles(of user: String) async throws(StoreError) -> [DocumentRole] {
        try await base.documentRoles(of: user)
    }
    func documentRoles(on article: DocumentID) async throws(StoreError) -> [DocumentRole] {
        try await base.documentRoles(on: article)
    }
    func setDocumentRole(_ role: DocumentRole) async throws(StoreError) {
        try await base.setDocumentRole(role)
    }
    func removeDocumentRole(
        of user: String, on article: DocumentID
    ) async throws(StoreError) { try await base.removeDocumentRole(of: user, on: article) }
    func documents(
        in library: LibraryID, readableBy user: String, after: DocumentID?, limit: Int
    ) async throws(StoreError) -> [DocumentRecord] {
        try await base.documents(in: library, readableBy: user, after: after, limit: limit)
    }
    func addUser(_ user: UserRecord) async throws(StoreError) { try await base.addUser(user) }
    func users() async throws(StoreError) -> [UserRecord] { try await base.users() }
    func devices(of user: String?) async throws(StoreError) -> [DeviceRecord] {
        try await base.devices(of: user)
    }
    func device(_ id: DeviceID) async throws(StoreError) -> DeviceRecord? {
        try await base.device(id)
    }
    func revokeDevice(_ id: DeviceID, now: Int) async throws(StoreError) {
        try await base.revokeDevice(id, now: now)
    }
    func touchDevice(_ id: DeviceID, now: Int) async throws(StoreError) {
        if let failure = state.withLock({ $0.touchFailure }) { throw failure }
        try await base.touchDevice(id, now: now)
    }
    func addInvitation(_ invitation: InvitationRecord) async throws(StoreError) {
        try await base.addInvitation(invitation)
    }
    func invitations(to library: LibraryID) async throws(StoreError) -> [InvitationRecord] {
        try await base.invitations(to: library)
    }
    func removeInvitation(secretHash: [UInt8]) async throws(StoreError) {
        try await base.removeInvitation(secretHash: secretHash)
    }
    func removeExpiredInvitations(now: Int) async throws(StoreError) -> Int {
        try await base.removeExpiredInvitations(now: now)
    }
    func redeem(_ offer: Redeeming) async throws(StoreError) -> Redemption {
        try await base.redeem(offer)
    }
    func createArticle(
        _ id: DocumentID, in library: LibraryID, now: Int
    ) async throws(StoreError) -> (article: DocumentRecord, annotations: DocumentRecord) {
        try await base.createArticle(id, in: library, now: now)
    }
    func document(_ id: DocumentID) async throws(StoreError) -> DocumentRecord? {
        state.withLock { $0.documentReads += 1 }
        return try await base.document(id)
    }
    func documents(
        in library: LibraryID, after: DocumentID?, limit: Int
    ) async throws(StoreError) -> [DocumentRecord] {
        try await base.documents(in: library, after: after, limit: limit)
    }
    func rows(
        of document: DocumentID, after position: Int, maxBytes: Int, maxRows: Int
    ) async throws(StoreError) -> [LogRow] {
        await withCheckedContinuation { continuation in
            let isHeld = state.withLock { state in
                state.rowReads[document, default: 0] += 1
                if state.areRowsHeld { state.heldRows.append((document, continuation)) }
                return state.areRowsHeld
            }
            if !isHeld { continuation.resume() }
        }
        return try await observed { () throws(StoreError) in
            try await base.rows(
                of: document, after: position, maxBytes: maxBytes, maxRows: maxRows)
        }
    }
    func row(of document: DocumentID, holding id: OpID) async throws(StoreError) -> LogRow? {
        try await base.row(of: document, holding: id)
    }
    func header(
        of document: DocumentID, at position: Int
    ) async throws(StoreError) -> DocumentHeader? {
        let header = try await base.header(of: document, at: position)
        state.withLock { $0.headerReads += 1 }
        return header
    }
    func marks(
        of document: DocumentID, at positions: [Int]
    ) async throws(StoreError) -> [LogMark] {
        try await base.marks(of: document, at: positions)
    }
    func agents(of document: DocumentID) async throws(StoreError) -> [AgentRecord] {
        try await base.agents(of: document)
    }
    func sum(of document: DocumentID, at position: Int) async throws(StoreError) -> UInt64? {
        try await base.sum(of: document, at: position)
    }
    func size(of document: DocumentID) async throws(StoreError) -> LogSize? {
        try await observed { () throws(StoreError) in try await base.size(of: document) }
    }
    func block(of document: DocumentID) async throws(StoreError) -> LogBlock? {
        let block = try await observed { () throws(StoreError) in
            try await base.block(of: document)
        }
        guard state.withLock({ $0.areBlocksDamaged }), var block else { return block }
        block.changes[block.changes.count / 2] ^= 1
        return block
    }
    func compact(
        _ document: DocumentID, to position: Int, from blockHead: Int, changes: [UInt8]
    ) async throws(StoreError) {
        let failure = state.withLock { state in
            state.compactionFailures.isEmpty ? nil : state.compactionFailures.removeFirst()
        }
        if let failure { throw failure }
        try await observed { () throws(StoreError) in
            try await base.compact(document, to: position, from: blockHead, changes: changes)
        }
    }
    func purge(
        _ article: DocumentID, now: Int
    ) async throws(StoreError) -> [DocumentRecord] {
        let failure = state.withLock { state in
            state.purgeFailures.isEmpty ? nil : state.purgeFailures.removeFirst()
        }
        if let failure { throw failure }
        return try await base.purge(article, now: now)
    }
    func purgedDocument(_ document: DocumentID) async throws(StoreError) -> PurgedRecord? {
        try await base.purgedDocument(document)
    }
    func reclaim() async throws(StoreError) { try await base.reclaim() }
    func backup(to path: String) async throws(StoreError) { try await base.backup(to: path) }
    func close() async throws(StoreError) { try await base.close() }
}
