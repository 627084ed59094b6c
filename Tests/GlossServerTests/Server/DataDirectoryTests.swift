import FoundationEssentials
import Testing

@testable import GlossServer

@Suite("A data directory")
struct DataDirectoryTests {
    @Test("Whether somebody holds it is to be seen without a trace, and keeps nobody out")
    func look() async throws {
        try await TestServer.withDirectory { path in
            let directory = DataDirectory(path: path)
            try directory.prepare()
            #expect(try !directory.isLocked())
            #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)
            do {
                let lock = try directory.lock()
                #expect(try directory.isLocked())
                #expect(throws: ServerError.self) { try directory.lock() }
                withExtendedLifetime(lock) {}
            }
            #expect(try !directory.isLocked())
            _ = try directory.lock()
        }
    }
}
