import Glibc
import GlossCrypto
import GlossTransport
import Testing

@Suite struct ServerKeyTests {
    @Test func `the key is made once, for its owner only, and found again`() async throws {
        try await withTemporaryDirectory { directory in
            let made = try ServerKey.loadOrCreate(in: directory)
            #expect(names(in: directory) == [ServerKey.fileName])
            #expect(mode(of: "\(directory)/\(ServerKey.fileName)") == 0o600)
            let found = try ServerKey.loadOrCreate(in: directory)
            #expect(found.fingerprint == made.fingerprint)
            #expect(made.fingerprint != (try ServerKey().fingerprint))
        }
    }

    @Test func `many that start at once get one key`() async throws {
        try await withTemporaryDirectory { directory in
            let found = try await withThrowingTaskGroup(of: KeyFingerprint.self) { group in
                for _ in 0..<16 {
                    group.addTask { try ServerKey.loadOrCreate(in: directory).fingerprint }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(found.count == 1)
            #expect(names(in: directory) == [ServerKey.fileName])
        }
    }

    @Test func `a key that others may read is refused`() async throws {
        try await withTemporaryDirectory { directory in
            _ = try ServerKey.loadOrCreate(in: directory)
            let path = "\(directory)/\(ServerKey.fileName)"
            chmod(path, 0o640)
            let expected = TransportError.keyFile(
                path: path, reason: "others may access it; make it mode 0600")
            #expect(throws: expected) { try ServerKey.loadOrCreate(in: directory) }
        }
    }

    @Test(arguments: [
        "", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    ])
    func `a file that holds no key is an error and stays as it is`(text: String) async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/\(ServerKey.fileName)"
            let file = open(path, O_CREAT | O_WRONLY, 0o600)
            #expect(write(file, text, text.utf8.count) == text.utf8.count)
            close(file)
            #expect(throws: TransportError.self) { try ServerKey.loadOrCreate(in: directory) }
            var information = stat()
            #expect(stat(path, &information) == 0 && information.st_size == text.utf8.count)
        }
    }

    @Test func `a directory that is not there is an error`() {
        let path = "/nonexistent/\(ServerKey.fileName)"
        #expect(
            throws: TransportError.keyFile(path: path, reason: "No such file or directory")
        ) { try ServerKey.loadOrCreate(in: "/nonexistent") }
    }
}
