import TestSupport
import Testing

@testable import GlossCore

/// Documents that are edited by position here while changes come in from elsewhere: the text does
/// what a plain array does, and everybody ends in what the oracles say.
@Suite struct EngineEditingTests {
    @Test(
        "Edits by position between changes from elsewhere do what they say, and all ends agree",
        arguments: 0..<HistorySeeds.batchCount)
    func mixed(batch: Int) throws {
        try HistorySeeds(250).forEach(in: batch) { seed in
            var room = Room(seed: seed)
            for _ in 0..<room.steps { try room.step() }
            try room.settle()
            let all = try room.seats[0].document.changes(since: VersionVector())
            var list = NaiveList()
            var tree = FugueTree()
            for change in all { list.apply(change) }
            for change in try room.seats[1].document.changes(since: VersionVector()) {
                tree.apply(change)
            }
            for seat in room.seats {
                seat.expect(like: list, "seed \(seed), list")
                seat.expect(like: tree, "seed \(seed), tree")
            }
            #expect(Set(room.seats.map(\.stateChecksum)).count == 1, "seed \(seed)")
        }
    }
}

/// One person's document and, beside it, the text that it should have.
private final class Seat {
    let agent: AgentID
    var document: Document
    var text: [Unicode.Scalar] = []
    var caret = 0

    init(agent: AgentID, smallNodes: Bool) {
        self.agent = agent
        document =
            smallNodes
            ? Document(id: CheckedDocument.id, tree: SpanTree(leafShift: 2, nodeShift: 2))
            : Document(id: CheckedDocument.id)
    }

    var stateChecksum: UInt64 { Replica(holding: document.copy()).stateChecksum }

    /// Edits, here and in the plain text.
    func replace(_ range: Range<Int>, with new: [Unicode.Scalar], _ comment: Comment) throws {
        text.replaceSubrange(range, with: new)
        caret = range.lowerBound + new.count
        try document.replace(range, with: new, by: Author(agent: agent, time: 0))
        check(comment)
    }

    func edit(_ patches: [TextPatch], accepts: OpID?, message: String?, _ comment: Comment) throws {
        try document.edit(
            patches, by: Author(agent: agent, time: 1, message: message), accepts: accepts)
        // Somebody else's acceptance may be the one that shows.
        guard accepts == nil else { return changed() }
        for patch in patches {
            text.replaceSubrange(
                patch.position..<patch.position + patch.deleted, with: patch.inserted)
        }
        caret = min(caret, text.count)
        check(comment)
    }

    /// Takes what another one has, or the first part of it.
    func hear(of other: Seat, all: Bool, using random: inout SeededRandom) throws {
        var missing = try other.document.changes(since: document.versionVector)
        if !all { missing = Array(missing.prefix(random.below(missing.count + 1))) }
        if random.chance(0.3) {
            try document.integrate(contentsOf: missing)
        } else {
            for change in missing {
                try document.integrate(change)
                if random.chance(0.3) { document.checkInvariants() }
            }
        }
        changed()
    }

    /// Makes a change of ready operations that follows all that is here.
    func commit(_ ops: [Op]) throws {
        document.settle()
        let change = Change(
            agent: agent, seq: document.nextSeq(of: agent),
            dependencies: document.dependencies(
                for: agent, following: document.graph.frontier),
            time: 2, ops: ops)
        try document.integrate(change)
        changed()
    }

    /// The text is another one: what the document says, which the checks of the document prove.
    func changed() {
        document.checkInvariants()
        text = document.scalars
        caret = min(caret, text.count)
    }

    func expect(like oracle: some TextOracle, _ comment: Comment) {
        #expect(document.text == oracle.text, comment)
        #expect(document.characterIDs == oracle.ids, comment)
    }

    private func check(_ comment: Comment) {
        document.checkInvariants()
        #expect(document.textCount == text.count, comment)
        #expect(document.scalars == text, comment)
    }
}

/// Some people who write by position and now and then hear of each other.
private struct Room {
    let seed: UInt64
    let steps: Int
    var random: SeededRandom
    var seats: [Seat] = []
    private let alphabet: Scalars
    private let meeting: Double

    init(seed: UInt64) {
        self.seed = seed
        var random = SeededRandom(seed: seed)
        steps = 8 + random.below(30)
        alphabet = Scalars.allCases.randomElement(using: &random) ?? .astral
        meeting = random.chance(0.3) ? 0.05 : 0.4
        for _ in 0..<2 + random.below(5) {
            let agent = AgentID(rawValue: random.next())
            seats.append(Seat(agent: agent, smallNodes: random.chance(0.7)))
        }
        self.random = random
    }

    private var comment: Comment { "seed \(seed)" }

    mutating func step() throws {
        let seat = seats[random.below(seats.count)]
        if random.chance(meeting) {
            let other = seats[random.below(seats.count)]
            try seat.hear(of: other, all: random.chance(0.6), using: &random)
        }
        switch random.below(20) {
        case 0..<5: try type(seat)
        case 5..<9: try erase(seat)
        case 9..<13: try replace(seat)
        case 13..<15: try patch(seat)
        case 15..<18: try undo(seat)
        case 18: try seat.commit([.write(title()), .unknown])
        default: try copy(seat)
        }
    }

    /// Everybody hears of everybody.
    mutating func settle() throws {
        for _ in 0..<2 {
            for seat in seats {
                for other in seats where other !== seat {
                    try seat.hear(of: other, all: true, using: &random)
                }
            }
        }
    }

    private mutating func type(_ seat: Seat) throws {
        if random.chance(0.3) { seat.caret = random.below(seat.text.count + 1) }
        for _ in 0...random.below(6) {
            let scalar = alphabet.next(using: &random)
            try seat.replace(seat.caret..<seat.caret, with: [scalar], comment)
        }
    }

    private mutating func erase(_ seat: Seat) throws {
        if random.chance(0.3) { seat.caret = random.below(seat.text.count + 1) }
        for _ in 0...random.below(6) {
            if random.chance(0.7) {
                guard seat.caret > 0 else { return }
                try seat.replace(seat.caret - 1..<seat.caret, with: [], comment)
            } else if random.chance(0.5) {
                guard seat.caret < seat.text.count else { return }
                try seat.replace(seat.caret..<seat.caret + 1, with: [], comment)
            } else {
                let scalar = alphabet.next(using: &random)
                try seat.replace(seat.caret..<seat.caret, with: [scalar], comment)
            }
        }
    }

    private mutating func replace(_ seat: Seat) throws {
        let range = Scalars.range(in: seat.text.count, using: &random)
        let isHuge = random.chance(0.002)
        let new = alphabet.run(upTo: isHuge ? 4000 : random.chance(0.1) ? 60 : 6, using: &random)
        let some =
            random.chance(0.3) ? range : range.clamped(to: range.lowerBound..<range.lowerBound + 4)
        try seat.replace(some, with: new, comment)
    }

    private mutating func patch(_ seat: Seat) throws {
        var count = seat.text.count
        var patches: [TextPatch] = []
        for _ in 0...random.below(4) {
            let position = random.below(count + 1)
            let deleted = min(count - position, random.below(5))
            let inserted = alphabet.run(upTo: 5, using: &random)
            patches.append(TextPatch(position: position, deleted: deleted, inserted: inserted))
            count += inserted.count - deleted
        }
        let accepts =
            random.chance(0.4)
            ? OpID(agent: AgentID(rawValue: 1), seq: random.below(3)) : nil
        let message = random.chance(0.3) ? "Why" : nil
        try seat.edit(patches, accepts: accepts, message: message, comment)
    }

    /// Undoes or redoes some operations by chance.
    private mutating func undo(_ seat: Seat) throws {
        seat.document.settle()
        let count = seat.document.operationCount
        guard count > 0 else { return }
        var marks: [Visibility.Mark] = []
        for _ in 0...random.below(3) {
            let start = random.below(count)
            for version in start..<min(count, start + 1 + random.below(8))
            where seat.document.ops.kind(of: version) != .other {
                let span = OpSpan(start: seat.document.identity(of: version), count: 1)
                let undone = Int(seat.document.table.undoCount(of: version))
                marks.append(Visibility.Mark(span: span, count: undone + 1))
            }
        }
        guard !marks.isEmpty else { return }
        try seat.commit([.visibility(Visibility(marks: marks))])
    }

    private mutating func title() -> Write {
        Write(field: .title, value: .text("\(random.below(10))"), replaces: [])
    }

    /// Goes on with a copy, and the other way round; the one left behind must not change.
    private mutating func copy(_ seat: Seat) throws {
        let left = seat.document.copy()
        let before = DocumentState(left)
        try type(seat)
        left.checkInvariants()
        let difference = DocumentState(left).difference(from: before)
        #expect(difference == nil, comment)
        if random.chance(0.3) {
            seat.document = left.copy()
            seat.changed()
        }
    }
}
