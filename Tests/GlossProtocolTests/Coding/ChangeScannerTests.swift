import GlossCore
import Testing

@testable import GlossProtocol

/// The scanner must take nothing but what the reader takes, and read the same in it.
@Suite struct ChangeScannerTests {
    private func outcome(
        _ decode: ([UInt8]) throws(WireError) -> Change, _ bytes: [UInt8]
    ) -> Result<Change, WireError> {
        do throws(WireError) { return .success(try decode(bytes)) } catch {
            return .failure(error)
        }
    }

    /// Decodes both ways; the change, if the scanner takes it.
    private func scanned(_ bytes: [UInt8]) throws -> Change? {
        #expect(
            outcome(ChangeCodec.decode, bytes) == outcome(ChangeCodec.decodeAsTree, bytes),
            "\(String(decoding: bytes, as: UTF8.self))")
        guard let change = ChangeScanner.change(in: bytes) else { return nil }
        #expect(!change.ops.contains(.unknown))
        #expect(ChangeCodec.encode(change) == bytes)
        return change
    }

    @Test func `Every vector is read alike, and directly where all of it is known`() throws {
        for line in try Vectors.validChanges() {
            let change = try ChangeCodec.decode(line)
            let isKnown = !change.ops.contains(.unknown) && ChangeCodec.encode(change) == line
            #expect((try scanned(line) != nil) == isKnown)
        }
        for line in try Vectors.invalidChanges() {
            let text = try #require(try JSONParser.parse(line).members?["line"]?.text)
            #expect(try scanned(Array(text.utf8)) == nil)
        }
    }

    @Test func `Changes of every kind are read directly, and as they were written`() throws {
        var changes = RandomChanges(seed: 1)
        for _ in 0..<1_000 {
            let change = changes.change()
            #expect(try scanned(ChangeCodec.encode(change)) == change)
        }
    }

    @Test func `What is made of the bytes of changes is taken by both or refused alike by both`()
        throws
    {
        var changes = RandomChanges(seed: 2)
        var random = HostileInputTests.Random(state: 4)
        var taken = 0
        for _ in 0..<600 {
            let bytes = ChangeCodec.encode(changes.change())
            for _ in 0..<10 {
                let mutated = HostileInputTests().mutate(bytes, using: &random)
                if try scanned(mutated) != nil { taken += 1 }
            }
        }
        #expect(taken > 100)
    }

    @Test func `A change that ends anywhere or has any one byte replaced is read alike`() throws {
        var lines = try Vectors.validChanges()
        lines.append(Array(#"{"a":"00000000000000a1","m":"\u001f\"é😀","o":[],"s":0,"w":0}"#.utf8))
        let replacements = Array("0:z\"\\,}".utf8)
        for line in lines {
            for index in line.indices {
                #expect(try scanned(Array(line[..<index])) == nil)
                var bytes = line
                bytes[index] = replacements[index % replacements.count]
                _ = try scanned(bytes)
            }
        }
    }

    @Test func `Numbers and escapes have one spelling each`() throws {
        func line(text: String = "x", seq: String = "1") -> [UInt8] {
            Array(
                #"{"a":"00000000000000a1","o":[{"k":"ins","t":"\#(text)"}],"s":\#(seq),"w":0}"#.utf8
            )
        }
        for seq in ["0", "1", "10", "2147483647"] { #expect(try scanned(line(seq: seq)) != nil) }
        for seq in [
            "", "00", "01", "-0", "-1", "+1", "1.0", "1e0", "2147483648",
            "18446744073709551617", String(repeating: "9", count: 400),
        ] { #expect(try scanned(line(seq: seq)) == nil) }
        for text in [#"\b\t\n\f\r\"\\"#, #"\u0000\u001f\u000b"#, "\u{7F}/'"] {
            #expect(try scanned(line(text: text)) != nil)
        }
        for text in [
            #"\/"#, #"\u0008"#, #"\u000a"#, #"\u000A"#, #"\u001F"#, #"\u0020"#, #"\u00e9"#,
            #"\u0100"#, #"\u00 1"#, #"\u00+1"#, #"\u"#, #"\"#, #"\a"#, "\n", "\u{0}",
        ] { #expect(try scanned(line(text: text)) == nil) }
        for encoded: [UInt8] in [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
            [0xEF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF8], [0xFF],
        ] {
            var bytes = line()
            let index = try #require(bytes.firstIndex(of: UInt8(ascii: "x")))
            bytes.replaceSubrange(index...index, with: encoded)
            #expect(try scanned(bytes) == nil)
        }
    }
}

extension ChangeScannerTests {
    /// One change for each limit, `count` long where it is limited.
    private func changes(_ count: Int) -> [Change] {
        let agent = AgentID(rawValue: 0xA1)
        let ids = (0..<count).map { OpID(agent: AgentID(rawValue: 0xB2), seq: 2 * $0) }
        let spans = ids.map { OpSpan(start: $0, count: 1) }
        let marks = spans.map { Visibility.Mark(span: $0, count: 1) }
        let text = String(repeating: "t", count: count)
        let id = OpID(agent: agent, seq: 0)
        let anchor = Anchor(.before, id)
        func note(
            _ kind: String = "note", tags: [String] = [], ranges: Int = 0,
            quote: Quote = Quote(exact: "", prefix: "", suffix: ""), version: [OpID] = [],
            body: String = "", proposal: String? = nil
        ) -> Op {
            .annotate(
                NewAnnotation(
                    kind: AnnotationKind(rawValue: kind),
                    target: Target(
                        ranges: Array(
                            repeating: AnchorRange(start: anchor, end: anchor), count: ranges),
                        quote: quote, version: version),
                    body: body, proposal: proposal, tags: tags))
        }
        func write(_ field: String, _ value: String = "", why: String? = nil) -> Op {
            .write(
                Write(field: Field(rawValue: field), value: .text(value), replaces: [], why: why))
        }
        func check(_ verdict: String = "wrong", _ remark: String? = nil, _ count: Int = 0) -> Op {
            let target = Target(
                ranges: [], quote: Quote(exact: "", prefix: "", suffix: ""), version: [])
            let entry = Check.Evidence(source: "s")
            return .write(
                Write(
                    entity: id, field: .check,
                    value: .check(
                        Check(
                            verdict: Verdict(rawValue: verdict),
                            evidence: Array(repeating: entry, count: count), remark: remark,
                            target: target)), replaces: []))
        }
        func evidence(_ path: WritableKeyPath<Check.Evidence, String?>) -> Op {
            var entry = Check.Evidence(source: "s")
            entry[keyPath: path] = text
            guard case .write(var write) = check(), case .check(var check) = write.value else {
                preconditionFailure("it is a check")
            }
            check.evidence = [entry]
            write.value = .check(check)
            return .write(write)
        }
        let ops: [Op] = [
            check(text), check("wrong", text), check("wrong", nil, count), evidence(\.source),
            evidence(\.link), evidence(\.page), evidence(\.time),
            .insert(Insertion(left: nil, right: nil, text: ["x"], replaces: spans)),
            .delete(Deletion(spans: spans)), .visibility(Visibility(marks: marks)),
            write(text), write("f", text), write("f", why: text),
            .write(Write(field: .body, value: .none, replaces: ids)),
            .reply(NewReply(annotation: id, body: text)),
            .addTag(TagAddition(annotation: id, tag: text)),
            .removeTag(TagRemoval(annotation: id, tag: "t", additions: ids)),
            .resolve(
                Resolution(
                    conflict: ConflictID(rawValue: 1), kind: .value, settles: ids, take: "A")),
            .resolve(
                Resolution(
                    conflict: ConflictID(rawValue: 1), kind: .value, settles: [], take: text)),
            note(text), note(tags: ids.map(\.seq.description)), note(ranges: count),
            note(version: ids), note(body: text), note(proposal: text),
            note(quote: Quote(exact: text, prefix: "", suffix: "")),
            note(quote: Quote(exact: "", prefix: text, suffix: "")),
            note(quote: Quote(exact: "", prefix: "", suffix: text)),
        ]
        var changes = ops.map {
            Change(agent: agent, seq: 5, dependencies: [], time: 0, ops: [$0])
        }
        changes.append(
            Change(agent: agent, seq: 5, dependencies: ids, time: 0, message: text, ops: [ops[14]]))
        return changes
    }

    @Test(arguments: [0, 1, 64, 65, 256, 257, 4_096, 4_097, 65_536, 65_537])
    func `Both ways have the same limits`(count: Int) throws {
        var taken = 0
        for bytes in changes(count).map(ChangeCodec.encode) where bytes.count <= WireLimits.change {
            if try scanned(bytes) != nil { taken += 1 }
        }
        #expect((taken > 0) == (count <= 65_536))
    }

    @Test func `Tags named twice, unsorted ids and the own agent spelled out are refused`() throws {
        let start = #"{"a":"00000000000000a1","#
        for rest in [
            #""d":["00000000000000a1:1"],"o":[{"k":"ins","t":"x"}],"s":5,"w":0}"#,
            #""d":["00000000000000b2:1","00000000000000b2:1"],"o":[{"k":"ins","t":"x"}],"s":5,"w":0}"#,
            #""o":[{"k":"ins","l":"00000000000000a1:1","t":"x"}],"s":5,"w":0}"#,
            #""o":[{"e":1,"k":"untag","p":[2,1],"v":"x"}],"s":5,"w":0}"#,
            #""o":[{"b":"","g":"n","k":"note","on":{"at":[],"q":["","",""],"r":[]},"#
                + #""tg":["a","a"]}],"s":5,"w":0}"#,
            #""o":[{"k":"del","x":[[2147483647,2]]}],"s":5,"w":0}"#,
            #""o":[{"k":"del","x":[[0,2147483648]]}],"s":1,"w":0}"#,
            #""o":[{"ac":"00000000000000b2:1","k":"vis","x":[[0,1,1]]}],"s":5,"w":0}"#,
        ] {
            #expect(try scanned(Array((start + rest).utf8)) == nil)
        }
    }
}
