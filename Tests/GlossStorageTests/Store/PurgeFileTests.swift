import Foundation
import GlossCore
import GlossStorage
import Testing

@Suite("What a purge leaves in the files of a server's store")
struct PurgeFileTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("store")
    }

    /// Whether any file of the store holds some words.
    private func holds(_ words: String) throws -> Bool {
        for suffix in ["", "-wal", "-journal"] {
            guard let data = FileManager.default.contents(atPath: path + suffix) else { continue }
            if data.range(of: Data(words.utf8)) != nil { return true }
        }
        return false
    }

    private func row(_ seq: Int, _ words: String) -> NewRow {
        var row = Fixture.row(seq)
        row.bytes = Array("{\(seq): \(words)}".utf8)
        row.deviceLabel = "the laptop of \(words)"
        return row
    }

    @Test("Not one byte of its changes is left, whether they were compacted or not")
    func bytes() async throws {
        let store = try SQLiteStore(path: path, lineage: 1, packing: MirroredPacking())
        try await Fixture.fill(store)
        let other = DocumentID(high: 3, low: 0)
        _ = try await store.createArticle(other, in: Fixture.library, now: 2)
        // In turns, so that the pages of both lie beside one another.
        for seq in 0..<300 {
            let padding = String(repeating: "x", count: seq * 7 % 900)
            _ = try await store.commit([
                Append(
                    document: Fixture.article, expectedHead: seq,
                    rows: [row(seq, "a secret sentence \(padding)")]),
                Append(
                    document: Fixture.article.annotations, expectedHead: seq,
                    rows: [row(seq, "a secret note")]),
                Append(
                    document: other, expectedHead: seq, rows: [row(seq, "words that stay")]),
            ])
        }
        let rows = try await store.rows(
            of: Fixture.article.annotations, after: 0, maxBytes: .max, maxRows: 200)
        try await store.compact(
            Fixture.article.annotations, to: 200, from: 0,
            changes: MirroredPacking.pack(rows.map(\.bytes)))
        #expect(try holds("a secret sentence"))
        #expect(try holds("secret note") && holds(String("a secret note}".reversed())))

        _ = try await store.purge(Fixture.article, now: 1)
        try await store.reclaim()
        for isOpen in [true, false] {
            if !isOpen { try await store.close() }
            for words in ["a secret", String("a secret".reversed()), "laptop of a"] {
                #expect(try !holds(words), "\(words)")
            }
            #expect(try holds("words that stay"))
        }
        let again = try SQLiteStore(path: path, lineage: 1, packing: MirroredPacking())
        #expect(try await again.document(other)?.head == 300)
        #expect(try await again.purgedDocument(Fixture.article)?.library == Fixture.library)
        try await again.close()
    }
}
