import GlossCore

/// A ``Store`` that forgets everything with the process: for tests and simulations.
///
/// "On disk" means here that the value has changed.
public actor MemoryStore: Store {
    var lineage: UInt64
    var receiptKey: [UInt8]?
    var closed = false
    var libraryRecords: [LibraryID: LibraryRecord] = [:]
    var userRecords: [String: UserRecord] = [:]
    var roles: [LibraryID: [String: Role]] = [:]
    var documentRoles: [DocumentRoleKey: DocumentRole] = [:]
    var deviceRecords: [DeviceID: DeviceRecord] = [:]
    var invitationRecords: [[UInt8]: InvitationRecord] = [:]
    var redemptions: [RedemptionKey: Redeemed] = [:]
    var logs: [DocumentID: MemoryLog] = [:]
    var purged: [DocumentID: PurgedRecord] = [:]

    let packing: any ChangePacking

    /// An empty store. Draw the lineage from a random source.
    ///
    /// - Parameter packing: how to read logs that were compacted; without one none can be.
    public init(lineage: UInt64, packing: any ChangePacking = NoPacking()) {
        self.lineage = lineage
        self.packing = packing
    }

    /// The ``Store`` requirement.
    public func info() throws(StoreError) -> StoreInfo {
        try checkOpen()
        return StoreInfo(lineage: lineage, receiptKey: receiptKey)
    }

    /// The ``Store`` requirement.
    public func setReceiptKey(_ key: [UInt8]) throws(StoreError) {
        try checkOpen()
        try LogRules.check(length: key)
        guard receiptKey == nil else { throw LogRules.keyExists }
        receiptKey = key
    }

    /// The ``Store`` requirement.
    public func setLineage(_ lineage: UInt64) throws(StoreError) {
        try checkOpen()
        self.lineage = lineage
    }

    /// Memory has no file to copy: always `unsupported`.
    public func backup(to path: String) throws(StoreError) {
        try checkOpen()
        throw StoreError(.unsupported, "A store in memory cannot be backed up to \(path).")
    }

    /// The ``Store`` requirement.
    public func close() {
        closed = true
    }

    func checkOpen() throws(StoreError) {
        if closed { throw StoreError(.closed, "The store has been closed.") }
    }
}

/// Which device redeemed which invitation.
struct RedemptionKey: Hashable {
    var invitation: [UInt8]
    var device: DeviceID
}

/// What a retry of a redemption must name again, and gets again.
struct Redeemed {
    var user: String
    var secretHash: [UInt8]
    var library: LibraryID
    var role: Role
}

/// One document and its log.
struct MemoryLog {
    var library: LibraryID
    var createdAt: Int
    var article: DocumentID
    var owner: String?
    /// Those in the block have their bytes there.
    var rows: [LogRow] = []
    var block: LogBlock?
    var byteCount = 0
    var chain: [UInt8]?
    var agents: [AgentID: AgentRecord] = [:]
}
