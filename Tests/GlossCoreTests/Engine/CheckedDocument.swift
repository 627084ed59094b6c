import TestSupport
import Testing

@testable import GlossCore

/// A document that is checked whole after everything that happens to it.
struct CheckedDocument: ~Copyable {
    static let id = DocumentID(high: 7, low: 8)

    var document: Document

    /// An empty document; with nodes for few runs, so that short histories make deep trees, or with
    /// nodes of the size that everyone uses.
    init(smallNodes: Bool) {
        document =
            smallNodes
            ? Document(id: CheckedDocument.id, tree: SpanTree(leafShift: 2, nodeShift: 2))
            : Document(id: CheckedDocument.id)
    }

    init(_ document: consuming Document) {
        self.document = document
    }

    /// A document of its own with the same content.
    borrowing func copy() -> CheckedDocument { CheckedDocument(document.copy()) }

    /// Takes in a change that is right; gives whether that went well.
    @discardableResult
    mutating func take(_ change: Change, _ comment: @autoclosure () -> Comment) -> Bool {
        do {
            let isNew = try document.integrate(change)
            document.checkInvariants()
            if !isNew { Issue.record("\(change.id) is no duplicate, \(comment())") }
            return isNew
        } catch {
            Issue.record("\(error) in \(change), \(comment())")
            return false
        }
    }

    /// A hash of what all its changes lead to.
    var stateChecksum: UInt64 { Replica(holding: document.copy()).stateChecksum }

    /// All characters in order, hidden ones included.
    var characterIDs: [OpID] { document.characterIDs }

    /// Expects what an oracle says.
    func expect(like oracle: some TextOracle, _ comment: Comment) {
        let text = document.text
        let count = document.textCount
        let ids = document.characterIDs
        #expect(text == oracle.text, comment)
        #expect(count == oracle.visibleIDs.count, comment)
        #expect(ids == oracle.ids, comment)
    }
}

extension Document {
    /// All characters in order, hidden ones included.
    var characterIDs: [OpID] {
        var ids: [OpID] = []
        tree.forEachRun { run in ids += (run.first..<run.end).map { identity(of: $0) } }
        return ids
    }
}

extension Replica {
    /// All characters in order, hidden ones included.
    var characterIDs: [OpID] { document.characterIDs }
}
