public import GlossCore
import GlossProtocol
import GlossStorage

/// Who uses a library, on which device, and with which server.
public struct Profile: Hashable, Sendable {
    /// A server and how to know it again.
    public struct Server: Hashable, Sendable {
        /// Its host.
        public var host: String
        /// Its port.
        public var port: Int
        /// The SHA-256 of its public key.
        public var fingerprint: [UInt8]
    }

    /// The name of the account.
    public var user: String
    /// What the device is called.
    public var label: String
    /// The device.
    public var device: DeviceID
    /// The server, if the library has one.
    public var server: Server?
    /// The library on the server.
    public var library: LibraryID?
    /// The library's name there.
    public var libraryName: String?
    /// What the server last said this user may do.
    public var role: Role?
    /// When the last sync succeeded, in milliseconds since 1970.
    public var lastSync: Int?
}

extension LibraryReader {
    /// Who uses the library.
    func profile() throws(StoreError) -> Profile {
        var server: Profile.Server?
        if let host = try meta(.serverHost), let port = try meta(.serverPort).flatMap({ Int($0) }),
            let pin = try meta(.serverFingerprint)
        {
            server = Profile.Server(host: host, port: port, fingerprint: Fingerprint.bytes(pin))
        }
        return Profile(
            user: try meta(.user) ?? "me", label: try meta(.deviceLabel) ?? "device",
            device: try meta(.deviceID).flatMap { DeviceID($0) } ?? DeviceID(rawValue: 0),
            server: server, library: try meta(.libraryID).flatMap { LibraryID($0) },
            libraryName: try meta(.libraryName),
            role: try meta(.role).flatMap { Role(rawValue: $0) },
            lastSync: try meta(.lastSyncAt).flatMap { Int($0) })
    }
}

/// How fingerprints are kept: in base64url.
enum Fingerprint {
    static func bytes(_ text: String) -> [UInt8] { Base64URL.decode(text) ?? [] }

    static func text(_ bytes: [UInt8]) -> String { Base64URL.encode(bytes) }
}
