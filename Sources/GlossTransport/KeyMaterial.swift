import COpenSSL
import GlossCrypto

/// Owns a private key and its certificate.
///
/// `@unchecked Sendable`: neither is changed after `init`, and OpenSSL counts references to both
/// atomically, so any thread may use them.
final class KeyMaterial: @unchecked Sendable {
    let privateKey: OpaquePointer
    let certificate: OpaquePointer

    private init(privateKey: OpaquePointer, certificate: OpaquePointer) {
        self.privateKey = privateKey
        self.certificate = certificate
    }

    deinit {
        EVP_PKEY_free(privateKey)
        X509_free(certificate)
    }

    /// A new P-256 key with a certificate, or nil and a reason in OpenSSL's queue.
    static func generate() -> KeyMaterial? {
        ERR_clear_error()
        guard let key = gloss_generate_p256_key() else { return nil }
        guard let certificate = X509_new() else {
            EVP_PKEY_free(key)
            return nil
        }
        let material = KeyMaterial(privateKey: key, certificate: certificate)
        return material.fillCertificate() ? material : nil
    }

    /// The key and certificate in a PEM text, or nil and a reason in OpenSSL's queue.
    convenience init?(pem: [UInt8]) {
        self.init(certificatePEM: pem, keyPEM: pem)
    }

    /// The same from two texts: the first key of the one, the first certificate of the other.
    convenience init?(certificatePEM: [UInt8], keyPEM: [UInt8]) {
        ERR_clear_error()
        guard
            let key = Self.parse(keyPEM, { PEM_read_bio_PrivateKey($0, nil, refusePassword, nil) })
        else { return nil }
        guard let certificate = Self.parse(certificatePEM, { PEM_read_bio_X509($0, nil, nil, nil) })
        else {
            EVP_PKEY_free(key)
            return nil
        }
        self.init(privateKey: key, certificate: certificate)
        guard X509_check_private_key(certificate, key) == 1 else { return nil }
    }

    /// The private key (PKCS #8), then the certificate.
    func pem() -> [UInt8]? {
        guard let bio = BIO_new(BIO_s_mem()) else { return nil }
        defer { BIO_free(bio) }
        guard PEM_write_bio_PKCS8PrivateKey(bio, privateKey, nil, nil, 0, nil, nil) == 1,
            PEM_write_bio_X509(bio, certificate) == 1
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(bio))
        guard BIO_read(bio, &bytes, Int32(bytes.count)) == bytes.count else { return nil }
        return bytes
    }

    private static func parse(
        _ pem: [UInt8], _ read: (OpaquePointer) -> OpaquePointer?
    ) -> OpaquePointer? {
        pem.withUnsafeBytes { bytes in
            guard let bio = BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)) else {
                return nil
            }
            defer { BIO_free(bio) }
            return read(bio)
        }
    }

    /// Version 3, a random serial number, and RFC 5280's date for "no expiry". The validity is
    /// fixed, so a server with a wrong clock works all the same.
    private func fillCertificate() -> Bool {
        var serial = randomBytes(16)
        serial[0] = serial[0] & 0x7F | 0x40
        guard let number = BN_bin2bn(serial, Int32(serial.count), nil) else { return false }
        defer { BN_free(number) }
        guard let name = X509_get_subject_name(certificate) else { return false }
        return X509_set_version(certificate, 2) == 1
            && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil
            && ASN1_TIME_set_string(X509_getm_notBefore(certificate), "20250101000000Z") == 1
            && ASN1_TIME_set_string(X509_getm_notAfter(certificate), "99991231235959Z") == 1
            && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, "glossd", -1, -1, 0) == 1
            && X509_set_issuer_name(certificate, name) == 1
            && X509_set_pubkey(certificate, privateKey) == 1
            && X509_sign(certificate, privateKey, EVP_sha256()) > 0
    }
}

/// Keeps OpenSSL from asking on the terminal when a key file is encrypted.
private let refusePassword:
    @convention(c) (
        UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?
    ) -> Int32 = { _, _, _, _ in -1 }

extension KeyFingerprint {
    /// The fingerprint of the key in a certificate; nil if it cannot be encoded.
    init?(certificate: OpaquePointer) {
        var encoded: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &encoded)
        defer { CRYPTO_free(encoded, nil, 0) }
        guard count > 0, let encoded else { return nil }
        self.init(SHA256.hash(UnsafeRawBufferPointer(start: encoded, count: Int(count))))
    }
}
