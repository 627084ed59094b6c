import GlossCore
import GlossProtocol
import Testing

@testable import GlossServer

/// What people do, one for each cell of the table of roles.
enum Deed: CaseIterable {
    case annotate, reply, suggest, changeOwn, withdrawOwn, tagOwn, settleOwn
    case checkOwn, checkOthers
    case type, title, accept, reject, rejectOwn, changeOthers, tagOthers, settleOthers

    var leastRole: Role {
        switch self {
        case .annotate, .reply, .suggest, .changeOwn, .withdrawOwn, .tagOwn, .settleOwn,
            .checkOwn, .checkOthers:
            .reviewer
        case .type, .title, .accept, .reject, .rejectOwn, .changeOthers, .tagOthers,
            .settleOthers:
            .editor
        }
    }

    var document: DocumentID {
        switch self {
        case .type, .title, .accept: Sample.article
        default: Sample.set
        }
    }

    private static func write(_ field: Field, _ value: Value, to entity: OpID, _ old: [OpID]) -> Op
    {
        .write(Write(entity: entity, field: field, value: value, replaces: old))
    }

    private static func settle(_ id: OpID) -> Op {
        .resolve(
            Resolution(
                conflict: ConflictID(rawValue: 5), kind: .value, settles: [id], take: "A"))
    }

    /// The operation; `own` and `other` are suggestions of the doer's and of somebody else's.
    func op(own: OpID, other: OpID) -> Op {
        let text = Array("x".unicodeScalars)
        switch self {
        case .annotate: return Sample.note("mine")
        case .suggest: return Sample.suggestion("other words")
        case .reply: return .reply(NewReply(annotation: other, body: "why?"))
        case .changeOwn: return Self.write(.body, .text("better"), to: own, [own])
        case .withdrawOwn: return Self.write(.life, .withdrawn, to: own, [])
        case .tagOwn: return .addTag(TagAddition(annotation: own, tag: "fact"))
        case .settleOwn: return Self.settle(own)
        case .type: return .insert(Insertion(left: nil, right: nil, text: text))
        case .title: return .write(Write(field: .title, value: .text("T"), replaces: []))
        case .accept:
            return .insert(Insertion(left: nil, right: nil, text: text, accepts: other))
        case .reject: return Self.write(.verdict, .rejected, to: other, [])
        case .rejectOwn: return Self.write(.verdict, .rejected, to: own, [])
        case .changeOthers: return Self.write(.body, .text("worse"), to: other, [other])
        case .tagOthers: return .addTag(TagAddition(annotation: other, tag: "fact"))
        case .settleOthers: return Self.settle(other)
        case .checkOwn: return Self.check(own)
        case .checkOthers: return Self.check(other)
        }
    }

    private static func check(_ id: OpID) -> Op {
        let target = Target(
            ranges: [], quote: Quote(exact: "", prefix: "", suffix: ""), version: [])
        return write(.check, .check(Check(verdict: .confirmed, target: target)), to: id, [])
    }
}

@Suite("Permissions, as pushes")
struct PermissionTests {
    @Test("Each deed is allowed from its role on and forbidden below", arguments: Role.allCases)
    func deeds(role: Role) async throws {
        for deed in Deed.allCases {
            let desk = try await Desk(["me": .editor, "other": .editor])
            let own = Sample.agent(1)
            let other = Sample.agent(2)
            let mine = Sample.change([Sample.suggestion("a")], agent: own)
            let theirs = Sample.change([Sample.suggestion("b")], agent: other)
            let first = try await desk.push([(Sample.set, [mine])], by: "me")
            let second = try await desk.push([(Sample.set, [theirs])], by: "other", device: 2)
            try #require(first.positions == [1])
            try #require(second.positions == [2])
            desk.setRole(role, of: "me")

            let isInSet = deed.document == Sample.set
            let change = Sample.change(
                [deed.op(own: mine.id, other: theirs.id)], agent: own, seq: isInSet ? 1 : 0,
                dependencies: isInSet ? [theirs.id] : [])
            let decision = try await desk.push([(deed.document, [change])], by: "me")
            if role >= deed.leastRole {
                #expect(decision.positions == [isInSet ? 3 : 1], "\(deed) as \(role)")
            } else {
                #expect(decision.code == .forbidden, "\(deed) as \(role)")
                #expect(try await desk.rows(of: deed.document).count == (isInSet ? 2 : 0))
            }
        }
    }

    @Test("A note of one's other device is one's own", arguments: [Deed.changeOwn, .withdrawOwn])
    func otherDevice(deed: Deed) async throws {
        let desk = try await Desk(["me": .reviewer])
        let mine = Sample.change([Sample.note("a")], agent: Sample.agent(1))
        _ = try await desk.push([(Sample.set, [mine])], by: "me", device: 1)
        let change = Sample.change(
            [deed.op(own: mine.id, other: mine.id)], agent: Sample.agent(2),
            dependencies: [mine.id])
        let decision = try await desk.push([(Sample.set, [change])], by: "me", device: 2)
        #expect(decision.positions == [2])
    }

    @Test("A reviewer may edit a note in the change that makes it")
    func ownInSameChange() async throws {
        let desk = try await Desk(["me": .reviewer])
        let agent = Sample.agent(1)
        let id = OpID(agent: agent, seq: 0)
        let change = Sample.change(
            [Sample.note("a"), Deed.changeOwn.op(own: id, other: id)], agent: agent)
        #expect(try await desk.push([(Sample.set, [change])], by: "me").positions == [1])
    }

    @Test("Who is no member is told the same as if the document did not exist")
    func stranger() async throws {
        let desk = try await Desk()
        let change = Sample.typing("x", agent: Sample.agent(1))
        let real = try await desk.push([(Sample.article, [change])], by: "eve")
        let none = try await desk.push([(DocumentID(high: 1, low: 4), [change])], by: "ana")
        guard case .refused(let first) = real, case .refused(let second) = none else {
            Issue.record("both are refused")
            return
        }
        #expect(first.code == .notFound)
        #expect(first.code == second.code)
        #expect(first.message == second.message)
    }

    @Test("A revoked device may not push any more")
    func revoked() async throws {
        let desk = try await Desk()
        desk.access.revoke(Sample.device(1), of: "ana")
        let change = Sample.typing("x", agent: Sample.agent(1))
        #expect(try await desk.push([(Sample.article, [change])]).code == .notFound)
        #expect(try await desk.rows().isEmpty)
    }
}
