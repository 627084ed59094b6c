public import GlossCore

/// The tree form of FugueMax: a character is a left or right child of another, and the text is
/// what walking the tree gives.
public struct FugueTree: TextOracle, Sendable {
    private struct Node {
        var id: OpID?
        var parent: Int?
        var right: OpID?
        var scalar: Unicode.Scalar
        var leftChildren: [Int] = []
        var rightChildren: [Int] = []
    }

    private static let root = 0
    private var nodes = [Node(id: nil, parent: nil, right: nil, scalar: "\0")]
    private var nodeOf: [OpID: Int] = [:]
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
        for character in SingleInsertion.all(of: run, as: id) { insert(character) }
    }

    /// The character of an id in the tree.
    public func scalar(_ id: OpID) -> Unicode.Scalar { nodes[node(id)].scalar }

    /// All characters in their order, hidden ones included: left children, the node itself, right
    /// children.
    public var ids: [OpID] {
        enum Visit {
            case subtree(Int)
            case itself(Int)
        }
        var order: [OpID] = []
        var stack = [Visit.subtree(FugueTree.root)]
        while let visit = stack.popLast() {
            switch visit {
            case .subtree(let index):
                let node = nodes[index]
                stack += node.rightChildren.reversed().map { .subtree($0) }
                stack.append(.itself(index))
                stack += node.leftChildren.reversed().map { .subtree($0) }
            case .itself(let index):
                if let id = nodes[index].id { order.append(id) }
            }
        }
        return order
    }

    private mutating func insert(_ new: SingleInsertion) {
        let left = new.left.map { node($0) } ?? FugueTree.root
        let index = nodes.count
        if let right = new.right.map({ node($0) }), isAncestor(left, of: right) {
            let siblings = nodes[right].leftChildren
            let place = siblings.firstIndex { isOrdered(new.id, before: $0) } ?? siblings.count
            nodes[right].leftChildren.insert(index, at: place)
            append(new, below: right)
        } else {
            let siblings = nodes[left].rightChildren
            let place = placeOnTheRight(new, among: siblings)
            nodes[left].rightChildren.insert(index, at: place)
            append(new, below: left)
        }
    }

    private mutating func append(_ new: SingleInsertion, below parent: Int) {
        nodeOf[new.id] = nodes.count
        nodes.append(Node(id: new.id, parent: parent, right: new.right, scalar: new.scalar))
    }

    /// Right children stand in the reverse order of their right origins, then in that of their ids.
    private func placeOnTheRight(_ new: SingleInsertion, among siblings: [Int]) -> Int {
        if siblings.isEmpty { return 0 }
        let order = ids
        func position(_ id: OpID?) -> Int {
            guard let id else { return order.count }
            guard let position = order.firstIndex(of: id) else {
                preconditionFailure("\(id) is not in the tree")
            }
            return position
        }
        let right = position(new.right)
        let place = siblings.firstIndex { sibling in
            let other = position(nodes[sibling].right)
            return other == right ? isOrdered(new.id, before: sibling) : right > other
        }
        return place ?? siblings.count
    }

    private func isOrdered(_ id: OpID, before sibling: Int) -> Bool {
        guard let other = nodes[sibling].id else { preconditionFailure("the root has no siblings") }
        return id < other
    }

    private func isAncestor(_ ancestor: Int, of node: Int) -> Bool {
        var current = nodes[node].parent
        while let index = current {
            if index == ancestor { return true }
            current = nodes[index].parent
        }
        return false
    }

    private func node(_ id: OpID) -> Int {
        guard let node = nodeOf[id] else { preconditionFailure("\(id) is unknown") }
        return node
    }
}
