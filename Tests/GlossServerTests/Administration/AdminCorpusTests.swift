import Foundation
import Testing

@testable import GlossServer

/// What `scripts/fuzz --mode admin` made up.
struct AdminCorpusTests {
    @Test func `What was made up once is refused, or reads as it was written`() throws {
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let file = root.appending(path: "Fixtures/fuzz/admin.txt")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
        #expect(!lines.isEmpty)
        for line in lines {
            let bytes = try #require(Data(base64Encoded: String(line)), "\(line)")
            guard let request = try? JSONDecoder().decode(AdminRequest.self, from: bytes) else {
                continue
            }
            let written = try JSONEncoder().encode(request)
            #expect(try JSONDecoder().decode(AdminRequest.self, from: written) == request)
        }
    }
}
