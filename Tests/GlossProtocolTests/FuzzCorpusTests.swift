import Foundation
import TestSupport
import Testing

/// What `scripts/fuzz` made up: every find, and a few dozen of what reaches most.
struct FuzzCorpusTests {
    @Test(arguments: WireFuzz.allCases)
    func `What was made up once breaks nothing`(_ fuzz: WireFuzz) throws {
        var root = URL(filePath: #filePath)
        for _ in 0..<2 { root.deleteLastPathComponent() }
        let file = root.appending(path: "Fixtures/fuzz/\(fuzz.rawValue).txt")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
        for line in lines {
            let bytes = try #require(Data(base64Encoded: String(line)), "\(line)")
            try fuzz.check(Array(bytes))
        }
        // Sure to be refused for what it is, whatever the corpus has.
        try fuzz.check([])
        try fuzz.check([0xFF, 0, 0x22])
    }
}
