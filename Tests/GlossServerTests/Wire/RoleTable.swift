import GlossCore
import GlossProtocol

@testable import GlossServer

/// The table of roles as the prose has it (Protocol/annotations.md, Roles), written out without any
/// look at the code: one row for each kind of operation, on one's own and on somebody else's.
enum RoleTable {
    /// What an operation stands on. `own` are the doer's, `other` somebody else's.
    struct Ground {
        var own: Things
        var other: Things
        /// A character of the article.
        var character: OpID
    }

    /// What somebody has made in the annotation set, with one change: its numbers are 0 to 4.
    struct Things {
        var agent: AgentID

        private func id(_ seq: Int) -> OpID { OpID(agent: agent, seq: seq) }
        var note: OpID { id(0) }
        var reply: OpID { id(1) }
        var resolution: OpID { id(2) }
        var tag: OpID { id(3) }
        var write: OpID { id(4) }

        /// The change that makes them.
        var change: Change {
            Sample.change(
                [
                    Sample.suggestion("other words"),
                    .reply(NewReply(annotation: note, body: "why?")),
                    RoleTable.settle([note]), .addTag(TagAddition(annotation: note, tag: "fact")),
                    RoleTable.set(note, .body, .text("first")),
                ], agent: agent)
        }
    }

    struct Row: CustomStringConvertible, Sendable {
        var description: String
        var document: DocumentID
        /// The role that the prose asks for.
        var least: Role
        /// The fields of the operation as it travels, or the operation.
        var deed: Deed
        /// Whether the rules of documents refuse it even so.
        var isInvalid = false
    }

    enum Deed: Sendable {
        case op(@Sendable (Ground) -> Op)
        /// What no version that is known writes: the object, in canonical spelling.
        case raw(@Sendable (Ground) -> String)
    }

    static var rows: [Row] { article + reviewers + editors }

    private static func row(
        _ name: String, _ least: Role, in document: DocumentID = Sample.set,
        isInvalid: Bool = false, _ op: @escaping @Sendable (Ground) -> Op
    ) -> Row {
        Row(
            description: name, document: document, least: least, deed: .op(op),
            isInvalid: isInvalid)
    }

    private static func raw(
        _ name: String, in document: DocumentID = Sample.set,
        _ text: @escaping @Sendable (Ground) -> String
    ) -> Row {
        Row(description: name, document: document, least: .editor, deed: .raw(text))
    }

    // MARK: The rows

    private static let article: [Row] = [
        row("ins", .editor, in: Sample.article) {
            .insert(Insertion(left: $0.character, right: nil, scalar: "x"))
        },
        row("ins that accepts", .editor, in: Sample.article) {
            .insert(
                Insertion(
                    left: nil, right: $0.character, text: ["x"], accepts: $0.own.note))
        },
        row("del", .editor, in: Sample.article) {
            .delete(Deletion(spans: [OpSpan(start: $0.character, count: 1)]))
        },
        row("vis", .editor, in: Sample.article) {
            .visibility(
                Visibility(marks: [
                    Visibility.Mark(span: OpSpan(start: $0.character, count: 1), count: 1)
                ]))
        },
        row("set of a title", .editor, in: Sample.article) { _ in set(nil, .title, .text("T")) },
        row("set of archived", .editor, in: Sample.article) { _ in set(nil, .archived, .yes) },
        row("set of another field", .editor, in: Sample.article) { _ in
            set(nil, Field(rawValue: "colour"), .text("red"))
        },
        row("resolve of text", .editor, in: Sample.article) {
            settle([$0.character], .text)
        },
        row("note in an article", .editor, in: Sample.article, isInvalid: true) { _ in
            Sample.note("a")
        },
        raw("an unknown operation in an article", in: Sample.article) { _ in #"{"k":"zap"}"# },
    ]

    private static let reviewers: [Row] = [
        row("note", .reviewer) { _ in Sample.note("a") },
        row("suggestion", .reviewer) { _ in Sample.suggestion("b") },
        row("reply to one's own", .reviewer) {
            .reply(NewReply(annotation: $0.own.note, body: "a"))
        },
        row("reply to another's", .reviewer) {
            .reply(NewReply(annotation: $0.other.note, body: "a"))
        },
        row("set of an own body", .reviewer) { set($0.own.note, .body, .text("a")) },
        row("set of an own life", .reviewer) { set($0.own.note, .life, .active) },
        row("set of an own status", .reviewer) { set($0.own.note, .status, .done) },
        row("set of an own target", .reviewer) { set($0.own.note, .target, .target(target)) },
        row("set of an own proposal", .reviewer) { set($0.own.note, .proposal, .text("a")) },
        row("set of an own other field", .reviewer) {
            set($0.own.note, Field(rawValue: "colour"), .text("a"))
        },
        row("set of an own reply's body", .reviewer) { set($0.own.reply, .body, .text("a")) },
        row("set of an own resolution's life", .reviewer) {
            set($0.own.resolution, .life, .withdrawn)
        },
        row("set of an own check", .reviewer) { set($0.own.note, .check, check) },
        row("set of another's check", .reviewer) { set($0.other.note, .check, check) },
        row("tag of one's own", .reviewer) {
            .addTag(TagAddition(annotation: $0.own.note, tag: "a"))
        },
        row("untag of one's own", .reviewer) {
            .removeTag(TagRemoval(annotation: $0.own.note, tag: "fact", additions: [$0.own.tag]))
        },
        row("resolve of one's own", .reviewer) { settle([$0.own.note]) },
        row("resolve of an own anchor", .reviewer) { settle([$0.own.note], .anchor) },
        row("resolve of another's write", .reviewer) { settle([$0.other.write]) },
    ]

    private static let editors: [Row] = [
        row("set of an own verdict", .editor) { set($0.own.note, .verdict, .rejected) },
        row("set of another's verdict", .editor) { set($0.other.note, .verdict, .rejected) },
        row("set without an annotation", .editor) { _ in set(nil, .title, .text("T")) },
        row("set of another's body", .editor) { set($0.other.note, .body, .text("a")) },
        row("set of another's life", .editor) { set($0.other.note, .life, .active) },
        row("set of another's status", .editor) { set($0.other.note, .status, .done) },
        row("set of another's target", .editor) { set($0.other.note, .target, .target(target)) },
        row("set of another's proposal", .editor) { set($0.other.note, .proposal, .text("a")) },
        row("set of another's other field", .editor) {
            set($0.other.note, Field(rawValue: "colour"), .text("a"))
        },
        row("set of another's reply's body", .editor) { set($0.other.reply, .body, .text("a")) },
        row("set of another's resolution's life", .editor) {
            set($0.other.resolution, .life, .withdrawn)
        },
        row("tag of another's", .editor) {
            .addTag(TagAddition(annotation: $0.other.note, tag: "a"))
        },
        row("untag of another's", .editor) {
            .removeTag(
                TagRemoval(annotation: $0.other.note, tag: "fact", additions: [$0.other.tag]))
        },
        row("resolve of another's", .editor) { settle([$0.other.note]) },
        row("resolve of another's reply", .editor) { settle([$0.other.reply]) },
        row("resolve of another's resolution", .editor) { settle([$0.other.resolution]) },
        row("resolve of one's own and another's", .editor) {
            settle([$0.own.note, $0.other.note].sorted())
        },
        row("resolve of an own verdict", .editor) { settle([$0.own.note], .verdict) },
        row("ins in a set", .editor, isInvalid: true) { _ in
            .insert(Insertion(left: nil, right: nil, scalar: "x"))
        },
        raw("an unknown operation") { _ in #"{"k":"zap"}"# },
        raw("an unknown operation on one's own") { #"{"e":\#($0.own.note.seq),"k":"zap"}"# },
        raw("set of an unknown type of value") {
            #"{"e":\#($0.own.note.seq),"f":"body","k":"set","p":[],"v":true}"#
        },
        raw("resolve of an unknown kind") {
            #"{"c":"0000000000000005","g":"taste","k":"resolve","s":[\#($0.own.note.seq)],"take":"A"}"#
        },
    ]

    // MARK: Operations

    private static let target = Target(
        ranges: [], quote: Quote(exact: "", prefix: "", suffix: ""), version: [])
    private static let check = Value.check(Check(verdict: .confirmed, target: target))

    private static func set(_ entity: OpID?, _ field: Field, _ value: Value) -> Op {
        .write(Write(entity: entity, field: field, value: value, replaces: []))
    }

    private static func settle(_ ids: [OpID], _ kind: ConflictKind = .value) -> Op {
        .resolve(
            Resolution(
                conflict: ConflictID(rawValue: 5), kind: kind, settles: ids, take: "A"))
    }
}
