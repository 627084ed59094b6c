import GlossStorage
import Testing

@testable import GlossServer

@Suite("Migration")
struct MigrationTests {
    @Test("A rehearsal only says what there is to do; the run does it, once")
    func steps() async throws {
        try await TestServer.withDirectory { path in
            let directory = DataDirectory(path: path)
            try directory.prepare()
            try DataDirectory.write("", to: directory.store)
            let newest = StoreFile.currentSchema
            for _ in 0..<2 {
                let rehearsal = try await Migration.run(dataDirectory: path, isDryRun: true)
                #expect(rehearsal.from == 0 && rehearsal.to == newest && !rehearsal.isDone)
            }
            let run = try await Migration.run(dataDirectory: path, isDryRun: false)
            #expect(run.from == 0 && run.isDone)
            let again = try await Migration.run(dataDirectory: path, isDryRun: true)
            #expect(again.from == newest && again.isDone)
        }
    }

    @Test("Data in use, and a directory without data, are refused")
    func refusals() async throws {
        try await TestServer.withDirectory { path in
            let missing = await #expect(throws: ServerError.self) {
                try await Migration.run(dataDirectory: path, isDryRun: true)
            }
            #expect(missing?.code == .notFound)
            let directory = DataDirectory(path: path)
            try directory.prepare()
            try DataDirectory.write("", to: directory.store)
            let lock = try directory.lock()
            let busy = await #expect(throws: ServerError.self) {
                try await Migration.run(dataDirectory: path, isDryRun: true)
            }
            #expect(busy?.code == .inUse)
            withExtendedLifetime(lock) {}
        }
    }
}
