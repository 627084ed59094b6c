import COpenSSL
import GlossCrypto

/// The key a server proves itself with: ECDSA P-256 and a certificate it signed itself.
///
/// Clients pin the key by `fingerprint`; nothing else in the certificate means anything, so it
/// never expires.
public struct ServerKey: Sendable {
    /// The name of the file in the data directory.
    public static let fileName = "server-key.pem"

    /// SHA-256 of the DER SubjectPublicKeyInfo.
    public let fingerprint: KeyFingerprint
    let material: KeyMaterial

    /// A larger file is not one of ours.
    static let maximumFileSize = 65_536

    /// A new key that is stored nowhere. Throws `keyFile`.
    public init() throws(TransportError) {
        try self.init(material: .generate(), path: "")
    }

    init(material: KeyMaterial, fingerprint: KeyFingerprint) {
        self.material = material
        self.fingerprint = fingerprint
    }

    private init(material: KeyMaterial?, path: String) throws(TransportError) {
        guard let material, let fingerprint = KeyFingerprint(certificate: material.certificate)
        else { throw .keyFile(path: path, reason: CryptoReason.take()) }
        self.material = material
        self.fingerprint = fingerprint
    }

    /// The key in `directory`, made and stored first if there is none.
    ///
    /// Of several processes that do this at once, all get the same key. When this returns, the key
    /// is on disk, readable by its owner only. Throws `keyFile`, also for a file that others may
    /// read: such a key is no secret any more. Blocks on the disk.
    public static func loadOrCreate(in directory: String) throws(TransportError) -> ServerKey {
        let path = "\(directory)/\(fileName)"
        do throws(SystemFile.Failure) {
            if try SystemFile.status(of: path) == nil {
                try create(path, in: directory)
            }
        } catch {
            throw .keyFile(path: path, reason: error.reason)
        }
        return try load(path)
    }

    private static func load(_ path: String) throws(TransportError) -> ServerKey {
        let pem: [UInt8]
        do throws(SystemFile.Failure) {
            if let reason = try distrust(path) { throw SystemFile.Failure(reason: reason) }
            pem = try SystemFile.read(path, limit: maximumFileSize)
        } catch {
            throw .keyFile(path: path, reason: error.reason)
        }
        return try ServerKey(material: KeyMaterial(pem: pem), path: path)
    }

    /// Why the file should not be used; nil if it may.
    private static func distrust(_ path: String) throws(SystemFile.Failure) -> String? {
        guard let status = try SystemFile.status(of: path), status.isRegularFile else {
            return "not a regular file"
        }
        if status.isOpenToOthers { return "others may access it; make it mode 0600" }
        return status.size > maximumFileSize ? "too large" : nil
    }

    /// Writes a new key under a private name, then links it: the final name never shows half a
    /// file, and the first of several processes wins.
    private static func create(_ path: String, in directory: String) throws(SystemFile.Failure) {
        guard let pem = KeyMaterial.generate()?.pem() else {
            throw SystemFile.Failure(reason: CryptoReason.take())
        }
        var random = SystemRandom()
        let draft = "\(path).\(String(random.next(), radix: 16))"
        defer { SystemFile.remove(draft) }
        try SystemFile.create(draft, bytes: pem)
        _ = try SystemFile.link(draft, as: path)
        try SystemFile.synchronizeDirectory(directory)
    }
}

/// Takes the reason of the latest failure from OpenSSL's queue of this thread.
enum CryptoReason {
    static func take() -> String {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard let text = ERR_reason_error_string(code) else { return "unknown reason" }
        return String(cString: text)
    }
}
