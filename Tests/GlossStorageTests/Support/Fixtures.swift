import Foundation
import GlossCore
import GlossStorage
import Testing

/// A directory that goes away with this value.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "gloss-storage-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }
}

/// A store with one library and one article in it, and a way to make more.
struct Fixture {
    static let library = LibraryID(rawValue: 0xF000_0000_0000_0001)
    static let other = LibraryID(rawValue: 2)
    static let article = DocumentID(high: 0xF000_0000_0000_0000, low: 0x10)
    static let agent = AgentID(rawValue: 0xFFFF_0000_0000_0001)
    static let device = DeviceID(rawValue: 0xEEEE_0000_0000_0001)

    static func hash(_ number: UInt64) -> [UInt8] {
        (0..<4).flatMap { _ in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
        }
    }

    static func row(
        _ seq: Int, by agent: AgentID = agent, count: Int = 1, bytes: Int = 10, hash: UInt64 = 7,
        user: String = "ann", device: DeviceID = device
    ) -> NewRow {
        NewRow(
            agent: agent, seq: seq, count: count,
            bytes: [UInt8](repeating: UInt8(truncatingIfNeeded: seq), count: bytes),
            hash: Self.hash(hash), user: user, device: device, deviceLabel: "laptop",
            receivedAt: 1000 + seq)
    }

    static func invitation(
        _ number: UInt64, role: Role = .editor, forUser: String? = nil, expiresAt: Int = 1000,
        uses: Int = 1, library: LibraryID = library, creator: String? = nil
    ) -> InvitationRecord {
        InvitationRecord(
            secretHash: hash(number), library: library, role: role, forUser: forUser, createdAt: 1,
            expiresAt: expiresAt, usesLeft: uses, creator: creator)
    }

    static func offer(
        _ number: UInt64, _ user: String, device: UInt64, label: String = "laptop",
        secret: UInt64 = 99, library: LibraryID? = nil, now: Int = 10
    ) -> Redeeming {
        Redeeming(
            invitationHash: hash(number), user: user, device: DeviceID(rawValue: device),
            label: label, secretHash: hash(secret), library: library, now: now)
    }

    static func fill(_ store: any Store) async throws {
        try await store.addLibrary(LibraryRecord(id: library, name: "desk", createdAt: 1))
        _ = try await store.createArticle(article, in: library, now: 2)
    }
}

/// Checks that an operation throws a ``StoreError`` of a code.
func expect(
    _ code: StoreError.Code, sourceLocation: SourceLocation = #_sourceLocation,
    _ work: () async throws -> Void
) async {
    do {
        try await work()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as StoreError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        #expect(!error.message.isEmpty, sourceLocation: sourceLocation)
    } catch {
        Issue.record("\(error)", sourceLocation: sourceLocation)
    }
}

/// Checks that an operation that blocks throws a ``StoreError`` of a code.
func expectSync(
    _ code: StoreError.Code, sourceLocation: SourceLocation = #_sourceLocation,
    _ work: () throws -> Void
) {
    do {
        try work()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as StoreError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
    } catch {
        Issue.record("\(error)", sourceLocation: sourceLocation)
    }
}
