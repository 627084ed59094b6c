public import GlossCore

/// The list form of FugueMax: an array with one element for each character, scanned from end to
/// end whenever anything is to be found.
public struct NaiveList: TextOracle, Sendable {
    private var elements: [SingleInsertion] = []
    /// Where the last character went; most typing goes on from there.
    private var lastIndex = -1
    /// What hides and shows characters.
    public private(set) var ledger = VisibilityLedger()

    /// An empty text.
    public init() {}

    /// Opens a change.
    public mutating func begin(_ change: ChangeHeader) {
        ledger.begin(change)
    }

    /// Takes an operation of the open change.
    public mutating func perform(_ op: Op, as id: OpID) {
        ledger.perform(op, as: id)
        guard case .insert(let run) = op else { return }
        for character in SingleInsertion.all(of: run, as: id) {
            lastIndex = place(of: character)
            elements.insert(character, at: lastIndex)
        }
    }

    /// All characters in their order, hidden ones included.
    public var ids: [OpID] { elements.map(\.id) }

    /// The character of an id in the list.
    public func scalar(_ id: OpID) -> Unicode.Scalar { elements[index(of: id)].scalar }

    /// The characters that show, in their order.
    public var text: String {
        let shown = ledger.shownAcceptances
        var text = String.UnicodeScalarView()
        for element in elements where ledger.shows(element.id, acceptances: shown) {
            text.append(element.scalar)
        }
        return String(text)
    }

    /// The element behind `id`, or the first one; `nil` at the end.
    public func successor(of id: OpID?) -> OpID? {
        let next = leftPosition(id) + 1
        return next < elements.count ? elements[next].id : nil
    }

    /// Whether the character was inserted here.
    public func contains(_ id: OpID) -> Bool { ledger.lamport(of: id) != nil }

    /// The index at which a new character belongs: behind its left origin and those of its
    /// siblings that go first.
    private func place(of new: SingleInsertion) -> Int {
        let left = leftPosition(new.left)
        var cursor = left + 1
        if cursor == elements.count || elements[cursor].id == new.right { return cursor }
        let right = rightPosition(new.right)
        precondition(left < right, "the origins of \(new.id) are out of order")
        var positions: [OpID: Int] = [:]
        for (index, element) in elements.enumerated() { positions[element.id] = index }
        func position(_ id: OpID?, orElse end: Int) -> Int {
            guard let id else { return end }
            guard let position = positions[id] else { preconditionFailure("\(id) is unknown") }
            return position
        }

        var destination = cursor
        var scanning = false
        while cursor < right {
            let other = elements[cursor]
            let otherLeft = position(other.left, orElse: -1)
            let otherRight = position(other.right, orElse: elements.count)
            if otherLeft < left { break }
            if otherLeft == left {
                if otherRight == right {
                    if new.id < other.id { break }
                    scanning = false
                } else {
                    scanning = otherRight < right
                }
            }
            cursor += 1
            if !scanning { destination = cursor }
        }
        return destination
    }

    private func leftPosition(_ id: OpID?) -> Int {
        guard let id else { return -1 }
        if lastIndex >= 0, elements[lastIndex].id == id { return lastIndex }
        return index(of: id)
    }

    private func rightPosition(_ id: OpID?) -> Int {
        guard let id else { return elements.count }
        return index(of: id)
    }

    private func index(of id: OpID) -> Int {
        guard let index = elements.firstIndex(where: { $0.id == id }) else {
            preconditionFailure("\(id) is unknown")
        }
        return index
    }
}
