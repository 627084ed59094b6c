import Foundation
import Testing

/// Certificates as some other program makes them.
struct Certificates {
    let desk: Desk

    /// Makes a key and a certificate for it; gives their paths.
    func make(_ name: String) async throws -> (certificate: String, key: String) {
        let openssl = try #require(Tool.openssl)
        let paths = ("\(desk.path)/\(name).crt", "\(desk.path)/\(name).key")
        let ran = try await desk.run([
            openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-subj", "/CN=\(name)", "-days", "1", "-keyout", paths.1, "-out", paths.0,
        ])
        try #require(ran.status == 0, "\(ran)")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: paths.1)
        return paths
    }
}
