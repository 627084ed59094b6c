import GlossCore
import GlossCrypto
import GlossProtocol
import Testing

@Suite struct MessageTests {
    private static let doc = "00000000000000010000000000000002"
    private static let change =
        "{\"a\":\"00000000000000a1\",\"o\":[{\"k\":\"ins\",\"t\":\"é\"}],"
        + "\"s\":0,\"w\":5}"
    private static let raw = RawChange(bytes: Array(change.utf8))

    private static let privateSet = DocumentID.privateSet(high: 7, low: 9)
    private static let digest = SHA256.hash([1])
    private static let chainText = Base64URL.encode(digest.bytes)
    private static let signature = [UInt8](repeating: 9, count: 64)
    private static let signatureText = Base64URL.encode(signature)
    private static let stretch = SignedStretch(
        doc: Sample.article, log: 0xABC, from: 3, chain: digest, at: 4, signature: signature)

    static let client: [(ClientMessage, String)] = [
        (
            .hello(Hello(id: 1, versions: [1, 2], software: "gloss/1", auth: nil)),
            #"{"t":"hello","id":1,"v":[1,2],"sw":"gloss/1"}"#
        ),
        (
            .hello(Hello(id: 1, software: "gloss/1", auth: Sample.credential)),
            #"{"t":"hello","id":1,"v":[1],"sw":"gloss/1","#
                + #""auth":{"k":"device","device":"00000000000000d1","key":"AQID"}}"#
        ),
        (
            .hello(
                Hello(
                    id: 1, software: "",
                    auth: .invitation(
                        InvitationCredential(
                            secret: [255], user: "ana", label: "laptop", device: Sample.device,
                            key: [1, 2, 3])))),
            #"{"t":"hello","id":1,"v":[1],"sw":"","auth":{"k":"invite","secret":"_w","#
                + #""user":"ana","label":"laptop","device":"00000000000000d1","key":"AQID"}}"#
        ),
        (
            .hello(
                Hello(
                    id: 1, software: "",
                    auth: .invitation(
                        InvitationCredential(
                            secret: [255], user: "ana", label: "laptop", device: Sample.device,
                            key: [1, 2, 3], library: Sample.library)))),
            #"{"t":"hello","id":1,"v":[1],"sw":"","auth":{"k":"invite","secret":"_w","user":"ana","#
                + #""label":"laptop","device":"00000000000000d1","key":"AQID","#
                + #""lib":"0000000000000011"}}"#
        ),
        (
            .docs(
                DocumentsRequest(
                    id: 2, library: Sample.library, after: Sample.article.annotations,
                    creating: [Sample.article])),
            #"{"t":"docs","id":2,"lib":"0000000000000011","#
                + #""after":"00000000000000010000000000000003","new":[{"doc":"\#(doc)"}]}"#
        ),
        (
            .docs(
                DocumentsRequest(
                    id: 2, library: Sample.library, creating: [Sample.article],
                    creatingSets: [PrivateSet(doc: privateSet, article: Sample.article)])),
            #"{"t":"docs","id":2,"lib":"0000000000000011","new":[{"doc":"\#(doc)"},"#
                + #"{"doc":"ffffffff000000070000000000000009","of":"\#(doc)"}]}"#
        ),
        (
            .sub(
                SubscribeRequest(
                    id: 3, doc: Sample.article, at: 9, sum: Checksum(rawValue: 255),
                    vector: VersionVector([(Sample.agent, 7), (AgentID(rawValue: 3), 1)]))),
            #"{"t":"sub","id":3,"doc":"\#(doc)","at":9,"sum":"00000000000000ff","#
                + #""vv":{"0000000000000003":1,"00000000000000a1":7}}"#
        ),
        (
            .sub(
                SubscribeRequest(
                    id: 3, doc: Sample.article, at: 0, sum: Checksum(), vector: nil)),
            #"{"t":"sub","id":3,"doc":"\#(doc)","at":0,"sum":"0000000000000000"}"#
        ),
        (.unsub(Unsubscribe(doc: Sample.article)), #"{"t":"unsub","doc":"\#(doc)"}"#),
        (
            .push(Push(id: 4, parts: [PushPart(doc: Sample.article, changes: [raw, raw])])),
            #"{"t":"push","id":4,"p":[{"doc":"\#(doc)","c":[\#(change),\#(change)]}]}"#
        ),
        (
            .pres(
                PresenceReport(
                    doc: Sample.article, state: PresenceState(at: OpID(agent: Sample.agent, seq: 7))
                )
            ),
            #"{"t":"pres","doc":"\#(doc)","s":{"at":"00000000000000a1:7"}}"#
        ),
        (
            .pres(PresenceReport(doc: Sample.article, state: nil)),
            #"{"t":"pres","doc":"\#(doc)","s":null}"#
        ),
        (
            .give(
                Give(
                    id: 5, stretch: stretch,
                    rows: [
                        GivenRow(user: "ana", device: "é", time: 8, change: raw),
                        GivenRow(user: "ben", device: "desk", time: 9, change: raw),
                    ])),
            #"{"t":"give","id":5,"doc":"\#(doc)","log":"0000000000000abc","from":3,"#
                + #""chain":"\#(chainText)","at":4,"sig":"\#(signatureText)","c":["#
                + #"{"u":"ana","d":"é","w":8,"c":\#(change)},"#
                + #"{"u":"ben","d":"desk","w":9,"c":\#(change)}]}"#
        ),
        (
            .give(
                Give(
                    id: 5, stretch: stretch,
                    rows: [
                        GivenRow(user: "ana", device: "é", time: 8, change: raw),
                        GivenRow(user: "ben", device: "desk", time: 9, change: raw),
                    ], causes: [GivenCause(id: OpID(agent: Sample.agent, seq: 7), hash: digest)])),
            #"{"t":"give","id":5,"doc":"\#(doc)","log":"0000000000000abc","from":3,"#
                + #""chain":"\#(chainText)","at":4,"sig":"\#(signatureText)","#
                + #""causes":[{"a":"00000000000000a1","s":7,"h":"\#(chainText)"}],"c":["#
                + #"{"u":"ana","d":"é","w":8,"c":\#(change)},"#
                + #"{"u":"ben","d":"desk","w":9,"c":\#(change)}]}"#
        ),
        (
            .receipt(
                ReceiptRequest(
                    id: 6, stretch: stretch,
                    rows: [
                        RowOutline(user: "ana", device: "é", time: 8, hash: digest),
                        RowOutline(user: "ben", device: "desk", time: 9, hash: digest),
                    ])),
            #"{"t":"receipt","id":6,"doc":"\#(doc)","log":"0000000000000abc","from":3,"#
                + #""chain":"\#(chainText)","at":4,"sig":"\#(signatureText)","c":["#
                + #"{"u":"ana","d":"é","w":8,"h":"\#(chainText)"},"#
                + #"{"u":"ben","d":"desk","w":9,"h":"\#(chainText)"}]}"#
        ),
        (.ping(Ping(number: 5)), #"{"t":"ping","n":5}"#), (.pong(Ping()), #"{"t":"pong"}"#),
        (.bye(Bye()), #"{"t":"bye","ms":0}"#),
    ]

    static let server: [(ServerMessage, String)] = [
        (
            .welcome(
                Welcome(
                    id: 1, user: "ana", device: Sample.device, label: "laptop", log: 0xABC,
                    libraries: [LibrarySummary(id: Sample.library, name: "desk", role: .owner)],
                    joined: Sample.library)),
            #"{"t":"welcome","id":1,"v":1,"user":"ana","device":"00000000000000d1","#
                + #""label":"laptop","log":"0000000000000abc","libs":[{"id":"0000000000000011","#
                + #""name":"desk","role":"owner"}],"lib":"0000000000000011","hb":30,"limits":{"#
                + #""line":1048576,"inflight":1048576,"batches":256,"subs":4096,"change":262144}}"#
        ),
        (
            .docs(
                DocumentsPage(
                    id: 2, library: Sample.library,
                    documents: [DocumentSummary(doc: Sample.article, kind: .article, at: 3)],
                    more: true)),
            #"{"t":"docs","id":2,"lib":"0000000000000011","#
                + #""docs":[{"doc":"\#(doc)","kind":"article","at":3}],"more":true}"#
        ),
        (
            .docs(
                DocumentsPage(
                    id: 2, library: Sample.library,
                    documents: [
                        DocumentSummary(
                            doc: privateSet, kind: .privateAnnotations, at: 3,
                            article: Sample.article)
                    ], more: false)),
            #"{"t":"docs","id":2,"lib":"0000000000000011","#
                + #""docs":[{"doc":"ffffffff000000070000000000000009","kind":"private","at":3,"#
                + #""of":"\#(doc)"}],"more":false}"#
        ),
        (
            .doc(
                DocumentAppeared(
                    library: Sample.library, doc: privateSet, kind: .privateAnnotations,
                    article: Sample.article)),
            #"{"t":"doc","lib":"0000000000000011","doc":"ffffffff000000070000000000000009","#
                + #""kind":"private","of":"\#(doc)"}"#
        ),
        (
            .doc(DocumentAppeared(library: Sample.library, doc: Sample.article, kind: .article)),
            #"{"t":"doc","lib":"0000000000000011","doc":"\#(doc)","kind":"article"}"#
        ),
        (
            .have(
                Have(
                    id: 3, doc: Sample.article, at: 1, sum: Checksum(rawValue: 1),
                    vector: VersionVector([(Sample.agent, 1)]), role: .reviewer)),
            #"{"t":"have","id":3,"doc":"\#(doc)","at":1,"sum":"0000000000000001","#
                + #""vv":{"00000000000000a1":1},"role":"reviewer"}"#
        ),
        (
            .ops(
                LogPage(
                    doc: Sample.article, from: 1, to: 4,
                    changes: [
                        CommittedChange(at: 3, user: "ana", device: "é", time: 8, change: raw)
                    ])),
            #"{"t":"ops","doc":"\#(doc)","from":1,"to":4,"#
                + #""c":[{"at":3,"u":"ana","d":"é","w":8,"c":\#(change)}]}"#
        ),
        (
            .row(
                BriefRow(
                    subscription: 3, at: 9, user: "bo", device: "desk", later: -7,
                    change: raw)),
            #"{"t":"row","n":3,"at":9,"u":"bo","d":"desk","w":-7,"c":\#(change)}"#
        ),
        (
            .live(
                Live(
                    doc: Sample.article, at: 4, sum: Checksum(rawValue: 2),
                    receipt: LogReceipt(
                        chain: LogChain(position: 4, digest: digest), signature: signature))),
            #"{"t":"live","doc":"\#(doc)","at":4,"sum":"0000000000000002","#
                + #""chain":"\#(chainText)","sig":"\#(signatureText)"}"#
        ),
        (
            .receipt(ReceiptAnswer(id: 6, doc: Sample.article, at: 2, signature: signature)),
            #"{"t":"receipt","id":6,"doc":"\#(doc)","at":2,"sig":"\#(signatureText)"}"#
        ),
        (
            .live(Live(doc: Sample.article, at: 4, sum: Checksum(rawValue: 2), state: 3)),
            #"{"t":"live","doc":"\#(doc)","at":4,"sum":"0000000000000002","#
                + #""state":"0000000000000003"}"#
        ),
        (
            .ack(
                Ack(
                    id: 4,
                    parts: [
                        AckPart(
                            doc: Sample.article, positions: [7, 8, 9, 2, 10],
                            sum: Checksum(rawValue: 4))
                    ], time: 12)),
            #"{"t":"ack","id":4,"p":[{"doc":"\#(doc)","at":[[7,3],[2,1],[10,1]],"#
                + #""sum":"0000000000000004"}],"w":12}"#
        ),
        (
            .ack(
                Ack(
                    id: 5,
                    parts: [
                        AckPart(
                            doc: Sample.article, positions: [7],
                            leftOut: [
                                LeftOut(
                                    change: OpID(agent: Sample.agent, seq: 6), code: .tooLarge,
                                    message: "full")
                            ])
                    ], time: 12)),
            #"{"t":"ack","id":5,"p":[{"doc":"\#(doc)","at":[[7,1]],"#
                + #""left":[{"a":"00000000000000a1","s":6,"code":"too_large","#
                + #""retry":"never","msg":"full"}]}],"w":12}"#
        ),
        (
            .nack(
                Nack(
                    id: 4, doc: Sample.article, agent: Sample.agent, seq: 6,
                    code: .missingDependency, missing: [OpID(agent: Sample.agent, seq: 5)],
                    message: "wait")),
            #"{"t":"nack","id":4,"doc":"\#(doc)","a":"00000000000000a1","s":6,"#
                + #""code":"missing_dep","retry":"later","missing":["00000000000000a1:5"],"#
                + #""msg":"wait"}"#
        ),
        (
            .revoked(Revoked(subject: .document(Sample.article), message: "")),
            #"{"t":"revoked","doc":"\#(doc)"}"#
        ),
        (
            .revoked(Revoked(subject: .library(Sample.library), message: "left")),
            #"{"t":"revoked","lib":"0000000000000011","msg":"left"}"#
        ),
        (
            .role(RoleChange(subject: .document(Sample.article), role: .reader)),
            #"{"t":"role","doc":"\#(doc)","role":"reader"}"#
        ),
        (
            .role(RoleChange(subject: .library(Sample.library), role: .owner)),
            #"{"t":"role","lib":"0000000000000011","role":"owner"}"#
        ),
        (
            .pres(
                PresenceNews(
                    doc: Sample.article, own: "2",
                    present: [
                        PresenceNews.Entry(
                            key: "1", user: "ana", device: "laptop", state: PresenceState(at: nil))
                    ])),
            #"{"t":"pres","doc":"\#(doc)","you":"2","#
                + #""set":{"1":{"u":"ana","d":"laptop","s":{}}},"del":[]}"#
        ),
        (
            .pres(PresenceNews(doc: Sample.article, present: [], left: ["1", "3"])),
            #"{"t":"pres","doc":"\#(doc)","set":{},"del":["1","3"]}"#
        ),
        (.lag(Lag(doc: Sample.article)), #"{"t":"lag","doc":"\#(doc)"}"#),
        (
            .err(
                Failure(
                    id: 9, scope: .document, doc: Sample.article, code: .overloaded, delay: 50,
                    message: "busy")),
            #"{"t":"err","id":9,"scope":"doc","doc":"\#(doc)","code":"overloaded","#
                + #""retry":"later","ms":50,"msg":"busy"}"#
        ),
        (
            .err(Failure(code: .badVersion, versions: [1], message: "")),
            #"{"t":"err","scope":"conn","code":"bad_version","retry":"never","v":[1]}"#
        ),
        (
            .bye(Bye(code: .shuttingDown, delay: 1_500, message: "update")),
            #"{"t":"bye","code":"shutting_down","ms":1500,"msg":"update"}"#
        ),
    ]

    @Test(arguments: 0..<client.count) func `Client messages go both ways`(index: Int) throws {
        let (message, line) = Self.client[index]
        #expect(String(decoding: message.encode(), as: UTF8.self) == line)
        #expect(try ClientMessage.decode(Array(line.utf8)) == message)
    }

    @Test(arguments: 0..<server.count) func `Server messages go both ways`(index: Int) throws {
        let (message, line) = Self.server[index]
        #expect(String(decoding: message.encode(), as: UTF8.self) == line)
        #expect(try ServerMessage.decode(Array(line.utf8)) == message)
    }

    @Test func `The frozen lines decode and encode to themselves`() throws {
        for line in try Vectors.lines("codec/messages.client.jsonl") {
            #expect(try ClientMessage.decode(line).encode() == line)
        }
        for line in try Vectors.lines("codec/messages.server.jsonl") {
            #expect(try ServerMessage.decode(line).encode() == line)
        }
    }

    @Test func `The frozen bad lines are refused with their codes`() throws {
        for vector in try Vectors.lines("codec/messages.invalid.jsonl") {
            let fields = try #require(try JSONParser.parse(vector, depth: 32).members)
            let line =
                fields["line"]?.text.map { Array($0.utf8) }
                ?? Vectors.bytes(hex: fields["hex"]?.text ?? "")
            let error = #expect(throws: WireError.self, "\(fields)") {
                if fields["side"]?.text == "client" {
                    _ = try ClientMessage.decode(line)
                } else {
                    _ = try ServerMessage.decode(line)
                }
            }
            #expect(error?.code.rawValue == fields["code"]?.text, "\(fields["why"]?.text ?? "")")
        }
    }

    @Test func `Fields that are not known are ignored and the type may stand anywhere`() throws {
        let line = #" { "zz" : [ {} ] , "n":5 ,"t":"ping" } "#
        #expect(try ClientMessage.decode(Array(line.utf8)) == .ping(Ping(number: 5)))
    }

    @Test func `The bytes of a change reach the other side as they were`() throws {
        let odd = #"{ "k":"é", "a" : [1 ,2]}"#
        let line = #"{"p":[{"c":[\#(odd)],"doc":"\#(Self.doc)"}],"id":1,"t":"push"}"#
        guard case .push(let push) = try ClientMessage.decode(Array(line.utf8)) else {
            Issue.record("no push")
            return
        }
        #expect(push.parts.first?.changes == [RawChange(bytes: Array(odd.utf8))])
    }

    @Test(arguments: [
        ("", ErrorCode.badFrame), ("[]", .badFrame), ("{}", .badFrame), ("{\"t\":1}", .badFrame),
        ("{\"t\":\"ping\"}}", .badFrame), ("{\"t\":\"ping\",\"n\":1.5}", .badFrame),
        ("{\"t\":\"ping\",\"t\":\"ping\"}", .badFrame), ("{\"t\":\"nap\"}", .unknownType),
        ("{\"t\":\"welcome\"}", .unknownType), ("{\"t\":\"ping\",\"n\":-1}", .badField),
        ("{\"t\":\"sub\",\"id\":1}", .badField), ("{\"t\":\"unsub\",\"doc\":\"1\"}", .badField),
        ("{\"t\":\"hello\",\"id\":1,\"v\":1}", .badField),
        ("{\"t\":\"hello\",\"id\":1,\"v\":[1],\"auth\":{\"k\":\"magic\"}}", .authRequired),
        ("{\"t\":\"push\",\"id\":1,\"p\":[]}", .badField),
        ("{\"t\":\"push\",\"id\":1,\"p\":[{\"doc\":\"\(doc)\",\"c\":[]}]}", .badField),
        ("{\"t\":\"push\",\"id\":1,\"p\":[{\"doc\":\"\(doc)\",\"c\":[1]}]}", .badField),
        (
            "{\"t\":\"sub\",\"id\":1,\"doc\":\"\(doc)\",\"at\":0,\"sum\":\"0000000000000000\","
                + "\"vv\":{\"00000000000000a1\":0}}", .badField
        ),
    ])
    func `A bad line is refused with its code`(line: String, code: ErrorCode) {
        let error = #expect(throws: WireError.self) {
            try ClientMessage.decode(Array(line.utf8))
        }
        #expect(error?.code == code)
    }

    @Test(arguments: [[2, 1], [5], [0], [1, 1]])
    func `A page with positions out of order is refused`(positions: [Int]) {
        let rows = positions.map {
            "{\"at\":\($0),\"u\":\"a\",\"d\":\"b\",\"w\":1,\"c\":{}}"
        }
        let line =
            "{\"t\":\"ops\",\"doc\":\"\(Self.doc)\",\"from\":1,\"to\":4,\"c\":["
            + rows.joined(separator: ",") + "]}"
        let error = #expect(throws: WireError.self) {
            try ServerMessage.decode(Array(line.utf8))
        }
        #expect(error?.code == .badField)
    }

    @Test func `An ack cannot name more positions than a push has changes`() {
        let line =
            "{\"t\":\"ack\",\"id\":1,\"w\":1,\"p\":[{\"doc\":\"\(Self.doc)\","
            + "\"at\":[[1,9007199254740991]]}]}"
        let error = #expect(throws: WireError.self) { try ServerMessage.decode(Array(line.utf8)) }
        #expect(error?.code == .tooLarge)
    }

    @Test func `Of a newer hello only the versions are read`() throws {
        let line = #"{"t":"hello","id":3,"v":[2,3],"auth":17}"#
        #expect(
            try ClientMessage.decode(Array(line.utf8))
                == .hello(Hello(id: 3, versions: [2, 3], software: "", auth: nil)))
    }

    @Test func `Every code has a retry class, and codes that are not known keep theirs`() throws {
        let line = #"{"t":"err","scope":"msg","code":"too_sunny","retry":"later"}"#
        guard case .err(let failure) = try ServerMessage.decode(Array(line.utf8)) else {
            Issue.record("no err")
            return
        }
        #expect(failure.code == .unrecognized)
        #expect(failure.retry == .later)
        #expect(ErrorCode.missingDependency.retry == .later)
        #expect(ErrorCode.invalidOp.retry == .never)
        #expect(ErrorCode.authFailed.retry == .reauth)
        #expect(ErrorCode.logMismatch.retry == .resync)
    }

    @Test func `Long messages for people are cut between characters`() throws {
        let text = String(repeating: "é", count: WireLimits.reason)
        let line = ServerMessage.bye(Bye(message: text)).encode()
        guard case .bye(let bye) = try ServerMessage.decode(line) else {
            Issue.record("no bye")
            return
        }
        #expect(bye.message.utf8.count == WireLimits.reason)
    }
}
