public import GlossCore

/// A slow, plain account of what an article's text must be after some changes.
///
/// Oracles take changes in causal order only and trap on others: they are not there to be robust.
public protocol TextOracle {
    /// An empty text.
    init()

    /// Opens a change: what follows through ``perform(_:as:)`` belongs to it.
    mutating func begin(_ change: ChangeHeader)

    /// Takes the operation whose first sequence number is that of `id`.
    mutating func perform(_ op: Op, as id: OpID)

    /// All characters ever inserted, in their order, hidden ones included.
    var ids: [OpID] { get }

    /// The character of an id that ``ids`` holds.
    func scalar(_ id: OpID) -> Unicode.Scalar

    /// What hides and shows characters.
    var ledger: VisibilityLedger { get }
}

extension TextOracle {
    /// Takes a change whose causes it has taken already, and which it has not taken yet.
    public mutating func apply(_ change: Change) {
        begin(ChangeHeader(change))
        var seq = change.seq
        for op in change.ops {
            perform(op, as: OpID(agent: change.agent, seq: seq))
            seq += op.width
        }
    }

    /// The characters that show, in their order.
    public var visibleIDs: [OpID] {
        let shown = ledger.shownAcceptances
        return ids.filter { ledger.shows($0, acceptances: shown) }
    }

    /// The text that shows.
    public var text: String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: visibleIDs.map { scalar($0) })
        return String(text)
    }
}

/// What a change is, without what it does.
public struct ChangeHeader: Hashable, Sendable {
    /// The id of its first operation.
    public let id: OpID
    /// What it depends on beside its agent's previous operation.
    public let dependencies: [OpID]

    /// The header of the change that starts with `id`.
    public init(id: OpID, dependencies: [OpID]) {
        self.id = id
        self.dependencies = dependencies
    }

    /// The header of a change.
    public init(_ change: Change) {
        self.init(id: change.id, dependencies: change.dependencies)
    }
}

extension OpID {
    /// The id that is `distance` operations further on.
    func advanced(by distance: Int) -> OpID {
        OpID(agent: agent, seq: seq + distance)
    }
}

extension OpSpan {
    /// The ids in the span, one by one.
    var ids: [OpID] { (0..<count).map { start.advanced(by: $0) } }
}
