import GlossCore
import TestSupport
import Testing

/// A change names its causes in one way only, so that it has one form and one hash.
@Suite struct DependencyRulesTests {
    private let changes: [Change]
    /// A change that follows the last two of ``changes``, which are concurrent.
    private let merge: Change

    init() {
        var writers = ThreeWriters(sharing: "ab")
        let one = writers.first.type("x", at: 1)
        let two = writers.second.type("yy", at: 1)
        writers.third.receive(one)
        writers.third.receive(two)
        merge = writers.third.type("z", at: 0)
        changes = [writers.shared, one, two]
    }

    @Test("The frontier itself, ascending, is taken")
    func frontier() throws {
        #expect(merge.dependencies == [changes[1].lastID, changes[2].lastID])
        #expect(try outcome(of: merge.dependencies) == .applied(released: []))
    }

    @Test("Descending, repeated, implied and half dependencies are refused")
    func otherForms() {
        let one = changes[1].lastID
        let two = changes[2].lastID
        expectInvalid([two, one])
        expectInvalid([one, one, two])
        expectInvalid([one, two, changes[0].lastID].sorted())
        expectInvalid([one, changes[2].id])
    }

    @Test("A change that would follow itself or its agent's later ones is refused, not kept")
    func ownFuture() {
        expectInvalid([OpID(agent: merge.agent, seq: merge.seq)])
        expectInvalid([OpID(agent: merge.agent, seq: merge.seq + 5)])
    }

    private func outcome(of dependencies: [OpID]) throws(ChangeError) -> Replica.Outcome {
        var replica = Replica(id: DocumentID(high: 1, low: 2))
        for change in changes { try replica.integrate(change) }
        var changed = merge
        changed.dependencies = dependencies
        return try replica.integrate(changed)
    }

    private func expectInvalid(
        _ dependencies: [OpID], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: ChangeError.self, sourceLocation: sourceLocation) {
            _ = try outcome(of: dependencies)
        }
        #expect(error?.code == .invalidOp, sourceLocation: sourceLocation)
    }
}
