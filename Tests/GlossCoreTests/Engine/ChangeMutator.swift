import GlossCore
import TestSupport

/// Turns changes that are right into others, most of which are not.
struct ChangeMutator {
    var random: SeededRandom
    /// Operations that exist somewhere, in the document or in what comes later.
    let known: [OpID]
    /// Agents of the history.
    let agents: [AgentID]

    /// A change that differs from a right one in one or two things.
    mutating func mutated(_ change: Change) -> Change {
        var changed = change
        for _ in 0...random.below(2) {
            switch random.below(12) {
            case 0: mutateHeader(&changed)
            case 1: mutateDependencies(&changed)
            case 2: changed.ops = random.chance(0.3) ? [] : changed.ops + changed.ops
            case 3..<6: changed.ops.append(badOp())
            case 6: changed.ops.insert(badOp(), at: 0)
            default: mutateOp(&changed)
            }
        }
        return changed
    }

    private mutating func mutateHeader(_ change: inout Change) {
        switch random.below(4) {
        case 0: change.agent = random.chance(0.5) ? newAgent() : anyAgent()
        case 1: change.seq &+= random.chance(0.5) ? 1 : -1
        case 2:
            change.agent = newAgent()
            change.seq = 0
        default: change.seq = [0, -1, .min, .max, OpID.limit - 1, 1 << 40][random.below(6)]
        }
    }

    private mutating func mutateDependencies(_ change: inout Change) {
        switch random.below(6) {
        case 0: change.dependencies.append(anyID())
        case 1: change.dependencies.insert(anyID(), at: 0)
        case 2: change.dependencies = (change.dependencies + [anyID()]).sorted()
        case 3: change.dependencies.reverse()
        case 4: change.dependencies += change.dependencies
        default: change.dependencies = Array(change.dependencies.dropLast())
        }
    }

    private mutating func mutateOp(_ change: inout Change) {
        guard !change.ops.isEmpty else { return }
        let index = random.chance(0.5) ? change.ops.count - 1 : random.below(change.ops.count)
        switch change.ops[index] {
        case .insert(var insertion):
            switch random.below(8) {
            case 0: insertion.left = anyID()
            case 1: insertion.right = anyID()
            case 2: (insertion.left, insertion.right) = (insertion.right, insertion.left)
            case 3: insertion.left = nil
            case 4: insertion.right = nil
            case 5: insertion.text = []
            case 6: insertion.from.append(anySpan())
            default: insertion.replaces.append(anySpan())
            }
            change.ops[index] = .insert(insertion)
        case .delete(var deletion):
            switch random.below(4) {
            case 0: deletion.spans.append(anySpan())
            case 1: deletion.spans.insert(anySpan(), at: 0)
            case 2: deletion.spans = []
            default: deletion.spans += deletion.spans
            }
            change.ops[index] = .delete(deletion)
        case .visibility(var visibility):
            let mark = random.below(visibility.marks.count)
            if random.chance(0.5) {
                visibility.marks[mark].count &+= random.chance(0.5) ? 1 : -1
            } else {
                visibility.marks.append(anyMark())
            }
            change.ops[index] = .visibility(visibility)
        default: change.ops[index] = badOp()
        }
    }

    /// An operation that is seldom right.
    private mutating func badOp() -> Op {
        switch random.below(8) {
        case 0: .insert(Insertion(left: anyID(), right: anyID(), text: ["x"]))
        case 1: .insert(Insertion(left: nil, right: nil, text: ["y"], replaces: [anySpan()]))
        case 2: .insert(Insertion(left: nil, right: nil, text: []))
        case 3: .delete(Deletion(spans: [anySpan(), anySpan()]))
        case 4: .visibility(Visibility(marks: [anyMark(), anyMark()]))
        case 5: .write(Write(field: .title, value: .none, replaces: [anyID()]))
        case 6: .addTag(TagAddition(annotation: anyID(), tag: "t"))
        default: .write(Write(entity: anyID(), field: .body, value: .none, replaces: []))
        }
    }

    private mutating func anyMark() -> Visibility.Mark {
        let counts = [0, 1, 1, 2, 3, -1, Int(Int32.max), Int.max, Int.min]
        return Visibility.Mark(span: anySpan(), count: counts[random.below(counts.count)])
    }

    private mutating func anySpan() -> OpSpan {
        let counts = [1, 1, 1, 2, 3, 9, 0, -1, 1 << 30, 1 << 32, Int.max, Int.min]
        return OpSpan(start: anyID(), count: counts[random.below(counts.count)])
    }

    private mutating func anyID() -> OpID {
        if random.chance(0.6), let id = known.randomElement(using: &random) { return id }
        let seqs = [0, 1, 5, 100, -1, OpID.limit - 1, OpID.limit, .max, .min]
        return OpID(
            agent: random.chance(0.3) ? newAgent() : anyAgent(),
            seq: seqs[random.below(seqs.count)])
    }

    private mutating func anyAgent() -> AgentID {
        agents.randomElement(using: &random) ?? newAgent()
    }

    private mutating func newAgent() -> AgentID { AgentID(rawValue: random.next()) }
}
