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
    /// Every change it holds.
    public internal(set) var log = OpLog()
    /// Changes that came before their causes, in the order they came.
    public internal(set) var backlog: [Change] = []
    var textState = TextState()
    var store = EntityStore()

    /// An empty copy of a document.
    public init(id: DocumentID) {
        self.id = id
    }

    /// A copy that holds the given changes, each after its causes. Faster than integrating them one
    /// by one, because there is nothing to keep if one of them is wrong.
    ///
    /// - Throws: ``ChangeError`` for the first change that cannot be taken.
    public init(id: DocumentID, changes: some Sequence<Change>) throws(ChangeError) {
        self.init(id: id)
        for change in changes {
            if try !isDuplicate(change) { try apply(change) }
        }
    }

    /// What kind of document it is.
    public var kind: DocumentKind { id.kind }
    /// What it has, for telling others.
    public var versionVector: VersionVector { log.versionVector }
    /// The operations nobody has followed yet, ascending.
    public var frontier: [OpID] { log.frontier }
    /// Whether nothing has happened in it.
    public var isEmpty: Bool { log.entries.isEmpty }

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
        guard !(try isDuplicate(change)) else { return .duplicate }
        do throws(ChangeError) {
            try applyOrRestore(change)
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

    /// Whether the change is in the log; throws if it overlaps the log without being of it.
    func isDuplicate(_ change: Change) throws(ChangeError) -> Bool {
        guard !change.ops.isEmpty, change.seq >= 0, change.endSeq <= OpID.limit else {
            throw ChangeError(.invalidOp, "a change has operations, within the limit of numbers")
        }
        guard change.seq < versionVector[change.agent] else { return false }
        guard let entry = log.entry(of: change.id), entry.change.id == change.id,
            entry.change.count == change.count
        else { throw ChangeError(.invalidOp, "the change overlaps another of its agent") }
        return true
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
                    if try !isDuplicate(change) {
                        try applyOrRestore(change)
                        released.append(change)
                    }
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

    /// Applies a change, or throws with the replica as it was.
    private mutating func applyOrRestore(_ change: Change) throws(ChangeError) {
        guard change.ops.count > 1 else { return try apply(change) }
        let saved = self
        do throws(ChangeError) {
            try apply(change)
        } catch {
            self = saved
            throw error
        }
    }
}
