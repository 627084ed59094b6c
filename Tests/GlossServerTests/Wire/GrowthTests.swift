import GlossCore
import GlossProtocol
import TestSupport
import Testing

@testable import GlossServer

@Suite("A client of a later version and the server of this one, over TLS", .timeLimit(.minutes(1)))
struct GrowthTests {
    /// Changes with fields and operations that are not known now; the second follows the first.
    private static let article = [
        #"{"a":"\#(Sample.agent(1))","o":[{"k":"ins","t":"ab","~wide":[{"z":1}]},"#
            + #"{"at":{"x":[[1]]},"k":"reaction","of":"👍"}],"s":0,"w":5,"~sig":"QQ"}"#,
        #"{"a":"\#(Sample.agent(1))","o":[{"k":"ins","l":1,"t":"c"}],"s":3,"w":5,"zz":null}"#,
    ]
    private static let note =
        #"{"a":"\#(Sample.agent(2))","o":[{"b":"","g":"poll","k":"note","on":{"at":[],"q":["","",""],"#
        + #""r":[],"~zoom":2}},{"f":"mood","k":"set","p":[],"v":[1,true]},"#
        + #"{"c":"0000000000000001","g":"weather","k":"resolve","s":[],"take":"sun"}],"s":0,"w":5}"#

    private static func encoded(_ lines: [String]) throws -> [EncodedChange] {
        try lines.map { try EncodedChange(bytes: Array($0.utf8)) }
    }

    /// The checksum of changes of one agent that follow each other.
    private static func sum(_ changes: [EncodedChange]) -> Checksum {
        var sum = Checksum()
        var previous: ChangeHash?
        for change in changes {
            let hash = ChangeHash(of: change, previous: previous, dependencies: [])
            sum.add(hash)
            previous = hash
        }
        return sum
    }

    private static func push(id: Int) throws -> ClientMessage {
        .push(
            Push(
                id: id,
                parts: [
                    PushPart(
                        doc: Sample.article, changes: try encoded(article).map { RawChange($0) }),
                    PushPart(doc: Sample.set, changes: try encoded([note]).map { RawChange($0) }),
                ]))
    }

    /// A message as a later client writes it.
    private static func later(_ message: ClientMessage) -> String {
        String(decoding: FutureLine.extending(message.encode()), as: UTF8.self)
    }

    /// Reads a document from the start to its end.
    private static func read(
        _ doc: DocumentID, _ client: TestClient
    ) async throws -> (changes: [[UInt8]], sum: Checksum) {
        var client = client
        client.readsLaterChanges = true
        try await client.send(
            .sub(SubscribeRequest(id: 7, doc: doc, at: 0, sum: Checksum(), vector: nil)))
        var changes: [[UInt8]] = []
        while let message = try await client.receive() {
            switch message {
            case .ops(let page): changes += page.changes.map(\.change.bytes)
            case .live(let live): return (changes, live.sum)
            default: continue
            }
        }
        throw Unexpected(message: "the server closed")
    }

    @Test(
        "What it adds to messages does no harm, and what it adds to changes is kept word for word")
    func laterClient() async throws {
        let article = try Self.encoded(Self.article)
        let note = try Self.encoded([Self.note])
        try await TestServer.withDirectory { path in
            try await TestServer.run(in: path) { server in
                let bystander = try await server.bystander()
                var client = try await server.dial()
                client.readsLaterChanges = true
                let secret = try await server.inviteSecret(role: .editor)
                let credential = Credential.invitation(client.taking(secret))
                let hello = Hello(id: 1, versions: [2, 1], software: "later", auth: credential)
                let caps = Self.later(.hello(hello)).replacing(
                    #""auth":"#, with: #""caps":["glance",{"k":1}],"auth":"#)
                try await client.sendBroken(caps)
                guard case .welcome(let welcome) = try await client.receive() else {
                    throw Unexpected(message: "no welcome")
                }
                #expect(welcome.version == 1)
                try await client.sendBroken(
                    #"{"t":"glance","id":12,"doc":"\#(Sample.article)","s":{}}"#)
                guard case .err(let failure) = try await client.answer() else {
                    throw Unexpected(message: "no error")
                }
                #expect(failure.code == .unknownType && failure.id == 12)
                try await client.sendBroken(
                    Self.later(
                        .docs(
                            DocumentsRequest(
                                id: 2, library: server.library, creating: [Sample.article]))))
                guard case .docs = try await client.receive() else {
                    throw Unexpected(message: "no list")
                }
                try await client.sendBroken(
                    #"{"t":"err","scope":"room","code":"too_sunny","retry":"tomorrow","~later":1}"#)
                try await client.sendBroken(Self.later(try Self.push(id: 3)))
                guard case .ack(let ack) = try await client.answer() else {
                    throw Unexpected(message: "no ack")
                }
                #expect(ack.parts.map(\.positions) == [[1, 2], [1]])
                #expect(ack.parts.map(\.sum) == [Self.sum(article), Self.sum(note)])

                var follower = bystander.client
                follower.readsLaterChanges = true
                guard case .ops(let page) = try await follower.receive(),
                    case .live(let live) = try await follower.receive()
                else { throw Unexpected(message: "no rows") }
                #expect(page.changes.map(\.change.bytes) == article.map(\.bytes))
                #expect(live.sum == Self.sum(article))
            }
            // From the disk it is the same again, and its author may send it once more.
            try await TestServer.run(in: path) { server in
                let client = try await server.join("bo", device: 3)
                let text = try await Self.read(Sample.article, client)
                #expect(text.changes == article.map(\.bytes))
                #expect(text.sum == Self.sum(article))
                let notes = try await Self.read(Sample.set, client)
                #expect(notes.changes == note.map(\.bytes))
                #expect(notes.sum == Self.sum(note))
                try await client.sendBroken(try Self.push(id: 8))
                guard case .ack(let again) = try await client.answer() else {
                    throw Unexpected(message: "no ack")
                }
                #expect(again.parts.map(\.positions) == [[1, 2], [1]])
            }
        }
    }
}
