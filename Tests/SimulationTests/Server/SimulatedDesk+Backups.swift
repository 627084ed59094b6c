import FoundationEssentials
import GlossProtocol
import GlossStorage
import TestSupport

@testable import GlossServer

extension SimulatedDesk {
    /// Runs `body` with a desk on a store in a file, with what copies that, and with what starts the
    /// server again on the copy.
    ///
    /// - Parameters:
    ///   - signs: whether the server gives receipts.
    ///   - restoredLineage: the lineage of the logs on the copy; 7 is that of the store before.
    ///   - restoredBytes: how many bytes of changes a document may have on the copy.
    static func withBackups(
        signs: Bool = false, restoredLineage: UInt64 = 8,
        restoredBytes: Int = WireLimits.document,
        _ body: (
            inout SimulatedDesk, _ backup: () async throws -> Void,
            _ restore: (inout SimulatedDesk) async throws -> Void
        ) async throws -> Void
    ) async throws {
        let directory =
            FileManager.default.temporaryDirectory.path + "/gloss-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try SQLiteStore(
            path: directory + "/glossd.db", lineage: 7, packing: HistoryPacking())
        var desk = try await SimulatedDesk(store: store, signs: signs)
        let copy = directory + "/copy.db"
        try await body(&desk) {
            try await store.backup(to: copy)
        } _: { desk in
            let clock = desk.clock
            let restored = try SQLiteStore(
                path: copy, lineage: restoredLineage, packing: HistoryPacking())
            desk.server = try await SimulatedServer(
                store: restored, signs: signs, documentBytes: restoredBytes,
                clock: { clock.now })
        }
    }
}
