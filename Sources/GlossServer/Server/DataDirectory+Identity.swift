import Glibc
import GlossProtocol
import GlossTransport

extension DataDirectory {
    /// Which key the server showed last, where that is not the one in the directory.
    private var fingerprint: String { "\(path)/fingerprint" }

    /// Writes down what invitations are to say while the server is stopped.
    func note(
        address text: ListenAddress, fingerprint print: KeyFingerprint,
        of configuration: ServerConfiguration
    ) throws(ServerError) {
        try Self.write("\(text)\n", to: address)
        if configuration.certificate == nil {
            unlink(fingerprint)
        } else {
            try Self.write("\(print)\n", to: fingerprint)
        }
    }

    /// What a stopped server was.
    var identity: ServerIdentity {
        let place = Self.read(address).flatMap { ListenAddress($0.filter { $0 != "\n" }) }
        return ServerIdentity(
            of: self,
            address: place ?? ListenAddress(host: "localhost", port: JoinLink.defaultPort))
    }

    /// Names the key that a stopped server has shown or would show; `nil` if it never had one and none
    /// is to be made.
    func fingerprint(making isMade: Bool) throws(TransportError) -> KeyFingerprint? {
        let shown = Self.read(fingerprint).flatMap { KeyFingerprint(hex: $0.filter { $0 != "\n" }) }
        if let shown { return shown }
        guard isMade || holdsKey else { return nil }
        return try ServerKey.loadOrCreate(in: path).fingerprint
    }
}

extension KeyFingerprint {
    /// A fingerprint from 64 hex digits; `nil` if they are none.
    init?(hex text: String) {
        let digits = Array(text.utf8).compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 64, text.utf8.count == 64 else { return nil }
        self.init(
            bytes: stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) })
    }
}
