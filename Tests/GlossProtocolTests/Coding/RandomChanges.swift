import GlossCore
import TestSupport

/// Changes of every kind that this version writes, with whatever the form allows in them. They mean
/// nothing and fit no document.
struct RandomChanges {
    private var random: SeededRandom
    private let agents = [1, 0xA1, 0x0123_4567_89AB_CDEF, UInt64.max].map(AgentID.init)

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    mutating func change() -> Change {
        let agent = pick(agents)
        let ops = (0...random.below(4)).map { _ in op() }
        return Change(
            agent: agent, seq: pick([0, 9, 1_234_567]),
            dependencies: ids().filter { $0.agent != agent },
            time: pick([0, 1_790_000_000_000, 9_007_199_254_740_991]),
            message: random.chance(0.3) ? text() : nil, ops: ops)
    }

    private mutating func op() -> Op {
        switch random.below(10) {
        case 0, 1:
            .insert(
                Insertion(
                    left: maybeID(), right: maybeID(), text: Array((text() + "x").unicodeScalars),
                    replaces: random.chance(0.3) ? spans() : [], accepts: maybeID()))
        case 2: .delete(Deletion(spans: spans(), accepts: maybeID()))
        case 3:
            .visibility(
                Visibility(
                    marks: spans().map { Visibility.Mark(span: $0, count: 1 + random.below(9)) }))
        case 4: .write(write())
        case 5: .annotate(annotation())
        case 6: .reply(NewReply(annotation: id(), body: text()))
        case 7: .addTag(TagAddition(annotation: id(), tag: name()))
        case 8: .removeTag(TagRemoval(annotation: id(), tag: name(), additions: ids()))
        default:
            .resolve(
                Resolution(
                    conflict: ConflictID(rawValue: random.next()),
                    kind: pick(ConflictKind.allCases),
                    settles: ids(), take: name(), why: maybeText()))
        }
    }

    private mutating func write() -> Write {
        let value: Value
        switch random.below(4) {
        case 0: value = .none
        case 1: value = .text(text())
        case 2: value = .target(target())
        default: value = .check(check())
        }
        return Write(
            entity: maybeID(), field: Field(rawValue: name()), value: value, replaces: ids(),
            why: maybeText())
    }

    private mutating func annotation() -> NewAnnotation {
        NewAnnotation(
            kind: AnnotationKind(rawValue: name()), target: target(), body: text(),
            proposal: maybeText(), tags: random.chance(0.5) ? [] : ["a", "b\n", "é"])
    }

    private mutating func target() -> Target {
        Target(
            ranges: (0..<random.below(3)).map { _ in
                AnchorRange(
                    start: Anchor(random.chance(0.5) ? .before : .after, id()),
                    end: Anchor(random.chance(0.5) ? .before : .after, id()))
            },
            quote: Quote(exact: text(), prefix: text(), suffix: text()), version: ids())
    }

    private mutating func check() -> Check {
        let evidence = (0..<random.below(3)).map { _ in
            let isSource = random.chance(0.5)
            return Check.Evidence(
                source: isSource ? name() : nil,
                link: !isSource || random.chance(0.3) ? name() : nil,
                page: random.chance(0.3) ? name() : nil, time: random.chance(0.3) ? name() : nil)
        }
        return Check(
            verdict: Verdict(rawValue: name()), evidence: evidence,
            remark: random.chance(0.3) ? name() : nil, target: target())
    }

    private mutating func id() -> OpID {
        OpID(agent: pick(agents), seq: pick([0, 1, 10, 65_536, OpID.limit - 1]))
    }

    private mutating func maybeID() -> OpID? { random.chance(0.6) ? id() : nil }

    private mutating func ids() -> [OpID] {
        Set((0..<random.below(4)).map { _ in id() }).sorted()
    }

    private mutating func spans() -> [OpSpan] {
        (0...random.below(3)).map { _ in
            OpSpan(
                start: OpID(agent: pick(agents), seq: random.below(100)), count: pick([1, 2, 77]))
        }
    }

    private mutating func maybeText() -> String? { random.chance(0.4) ? text() : nil }

    private mutating func name() -> String {
        text() + pick(["body", "é", "\u{1}", "longer than 15"])
    }

    private mutating func text() -> String {
        let pieces = [
            "a", "plain words", " ", "\n", "\t", "\u{8}", "\u{C}", "\r", "\"", "\\", "/", "\u{0}",
            "\u{1F}", "\u{7F}", "é", "e\u{301}", "\u{7FF}", "\u{800}", "\u{FFFF}", "😀",
            "\u{10FFFF}",
        ]
        return (0..<random.below(5)).map { _ in pick(pieces) }.joined()
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[random.below(elements.count)]
    }
}
