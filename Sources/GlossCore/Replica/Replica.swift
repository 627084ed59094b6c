/// One local copy of a document: an article or an annotation set.
///
/// Changes come in through ``integrate(_:)``, in any order; those whose causes are missing wait in
/// a bounded backlog. Replicas that hold the same changes are equal, whatever the order they came.
///
/// ```swift
/// var mira = Replica(id: article), jo = Replica(id: article)
/// let change = try mira.edit([TextEdit(0..<0, "Walls")], by: Author(agent: m, time: 0))
/// try jo.integrate(change)
/// jo.text  // "Walls"
/// ```
public struct Replica: Sendable {
    /// How many changes may wait for their causes.
    public static let backlogLimit = 4_096

    /// Which document.
    public let id: DocumentID
    private var storage: Storage
    /// Changes that came before their causes, in the order they came.
    public internal(set) var backlog: [Change] = []

    /// Holds the document for as many copies of the replica as have not changed it since.
    ///
    /// Sendable although it can be changed: whoever changes it holds the only reference, which
    /// ``Replica/document`` sees to.
    final class Storage: @unchecked Sendable {
        var document: Document

        init(_ document: consuming Document) { self.document = document }
    }

    /// An empty copy of a document.
    public init(id: DocumentID) {
        self.init(holding: Document(id: id))
    }

    /// A replica of a document that is here, with its log.
    ///
    /// - Throws: ``CodecError`` if the log is needed and not to be had: see ``Document/needsLog``.
    public init(_ document: consuming Document) throws(CodecError) {
        var whole = document
        try whole.loadLog()
        self.init(holding: whole)
    }

    /// As above, of a document that need not have its log: not to be asked for what that says.
    init(holding document: consuming Document) {
        id = document.id
        var settled = document
        settled.settle()
        storage = Storage(settled)
    }

    /// The engine, to be read.
    var document: Document {
        _read { yield storage.document }
    }

    /// The engine, to be changed: a copy of it first if another copy of the replica has it too.
    mutating func withDocument<Result>(
        _ body: (inout Document) throws(ChangeError) -> Result
    ) throws(ChangeError) -> Result {
        if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.document.copy()) }
        return try body(&storage.document)
    }

    /// Gives back memory that is kept for taking in changes fast. O(n), and the next change may cost as
    /// much again: for a replica that is kept and seldom changed.
    public mutating func shrink() {
        if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.document.copy()) }
        storage.document.shrink()
    }

    /// Every change it holds.
    public var log: ChangeLog { ChangeLog(storage) }

    /// A copy that holds the given changes, each after its causes. Faster than integrating them one
    /// by one, because there is nothing to keep if one of them is wrong.
    ///
    /// - Throws: ``ChangeError`` for the first change that cannot be taken.
    public init(id: DocumentID, changes: some Sequence<Change>) throws(ChangeError) {
        self.init(id: id)
        for change in changes { _ = try integrateReady(change) }
    }

    /// What kind of document it is.
    public var kind: DocumentKind { id.kind }
    /// What it has, for telling others.
    public var versionVector: VersionVector { document.versionVector }
    /// The operations nobody has followed yet, ascending.
    public var frontier: [OpID] { document.frontier }
    /// Whether nothing has happened in it.
    public var isEmpty: Bool { document.changeCount == 0 }

    /// What became of a change.
    public enum Outcome: Hashable, Sendable {
        /// It is in, and with it the given changes that had waited for it, in order. Others that
        /// had waited turned out to be wrong, and wait no longer.
        case applied(released: [Change], refused: [Refusal] = [])
        /// It was in already.
        case duplicate
        /// It waits for the given operations.
        case waiting(for: [OpID])
    }

    /// A change that waited for its causes and cannot be taken now that they are here.
    public struct Refusal: Hashable, Sendable {
        /// The change.
        public let change: Change
        /// What is wrong with it.
        public let error: ChangeError
    }

    /// Takes in a change made anywhere.
    ///
    /// - Throws: ``ChangeError`` if it breaks a rule or the backlog is full. The replica is then as
    ///   it was.
    @discardableResult
    public mutating func integrate(_ change: Change) throws(ChangeError) -> Outcome {
        do throws(ChangeError) {
            guard try integrateReady(change) else { return .duplicate }
        } catch {
            guard error.code == .missingDependency else { throw error }
            if !backlog.contains(change) {
                guard backlog.count < Replica.backlogLimit else {
                    throw ChangeError(.tooLarge, "too many changes wait for their causes")
                }
                backlog.append(change)
            }
            return .waiting(for: error.missing)
        }
        return releaseBacklog()
    }

    /// Takes in a change whose causes are here; gives whether it was new.
    private mutating func integrateReady(_ change: Change) throws(ChangeError) -> Bool {
        try withDocument { document throws(ChangeError) in try document.integrate(change) }
    }

    /// Tries what has waited until nothing more fits.
    private mutating func releaseBacklog() -> Outcome {
        var released: [Change] = []
        var refused: [Refusal] = []
        var isProgressing = true
        while isProgressing, !backlog.isEmpty {
            isProgressing = false
            for change in backlog {
                do throws(ChangeError) {
                    if try integrateReady(change) { released.append(change) }
                } catch {
                    if error.code == .missingDependency { continue }
                    refused.append(Refusal(change: change, error: error))
                }
                backlog.removeAll { $0 == change }
                isProgressing = true
            }
        }
        return .applied(released: released, refused: refused)
    }
}
