import GlossCore
import GlossCrypto
import GlossProtocol
import Testing

@Suite struct ChangeCodecTests {
    @Test func `Every valid vector decodes, and encodes to the same bytes where it is understood`()
        throws
    {
        let lines = try Vectors.validChanges()
        #expect(lines.count >= 38)
        var understood = 0
        for line in lines {
            let encoded = try EncodedChange(bytes: line)
            #expect(encoded.bytes == line)
            let hasUnknown = encoded.change.ops.contains(.unknown)
            let hasMore = line.contains(Array("\"zz\"".utf8))
            if hasUnknown || hasMore { continue }
            understood += 1
            #expect(ChangeCodec.encode(encoded.change) == line)
            #expect(try EncodedChange(encoded.change) == encoded)
        }
        #expect(understood >= 23)
    }

    @Test func `Every invalid vector is refused with its code`() throws {
        let lines = try Vectors.invalidChanges()
        #expect(lines.count >= 110)
        for line in lines {
            let fields = try #require(try JSONParser.parse(line).members)
            let change = try #require(fields["line"]?.text)
            let code = try #require(fields["code"]?.text)
            let why = fields["why"]?.text ?? ""
            do {
                _ = try ChangeCodec.decode(Array(change.utf8))
                Issue.record("accepted: \(why)")
            } catch {
                #expect(error.code.rawValue == code, "\(why): \(error)")
            }
        }
    }

    @Test func `Hashes and their sum are those of the vectors`() throws {
        var sum = Checksum()
        var rows = 0
        for line in try Vectors.lines("codec/hashes.jsonl") {
            let fields = try #require(try JSONParser.parse(line).members)
            if let expected = fields["checksum"]?.text {
                #expect(sum.description == expected)
                continue
            }
            let change = try #require(fields["change"]?.text)
            let hash = ChangeHash(
                of: try EncodedChange(bytes: Array(change.utf8)),
                previous: try fields["previous"]?.text.map { try parsed($0) },
                dependencies: try (fields["dependencies"]?.elements ?? []).compactMap {
                    try $0.text.map { try parsed($0) }
                })
            #expect(hash.description == fields["hash"]?.text)
            sum.add(hash)
            rows += 1
        }
        #expect(rows == 5)
    }

    @Test func `Limits hold to the byte`() throws {
        let agent = AgentID(rawValue: 7)
        func change(_ op: Op) -> Change {
            Change(agent: agent, seq: 5, dependencies: [], time: 0, ops: [op])
        }
        let body = String(repeating: "b", count: WireLimits.text)
        let reply = NewReply(annotation: OpID(agent: agent, seq: 0), body: body)
        #expect(throws: Never.self) { try EncodedChange(change(.reply(reply))) }
        let long = NewReply(annotation: reply.annotation, body: body + "b")
        #expect(throws: WireError.self) { try EncodedChange(change(.reply(long))) }

        let frame = ChangeCodec.encode(
            change(.insert(Insertion(left: nil, right: nil, text: ["x"])))
        ).count
        for (extra, fits) in [(-1, true), (0, true), (1, false)] {
            let count = WireLimits.change - frame + 1 + extra
            let text = Array(repeating: Unicode.Scalar("x"), count: count)
            let op = Op.insert(Insertion(left: nil, right: nil, text: text))
            do {
                let encoded = try EncodedChange(change(op))
                #expect(fits && encoded.bytes.count == WireLimits.change + extra)
            } catch {
                #expect(!fits && error.code == .tooLarge)
            }
        }
    }

    @Test func `Ops, ids and ranges over their number are too large`() throws {
        let other = AgentID(rawValue: 9)
        let spans = (0...WireLimits.ids).map {
            OpSpan(start: OpID(agent: other, seq: $0), count: 1)
        }
        try expectTooLarge([.delete(Deletion(spans: spans))])
        let short = Op.insert(Insertion(left: nil, right: nil, text: ["x"]))
        try expectTooLarge(Array(repeating: short, count: WireLimits.operations + 1))
    }

    private func expectTooLarge(_ ops: [Op]) throws {
        let change = Change(
            agent: AgentID(rawValue: 7), seq: 0, dependencies: [], time: 0, ops: ops)
        let error = #expect(throws: WireError.self) { try EncodedChange(change) }
        #expect(error?.code == .tooLarge)
    }

    private func parsed(_ text: String) throws -> ChangeHash {
        var bytes: [UInt8] = []
        var rest = text[...]
        while !rest.isEmpty {
            bytes.append(try #require(UInt8(rest.prefix(2), radix: 16)))
            rest = rest.dropFirst(2)
        }
        return ChangeHash(digest: try #require(SHA256Digest(bytes)))
    }
}
