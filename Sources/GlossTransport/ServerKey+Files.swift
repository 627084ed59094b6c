import COpenSSL

extension ServerKey {
    /// A key and a certificate that somebody else has made, from PEM files; one file may hold both.
    ///
    /// Of several certificates the first counts: clients look at its key and at nothing else. The
    /// file of the private key must not be accessible to others than its owner and its group; links
    /// are followed. Throws `keyFile` with the path and what is wrong. Blocks on the disk.
    public static func load(
        certificate: String, key: String
    ) throws(TransportError) -> ServerKey {
        let certificatePEM = try read(certificate, isSecret: certificate == key)
        let keyPEM = certificate == key ? certificatePEM : try read(key, isSecret: true)
        guard let material = KeyMaterial(certificatePEM: certificatePEM, keyPEM: keyPEM),
            let fingerprint = KeyFingerprint(certificate: material.certificate)
        else {
            let path = certificate == key ? certificate : "\(certificate) with \(key)"
            throw .keyFile(path: path, reason: CryptoReason.take())
        }
        return ServerKey(material: material, fingerprint: fingerprint)
    }

    private static func read(
        _ path: String, isSecret: Bool
    ) throws(TransportError) -> [UInt8] {
        do throws(SystemFile.Failure) {
            let mode = try SystemFile.mode(following: path)
            if isSecret, mode & 0o007 != 0 {
                throw SystemFile.Failure(reason: "everybody may access it; make it mode 0600")
            }
            return try SystemFile.read(path, limit: maximumFileSize, followsLinks: true)
        } catch {
            throw .keyFile(path: path, reason: error.reason)
        }
    }

    /// Whether it is the same certificate, and so the same key.
    public func isSame(as other: ServerKey) -> Bool {
        X509_cmp(material.certificate, other.material.certificate) == 0
    }
}
