import Foundation
import GlossCore
import TestSupport
import Testing

/// The cases in `Protocol/vectors/merge`, `Protocol/vectors/conflicts` and `Protocol/vectors/anchors`.
///
/// `GLOSS_WRITE_VECTORS=1` writes those of ``MergeVectorCases`` that have no file yet. A file, once
/// there, is never written again.
@Suite struct MergeVectorTests {
    private static let root: URL = {
        var root = URL(filePath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return root.appending(path: "Protocol/vectors")
    }()

    /// Cases frozen before suggestions accepted in two wordings were a conflict of their own kind:
    /// what they say of conflicts holds no more, see the vectors' README.
    private static let olderThanVerdicts: Set<String> = ["accepted-by-two.json"]

    private static func files(_ folder: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: root.appending(path: folder), includingPropertiesForKeys: nil
        ).filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
    }

    @Test func `cases without a file are written on demand, and none is missing`() throws {
        let isWriting = ProcessInfo.processInfo.environment["GLOSS_WRITE_VECTORS"] == "1"
        for (path, make) in MergeVectorCases.all {
            let file = Self.root.appending(path: path + ".json")
            let isThere = FileManager.default.fileExists(atPath: file.path)
            if isWriting, !isThere { try Data(make().bytes).write(to: file) }
            #expect(isThere || isWriting, "\(path) has no file")
        }
    }

    @Test(arguments: ["merge", "conflicts", "anchors"])
    func `every order of every case leads to what its file says`(folder: String) throws {
        let files = try Self.files(folder)
        #expect(files.count >= 8)
        for file in files {
            let bytes = Array(try Data(contentsOf: file))
            let vector = try MergeCase(bytes: bytes)
            #expect(vector.bytes == bytes, "\(file.lastPathComponent) has another form")
            let orderCount = max(vector.orders.article.count, vector.orders.set.count)
            #expect(orderCount > 0)
            let withConflicts = !Self.olderThanVerdicts.contains(file.lastPathComponent)
            for order in 0..<orderCount {
                let desk = try vector.desk(order: order)
                let result = vector.result(of: desk, withConflicts: withConflicts)
                let expected = vector.expectation(withConflicts: withConflicts)
                #expect(
                    result.unicodeScalars.elementsEqual(expected.unicodeScalars),
                    "\(file.lastPathComponent), order \(order): \(result)")
                for refusal in vector.refusals {
                    #expect(
                        code(of: refusal, at: desk) == refusal.code,
                        "\(file.lastPathComponent), \(refusal.change)")
                }
            }
        }
    }

    /// What a desk says to a change that it should refuse; `nil` if it takes it.
    private func code(of refusal: MergeCase.Refusal, at desk: AnnotatedArticle) -> String? {
        var replica = refusal.isOfSet ? desk.annotations : desk.article
        let before = replica.stateChecksum
        do {
            let outcome = try replica.integrate(refusal.change)
            guard case .waiting = outcome else { return nil }
            return ChangeError.Code.missingDependency.rawValue
        } catch {
            #expect(replica.stateChecksum == before)
            return error.code.rawValue
        }
    }
}
