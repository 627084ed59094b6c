import GlossProtocol
import Testing

@Suite struct LinkTests {
    @Test(
        arguments: [
            ([], ""), ([0x66], "Zg"), ([0x66, 0x6F], "Zm8"), ([0x66, 0x6F, 0x6F], "Zm9v"),
            ([0xFB, 0xFF], "-_8"), ([0x66, 0x6F, 0x6F, 0x62], "Zm9vYg"),
        ] as [([UInt8], String)])
    func `Base64url goes both ways`(bytes: [UInt8], text: String) {
        #expect(Base64URL.encode(bytes) == text)
        #expect(Base64URL.decode(text) == bytes)
    }

    @Test(arguments: ["Z", "Zh", "Zg==", "Zm9vY", "Zm+v", "Zm/v", "Zm 9", "é", "Zm9"])
    func `Base64url has one spelling`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test(arguments: [
        ("desk.example.org", 7464, "desk.example.org/"), ("127.0.0.1", 80, "127.0.0.1:80/"),
        ("::1", 7464, "[::1]/"), ("fe80::1", 9, "[fe80::1]:9/"),
    ])
    func `Links go both ways`(host: String, port: Int, authority: String) throws {
        let link = JoinLink(
            host: host, port: port, fingerprint: Array(0..<32), secret: [1, 2, 3, 255])
        #expect(link.description.hasPrefix("gloss://\(authority)#v1."))
        #expect(JoinLink(link.description) == link)
        let noSlash = link.description.replacing("/#", with: "#")
        #expect(JoinLink(noSlash) == link)
    }

    @Test(arguments: [
        "https://h/#v1.F.AQ", "gloss://h/", "gloss://h/#v1.F", "gloss://h/#v2.F.AQ",
        "gloss://h/#v1.AQ.AQ", "gloss://h/#v1.F.", "gloss://h/#v1.F.AQ.AQ", "gloss:///#v1.F.AQ",
        "gloss://h:0/#v1.F.AQ", "gloss://h:65536/#v1.F.AQ", "gloss://h:/#v1.F.AQ",
        "gloss://h:+1/#v1.F.AQ", "gloss://::1/#v1.F.AQ", "gloss://[::1/#v1.F.AQ",
        "gloss://[h]/#v1.F.AQ", "gloss://a b/#v1.F.AQ", "gloss://u@h/#v1.F.AQ",
        "gloss://h/x#v1.F.AQ", "", "gloss://h//#v1.F.AQ",
    ])
    func `What is no link is none`(text: String) {
        let fingerprint = Base64URL.encode([UInt8](repeating: 7, count: 32))
        #expect(JoinLink(text.replacing(".F.", with: ".\(fingerprint).")) == nil)
    }
}
