/// An invitation as people pass it on: where the server is, which key it has, and the secret.
///
/// `gloss://host:port/#v1.<fingerprint>.<secret>`, both in ``Base64URL``; the port may be left out,
/// an IPv6 address stands in brackets.
public struct JoinLink: Hashable, Sendable, CustomStringConvertible {
    /// The port of a link that names none.
    public static let defaultPort = 7464
    /// Bytes in a fingerprint.
    public static let fingerprintCount = 32

    /// A host name, an IPv4 address, or an IPv6 address without its brackets.
    public var host: String
    /// The port, 1 to 65535.
    public var port: Int
    /// The SHA-256 of the server's public key.
    public var fingerprint: [UInt8]
    /// The single-use secret, 1 to ``WireLimits/secret`` bytes.
    public var secret: [UInt8]

    /// A link.
    public init(host: String, port: Int = defaultPort, fingerprint: [UInt8], secret: [UInt8]) {
        self.host = host
        self.port = port
        self.fingerprint = fingerprint
        self.secret = secret
    }

    /// The link that `text` spells; `nil` if it is none, or of another version.
    public init?(_ text: some StringProtocol) {
        let scheme = "gloss://"
        guard text.utf8.starts(with: scheme.utf8) else { return nil }
        let rest = text.utf8.dropFirst(scheme.utf8.count)
        guard let hash = rest.firstIndex(of: UInt8(ascii: "#")) else { return nil }
        var authority = Array(rest[..<hash])
        if authority.last == UInt8(ascii: "/") { authority.removeLast() }
        let fragment = rest[rest.index(after: hash)...].split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let (host, port) = Self.hostAndPort(authority), fragment.count == 3,
            fragment[0].elementsEqual("v1".utf8),
            let fingerprint = Base64URL.decode(String(decoding: fragment[1], as: UTF8.self)),
            let secret = Base64URL.decode(String(decoding: fragment[2], as: UTF8.self)),
            fingerprint.count == Self.fingerprintCount,
            (1...WireLimits.secret).contains(secret.count)
        else { return nil }
        self.init(host: host, port: port, fingerprint: fingerprint, secret: secret)
    }

    /// The link as text; the port is left out when it is the default.
    public var description: String {
        let bracketed = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        let suffix = port == Self.defaultPort ? "" : ":\(port)"
        let credentials = "\(Base64URL.encode(fingerprint)).\(Base64URL.encode(secret))"
        return "gloss://\(bracketed)\(suffix)/#v1.\(credentials)"
    }

    private static func hostAndPort(_ authority: [UInt8]) -> (String, Int)? {
        let colon = UInt8(ascii: ":")
        let host: ArraySlice<UInt8>
        let rest: ArraySlice<UInt8>
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            host = authority[1..<end]
            rest = authority[(end + 1)...]
            guard host.contains(colon), host.allSatisfy(isAddressByte) else { return nil }
        } else {
            let end = authority.firstIndex(of: colon) ?? authority.endIndex
            host = authority[..<end]
            rest = authority[end...]
            guard host.allSatisfy(isNameByte) else { return nil }
        }
        if host.isEmpty || host.count > 253 { return nil }
        var port = defaultPort
        if !rest.isEmpty {
            let digits = rest.dropFirst()
            guard rest.first == colon, digits.count <= 5,
                digits.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(String(decoding: digits, as: UTF8.self)),
                (1...65_535).contains(number)
            else { return nil }
            port = number
        }
        return (String(decoding: host, as: UTF8.self), port)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
