import Foundation
import GlossCore
import TestSupport
import Testing

/// Gloss beside the second implementation in `Protocol/reference`, which shares no code with it.
@Suite(.enabled(if: ReferencePrograms.python != nil, "\(ReferencePrograms.needs)"))
struct ReferenceTests {
    /// How many random histories there are in each test; Python takes its time.
    private static let historyCount = AnnotationSeeds.seeds(of: 0).count / 3

    @Test func `the reference passes all vectors`() throws {
        let (isRight, said) = try ReferencePrograms.check()
        #expect(isRight && said.contains(", 0 wrong"), "\(said)")
    }

    @Test func `the reference finds in random histories what Gloss finds`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "gloss-reference-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let cases = folder.appending(path: "conflicts")
        try FileManager.default.createDirectory(at: cases, withIntermediateDirectories: true)
        var conflicts = 0
        for seed in AnnotationSeeds.seeds(of: 0).prefix(Self.historyCount) {
            let history = try AnnotationHistoryGenerator.history(seed: seed)
            let desk = try history.desk(
                article: history.article.changes, annotations: history.annotations.changes)
            conflicts += desk.conflicts.count
            let versions = history.people.map(\.article.frontier)
            let made = try MergeCase("Seed \(seed).", history, versions: versions)
            try Data(made.bytes).write(to: cases.appending(path: "seed-\(seed).json"))
        }
        #expect(conflicts > Self.historyCount, "the histories are too peaceful to tell anything")
        let (isRight, said) = try ReferencePrograms.check(folder.path)
        #expect(isRight && said.contains(", 0 wrong"), "\(said.suffix(4_000))")
    }
}
