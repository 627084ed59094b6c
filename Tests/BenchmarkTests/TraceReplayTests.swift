import FoundationEssentials
import TestSupport
import Testing

@testable import GlossCore
@testable import gloss_bench

/// Real editing histories, through the loader and the replay that the benches use.
///
/// The sequential ones are typed by position. The concurrent ones are typed by position along their
/// graph, in a document for each writer. No two writers of a trace insert at one place at once, so
/// every order must give the recorded text; ties are for the oracles.
@Suite(.enabled(if: TraceFolder.path != nil, "GLOSS_TRACES names no folder of editing traces"))
struct TraceReplayTests {
    @Test("The folder holds traces")
    func traces() {
        #expect(!TraceFolder.files.isEmpty)
    }

    @Test("Every trace ends in its recorded text, in any order", arguments: TraceFolder.files)
    func recordedText(file: String) throws {
        let trace = try TraceFile.read(file)
        let recording = try Recording(trace)
        let text = recording.document.scalars
        #expect(text == trace.finalText)
        recording.document.tree.checkInvariants()
        recording.document.ops.checkInvariants()

        var random = SeededRandom(seed: 1)
        let orders =
            trace.isConcurrent
            ? History(changes: recording.changes).deliveryOrders(1, using: &random) : []
        for order in [recording.changes] + orders {
            var other = Document(id: recording.document.id)
            try other.integrate(contentsOf: order)
            let received = other.scalars
            #expect(received == trace.finalText)
            other.tree.checkInvariants()
            other.ops.checkInvariants()
        }
    }

    @Test("Whole transactions end where their edits one by one do", arguments: TraceFolder.files)
    func transactions(file: String) throws {
        let trace = try TraceFile.read(file)
        guard !trace.isConcurrent else { return }
        var document = Document(id: DocumentID(high: 1, low: 2))
        for transaction in trace.transactions {
            try document.edit(
                transaction.patches.map {
                    TextPatch(position: $0.position, deleted: $0.deleted, inserted: $0.inserted)
                }, by: Recording.author)
        }
        let text = document.scalars
        #expect(text == trace.finalText)
        let changes = try document.changes(since: VersionVector())
        var other = Document(id: document.id)
        for change in changes { try other.integrate(change) }
        let received = other.scalars
        #expect(received == trace.finalText)
    }
}

/// The traces that `GLOSS_TRACES` has, in any of its folders.
enum TraceFolder {
    static let path = ProcessInfo.processInfo.environment["GLOSS_TRACES"]

    static let files: [String] = {
        guard let path else { return [] }
        let found = try? FileManager.default.subpathsOfDirectory(atPath: path)
        return (found ?? []).filter { $0.hasSuffix(".json") || $0.hasSuffix(".json.gz") }
            .filter { !$0.hasSuffix("MANIFEST.json") }.sorted().map { path + "/" + $0 }
    }()
}
