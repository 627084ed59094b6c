import Foundation
import GlossTransport
import TestSupport
import Testing

/// The lines of somebody who types the protocol by hand. The ids are fixed, so that what does not
/// depend on the server is the same each time.
enum Typed {
    static let device = "00000000000000d1"
    static let key = "a2V5IG9mIHRoZSBkZXZpY2U"
    static let agent = "00000000000000a1"
    static let article = "0000000000000000000000000000f00e"

    static func joining(_ secret: String, as user: String) -> String {
        """
        {"t":"hello","id":1,"v":[1],"sw":"by hand","auth":{"k":"invite","secret":"\(secret)",\
        "user":"\(user)","label":"terminal","device":"\(device)","key":"\(key)"}}
        """
    }

    static let hello = """
        {"t":"hello","id":1,"v":[1],"sw":"by hand","auth":{"k":"device","device":"\(device)",\
        "key":"\(key)"}}
        """

    static func docs(_ library: String) -> String {
        #"{"t":"docs","id":2,"lib":"\#(library)","new":[{"doc":"\#(article)"}]}"#
    }

    static let sub = """
        {"t":"sub","id":3,"doc":"\(article)","at":0,"sum":"0000000000000000"}
        """

    /// A push of one change that names the article and types its first words.
    static func first(_ text: String, name: String) -> String {
        """
        {"t":"push","id":4,"p":[{"doc":"\(article)","c":[{"a":"\(agent)","o":[{"f":"name",\
        "k":"set","p":[],"v":"\(name)"},{"k":"ins","t":"\(text)"}],"s":0,"w":1790000000000}]}]}
        """
    }

    /// A push of one change that types a word behind what the same agent typed before.
    static func push(id: Int = 4, _ text: String, seq: Int = 0) -> String {
        let left = seq == 0 ? "" : #""l":\#(seq - 1),"#
        return """
            {"t":"push","id":\(id),"p":[{"doc":"\(article)","c":[{"a":"\(agent)","o":[{"k":"ins",\
            \(left)"t":"\(text)"}],"s":\(seq),"w":1790000000000}]}]}
            """
    }

    /// Fails the test if the schemas do not know a line of either side.
    static func check(_ line: some Sequence<UInt8>, as form: ProtocolSchemas.Form) {
        if let complaint = ProtocolSchemas.shared.complaint(about: Array(line), as: form) {
            Issue.record("\(complaint)")
        }
    }

    /// The secret of a join link.
    static func secret(of link: String) -> String {
        link.split(separator: ".").last.map(String.init) ?? ""
    }
}

/// A connection whose lines a test writes itself.
struct HandClient {
    let connection: LineConnection

    /// Connects to the server of a join link.
    init(_ link: String) async throws {
        let parts = link.split(whereSeparator: { ":/#.".contains($0) }).map(String.init)
        // gloss, four numbers of the address, the port, the version, the fingerprint, the secret
        guard parts.count == 9, let port = Int(parts[5]),
            let digest = Self.bytes(parts[7]), let fingerprint = KeyFingerprint(bytes: digest)
        else { throw Failure("no link: \(link)") }
        connection = try await Dialer().connect(
            host: "127.0.0.1", port: port, fingerprint: fingerprint)
    }

    func send(_ line: String) async throws {
        Typed.check(line.utf8, as: .client)
        try await connection.send([Array(line.utf8)])
    }

    /// The next message of a type.
    func receive(_ type: String) async throws -> JSON {
        var lines = connection.lines.makeAsyncIterator()
        while let line = try await lines.next() {
            Typed.check(line, as: .server)
            let message = try JSONDecoder().decode(JSON.self, from: Data(line))
            if message["t"] == .string(type) { return message }
            if message["t"] == .string("err") { break }
        }
        throw Failure("the server said no \(type)")
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        var base = text.replacingOccurrences(of: "-", with: "+")
            .replacingOccurrences(of: "_", with: "/")
        base += String(repeating: "=", count: (4 - base.count % 4) % 4)
        return Data(base64Encoded: base).map { Array($0) }
    }
}
