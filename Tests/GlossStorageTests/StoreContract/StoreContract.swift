import Foundation
import GlossCore
import GlossStorage
import Testing

/// The implementations that the contract is checked on.
enum Engine: CaseIterable, CustomTestStringConvertible {
    case memory
    case sqlite

    var testDescription: String { "\(self)" }

    /// Runs a closure on a new store of this kind with a library and an article in it.
    func withStore(_ body: (any Store) async throws -> Void) async throws {
        switch self {
        case .memory:
            let store = MemoryStore(
                lineage: 0xFEDC_BA98_7654_3210, packing: MirroredPacking())
            try await Fixture.fill(store)
            try await body(store)
        case .sqlite:
            let directory = try TemporaryDirectory()
            let store = try SQLiteStore(
                path: directory.file("store"), lineage: 0xFEDC_BA98_7654_3210,
                packing: MirroredPacking())
            try await Fixture.fill(store)
            try await body(store)
            try await store.close()
        }
    }
}

@Suite("The contract of a store: the store as a whole")
struct StoreContractTests {
    @Test(
        "A new store has the lineage it was given, and another when told",
        arguments: Engine.allCases)
    func lineage(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            #expect(try await store.info() == StoreInfo(lineage: 0xFEDC_BA98_7654_3210))
            try await store.setLineage(5)
            #expect(try await store.info() == StoreInfo(lineage: 5))
        }
    }

    @Test("A closed store refuses everything but being closed", arguments: Engine.allCases)
    func closed(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            try await store.close()
            try await store.close()
            await expect(.closed) { _ = try await store.info() }
            await expect(.closed) { _ = try await store.document(Fixture.article) }
            await expect(.closed) { _ = try await store.commit([]) }
            await expect(.closed) { try await store.backup(to: "/nowhere/at/all") }
        }
    }

    @Test("A cancelled task still gets what it asked for", arguments: Engine.allCases)
    func cancelled(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await store.commit([
                    Append(document: Fixture.article, expectedHead: 0, rows: [Fixture.row(0)])
                ])
            }
            #expect(try await task.value.first?.firstPosition == 1)
            #expect(try await store.document(Fixture.article)?.head == 1)
        }
    }

    @Test("Commits from many tasks take effect one after the other", arguments: Engine.allCases)
    func concurrent(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            let won = await withTaskGroup(of: Int.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let agent = AgentID(rawValue: UInt64(number))
                        var seq = 0
                        while seq < 20 {
                            do {
                                let head = try await store.document(Fixture.article)?.head ?? 0
                                _ = try await store.commit([
                                    Append(
                                        document: Fixture.article, expectedHead: head,
                                        rows: [Fixture.row(seq, by: agent)])
                                ])
                                seq += 1
                            } catch let error as StoreError where error.code == .stale {
                                continue
                            } catch {
                                return seq
                            }
                        }
                        return seq
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(won == 160)
            let rows = try await store.rows(
                of: Fixture.article, after: 0, maxBytes: .max, maxRows: .max)
            #expect(rows.map(\.position) == Array(1...160))
        }
    }
}
