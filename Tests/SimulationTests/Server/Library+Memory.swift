import FoundationEssentials
import TestSupport

@testable import GlossClient

extension Library {
    /// A library of a device called laptop, kept in memory, with a clock that a test turns and seeded
    /// chance.
    static func inMemory(_ clock: TestClock, seed: UInt64) throws -> Library {
        let chance = SharedRandom(seed: seed)
        let environment = ClientEnvironment(now: { clock.now }, random: { chance.next() })
        let directory =
            FileManager.default.temporaryDirectory.path + "/gloss-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let file = try Library.create(
            in: directory, user: "me", label: "laptop", environment: environment)
        defer { try? file.close() }
        return try file.rehearsal()
    }
}
