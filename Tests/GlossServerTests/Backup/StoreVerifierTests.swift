import GlossCore
import GlossProtocol
import GlossStorage
import Testing

@testable import GlossServer

@Suite("Verifying a store")
struct StoreVerifierTests {
    @Test("A private set that is not its owner's by its id is found")
    func privateSets() async throws {
        let store = MemoryStore(lineage: 1, packing: HistoryPacking())
        try await store.addLibrary(LibraryRecord(id: Sample.library, name: "desk", createdAt: 1))
        _ = try await store.createArticle(Sample.article, in: Sample.library, now: 1)
        for user in ["ana", "bo"] {
            try await store.addUser(UserRecord(name: user, createdAt: 1))
        }
        func problems() async throws -> [String] {
            var verifier = StoreVerifier(store)
            try await verifier.run()
            return verifier.report.problems
        }
        let anas = DocumentID.privateSet(of: Sample.article, for: "ana")
        _ = try await store.createPrivateSet(anas, of: Sample.article, for: "ana", now: 2)
        #expect(try await problems().isEmpty)
        let bos = DocumentID.privateSet(of: Sample.article, for: "bo")
        _ = try await store.createPrivateSet(bos, of: Sample.article, for: "ana", now: 2)
        let found = try await problems()
        #expect(found.count == 1 && found[0].contains("\(bos)"), "\(found)")
    }
}
