import Foundation
import GlossProtocol
import GlossTransport
import Testing

/// Somebody who pushes one change after the other by hand, a few at a time, and remembers each
/// answer: what the server said it has, and what nobody knows.
///
/// Nobody else writes to its articles, so what each log and its checksum must be is known.
actor Pusher {
    /// What the pushes of one connection came to.
    struct Visit {
        /// Changes acknowledged.
        var acknowledged = 0
        /// Changes that were sent before, whose answer was lost, and that are in the log.
        var kept = 0
        /// Changes that were sent before, and that are not.
        var dropped = 0
    }

    private static let agent = "00000000000000a1"
    private static let window = 8
    private static let letters = Array("abcdefghijklmnopqrstuvwxyz")

    private let link: String
    private var library = ""
    private var articles = 0
    /// The changes of the current article, all that were sent.
    private var changes: [[UInt8]] = []
    private var sums: [Checksum] = []
    private var last: ChangeHash?
    /// How many of them the server said it has.
    private var acknowledged = 0
    private var isCreated = false
    private(set) var visit = Visit()

    init(_ link: String) {
        self.link = link
    }

    /// Changes that were sent and not answered.
    var unanswered: Int { changes.count - acknowledged }
    /// Changes of all articles that were acknowledged.
    private(set) var total = 0

    private var article: String { String(format: "%030x", articles) + "2e" }

    func join() async throws {
        let client = try await HandClient(link)
        try await client.send(Typed.joining(Typed.secret(of: link), as: "hand"))
        library = try #require(try await client.receive("welcome")["lib"].string)
        await client.connection.close()
    }

    /// Goes on in a new article.
    func startArticle() {
        articles += 1
        (changes, sums, last, acknowledged, isCreated) = ([], [], nil, 0, false)
    }

    /// Connects, compares what the server has with what it said, and pushes until the connection
    /// breaks or `limit` changes went through.
    func work(limit: Int) async throws {
        visit = Visit()
        let client = try await HandClient(link)
        try await client.send(Typed.hello)
        _ = try await client.receive("welcome")
        if !isCreated {
            try await client.send(
                #"{"t":"docs","id":2,"lib":"\#(library)","new":[{"doc":"\#(article)"}]}"#)
            _ = try await client.receive("docs")
            isCreated = true
        }
        try await compare(client)
        var next = acknowledged
        while visit.acknowledged < limit {
            while next < acknowledged + Self.window {
                if next == changes.count { try makeChange() }
                try await client.send(push(next))
                next += 1
            }
            let ack = try await client.receive("ack")
            #expect(ack["id"].number == Double(10 + acknowledged), "answers come in order")
            #expect(
                ack["p"].array.first?["at"].array.first?.array.first?.number
                    == Double(acknowledged + 1))
            acknowledged += 1
            visit.acknowledged += 1
            total += 1
        }
        await client.connection.close()
    }

    /// Reads the article from its start.
    private func compare(_ client: HandClient) async throws {
        try await client.send(
            #"{"t":"sub","id":3,"doc":"\#(article)","at":0,"sum":"0000000000000000"}"#)
        let have = try await client.receive("have")
        let head = Int(try #require(have["at"].number))
        let log = "\(article): \(head) of \(changes.count) sent, \(acknowledged) acknowledged"
        #expect(head >= acknowledged && head <= changes.count, "\(log)")
        var position = 0
        while position < head {
            let page = try await client.receive("ops")
            for row in page["c"].array {
                #expect(row["at"].number == Double(position + 1), "\(log)")
                let sent = try JSONDecoder().decode(JSON.self, from: Data(changes[position]))
                #expect(row["c"] == sent, "\(log)")
                position += 1
            }
        }
        let live = try await client.receive("live")
        #expect(live["at"].number == Double(head), "\(log)")
        let sum = head == 0 ? Checksum() : sums[head - 1]
        #expect(live["sum"].string == sum.description, "\(log)")
        visit.kept = max(0, head - acknowledged)
        visit.dropped = changes.count - max(head, acknowledged)
    }

    private func makeChange() throws {
        let seq = changes.count
        let left = seq == 0 ? "" : #""l":\#(seq - 1),"#
        let text = Self.letters[seq % Self.letters.count]
        let bytes = Array(
            """
            {"a":"\(Self.agent)","o":[{"k":"ins",\(left)"t":"\(text)"}],"s":\(seq),\
            "w":1790000000000}
            """.utf8)
        let hash = ChangeHash(
            of: try EncodedChange(bytes: bytes), previous: last, dependencies: [])
        sums.append((sums.last ?? Checksum()).adding(hash))
        last = hash
        changes.append(bytes)
    }

    private func push(_ index: Int) -> String {
        let change = String(decoding: changes[index], as: UTF8.self)
        return #"{"t":"push","id":\#(10 + index),"p":[{"doc":"\#(article)","c":[\#(change)]}]}"#
    }
}
