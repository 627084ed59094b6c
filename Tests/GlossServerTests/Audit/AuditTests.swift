import FoundationEssentials
import Glibc
import GlossCore
import GlossProtocol
import GlossStorage
import GlossTransport
import Logging
import Testing

@testable import GlossServer

@Suite("The audit log", .timeLimit(.minutes(1)))
struct AuditTests {
    private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test("Has everything that changed access, with who did it, and no secret")
    func everything() async throws {
        var hidden: [String] = []
        try await TestServer.withDirectory { path in
            try await TestServer.run(in: path) { server in
                let secret = try await server.inviteSecret(role: .editor)
                hidden = [Base64URL.encode(secret), "key of"]
                let client = try await server.dial()
                for _ in 0..<2 {  // the second is a retry
                    let again = try await server.dial()
                    try await again.hello(.invitation(client.taking(secret)))
                    _ = try await again.receive()
                    await again.line.close()
                }
                let stranger = try await server.dial()
                try await stranger.hello(
                    .device(DeviceCredential(device: Sample.device(7), key: [1])))
                _ = try await stranger.lastError()
                for request in [
                    AdminRequest(.role, name: "ana", role: "reader"),
                    AdminRequest(.role, name: "ana"),
                    AdminRequest(.revoke, name: Sample.device(1).description),
                    AdminRequest(.addLibrary, name: "second"),
                ] {
                    _ = try await Administration.perform(request, dataDirectory: path)
                }
            }
            let entries = try Administration.audit(dataDirectory: path)
            #expect(
                entries.map(\.event) == [
                    .libraryAdded, .invitationMade, .invitationMade, .invitationRedeemed, .roleSet,
                    .memberRemoved, .deviceRevoked, .libraryAdded, .loginsRefused,
                ])
            let uid = getuid()
            #expect(entries[0].by == .server)
            #expect(entries[3].by.user == "ana" && entries[3].role == "editor")
            #expect(entries[3].invitation == entries[2].invitation)
            #expect(entries[4].by.uid == uid)
            #expect(entries[4].before == "editor" && entries[4].role == "reader")
            #expect(entries[5].before == "reader" && entries[5].role == nil)
            #expect(entries[6].device == Sample.device(1).description)
            #expect(entries[8].code == "auth_failed" && entries[8].count == 1)
            #expect(entries[8].peers == ["127.0.0.1"])
            let text = try #require(
                String(
                    data: Data(contentsOf: URL(filePath: path + "/audit.jsonl")), encoding: .utf8))
            for secret in hidden { #expect(!text.contains(secret)) }
            var status = stat()
            #expect(stat(path + "/audit.jsonl", &status) == 0 && status.st_mode & 0o777 == 0o600)
        }
    }

    @Test("A half line that a crash left is passed over, and the next has its own")
    func torn() async throws {
        try await TestServer.withDirectory { path in
            try DataDirectory(path: path).prepare()
            let file = path + "/audit.jsonl"
            try DataDirectory.write(#"{"time":"x","event":"library_ad"#, to: file)
            let audit = try AuditLog(path: file, logger: quiet)
            audit.record(AuditEntry(.keyChanged))
            #expect(try AuditLog.entries(of: file).map(\.event) == [.keyChanged])
        }
    }

    @Test("An invitation that runs out unused is written down once, whoever looks")
    func expiry() async throws {
        try await TestServer.withDirectory { path in
            try DataDirectory(path: path).prepare()
            let store = MemoryStore(lineage: 1)
            try await store.addLibrary(
                LibraryRecord(id: Sample.library, name: "desk", createdAt: 1))
            for (index, expiry) in [1_500, 2_500].enumerated() {
                try await store.addInvitation(
                    InvitationRecord(
                        secretHash: [UInt8](repeating: UInt8(index + 1), count: 32),
                        library: Sample.library, role: .reader, createdAt: 1, expiresAt: expiry,
                        usesLeft: 1))
            }
            let file = path + "/audit.jsonl"
            func sweep() throws -> AuditSweep {
                AuditSweep(
                    audit: try AuditLog(path: file, logger: quiet), store: store, clock: .system,
                    onFatal: { Issue.record("\($0)") })
            }
            var written: Set<String> = []
            try await sweep().recordExpired(until: 2_000, besides: &written)
            try await sweep().recordExpired(until: 2_400, besides: &written)
            let entries = try AuditLog.entries(of: file)
            #expect(entries.map(\.event) == [.invitationExpired])
            #expect(entries.first?.invitation == "0101010101010101")
            // Something is written before a server looks again, and that one ends at once.
            try sweep().audit.record(AuditEntry(.libraryAdded))
            for _ in 0..<2 {
                let last = try sweep()
                let task = Task { await last.run() }
                task.cancel()
                await task.value
                #expect(
                    try AuditLog.entries(of: file).compactMap(\.invitation)
                        == ["0101010101010101", "0202020202020202"])
            }
        }
    }
}
