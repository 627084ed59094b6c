/// Changes made up from bytes. The first document takes or refuses them as they come; the second
/// takes those that the first took, in another causal order, and must end in the same.
struct FuzzedIntegration: ~Copyable {
    private static let id = DocumentID(high: 1, low: 2)
    private static let agentCount = 5
    private static let changeLimit = 48

    private var bytes: FuzzBytes
    private var first: Document
    private var second: Document
    /// The changes that the first document took.
    private var taken: [Change] = []

    static func run(_ bytes: FuzzBytes) {
        var run = FuzzedIntegration(bytes)
        for _ in 0..<changeLimit where !run.bytes.isEmpty { run.step() }
        run.finish()
    }

    private init(_ bytes: FuzzBytes) {
        self.bytes = bytes
        first = Document(id: Self.id, tree: SpanTree(leafShift: 2, nodeShift: 2))
        let flags = self.bytes.next()
        second =
            flags & 1 == 0
            ? Document(id: Self.id)
            : Document(id: Self.id, tree: SpanTree(leafShift: 2, nodeShift: 2))
        if flags & 2 != 0 { first.keepText() }
        if flags & 4 != 0 { second.keepText() }
    }

    private static func agent(_ index: Int) -> AgentID {
        AgentID(rawValue: index & 1 == 0 ? UInt64(index) : ~UInt64(index))
    }

    private mutating func step() {
        if bytes.next() & 7 == 0 { return editHere() }
        offer(madeUp())
    }

    /// Edits the first document by position, under an agent of its own.
    private mutating func editHere() {
        let position = bytes.below(first.textCount + 1)
        let deleted = min(first.textCount - position, bytes.below(6))
        let author = Author(agent: AgentID(rawValue: 99), time: bytes.below(2))
        let patch = TextPatch(position: position, deleted: deleted, inserted: text())
        let again = TextPatch(position: 0, deleted: min(1, first.textCount - deleted), inserted: [])
        do {
            if bytes.next() & 1 == 0 {
                try first.replace(
                    position..<position + deleted, with: patch.inserted, by: author)
            } else {
                try first.edit([patch, again], by: author, accepts: suggestion())
            }
        } catch {
            fatalError("an edit of the text as it is was refused: \(error)")
        }
        first.checkInvariants()
    }

    /// Writes down what the first document took since the last time.
    private mutating func collect() {
        first.settle()
        while taken.count < first.changeCount { taken.append(first.change(at: taken.count)) }
    }

    private mutating func offer(_ change: Change) {
        let before = first.copy()
        do {
            let isNew = try first.integrate(change)
            first.checkInvariants()
            collect()
            precondition(
                !isNew || taken.last == change, "a change is written down as it was made")
        } catch {
            first.checkInvariants()
            precondition(first.changeCount == before.changeCount, "nothing is left of it")
            precondition(first.text == before.text, "nothing is left of it")
            precondition(first.versionVector == before.versionVector, "nothing is left of it")
            precondition(
                Self.checksum(first) == Self.checksum(before), "nothing is left of it")
        }
    }

    private static func checksum(_ document: borrowing Document) -> UInt64 {
        Replica(holding: document.copy()).stateChecksum
    }

    /// Hands what was taken to the second document in an order that bytes choose.
    private mutating func finish() {
        collect()
        var rest = taken
        while !rest.isEmpty {
            var choice = bytes.below(rest.count)
            while !isReady(rest[choice]) { choice = (choice + 1) % rest.count }
            do {
                guard try second.integrate(rest.remove(at: choice)) else {
                    fatalError("a change was taken twice")
                }
            } catch {
                fatalError("a change was taken here and refused there: \(error)")
            }
        }
        second.checkInvariants()
        precondition(first.text == second.text, "both show the same text")
        precondition(Self.checksum(first) == Self.checksum(second), "both are in the same state")
        storeAndRead()
        for change in taken {
            let version = [change.lastID]
            let texts = (first.settledText(at: version), second.settledText(at: version))
            precondition(texts.0 == texts.1, "both remember the same")
        }
    }

    /// Stores the document in both forms and reads it again.
    private func storeAndRead() {
        do {
            let history = try first.encodeHistory()
            let read = try Document(history: history)
            read.checkInvariants()
            let again = try read.encodeHistory()
            precondition(again == history, "a history has one form")
            precondition(Self.checksum(read) == Self.checksum(first), "the history keeps the state")
            var opened = try Document(snapshot: first.encodeSnapshot(), history: history)
            precondition(opened.text == first.text, "the snapshot keeps the text")
            try opened.loadLog()
            opened.checkInvariants()
            precondition(Self.checksum(opened) == Self.checksum(first), "and the state")
        } catch {
            fatalError("a stored document does not read: \(error)")
        }
    }

    private func isReady(_ change: Change) -> Bool {
        change.seq <= second.versionVector[change.agent]
            && change.dependencies.allSatisfy { second.version(of: $0) != nil }
    }

    // MARK: Making up changes

    private mutating func madeUp() -> Change {
        collect()
        let agent = Self.agent(bytes.below(Self.agentCount))
        let flags = bytes.next()
        var heads: [LocalVersion] = []
        for _ in 0..<bytes.below(4) {
            guard let change = bytes.pick(taken), let version = first.version(of: change.lastID)
            else { continue }
            heads.append(version)
        }
        var seq = first.nextSeq(of: agent)
        let own = first.version(of: OpID(agent: agent, seq: seq - 1))
        if flags & 1 == 0 { heads = first.graph.frontier }
        heads = first.graph.minimalFrontier(of: Array(Set(heads)))
        var dependencies = first.dependencies(for: agent, following: heads)
        if flags & 0x1F == 2 { dependencies.append(anyID()) }
        if flags & 0x1F == 4 { seq += bytes.below(5) - 2 }
        let known = first.graph.history(of: heads + [own].compactMap { $0 })
        var ops: [Op] = []
        for _ in 0...bytes.below(3) { ops.append(op(known)) }
        return Change(
            agent: agent, seq: seq, dependencies: dependencies, time: flags >> 6,
            message: flags & 0x20 == 0 ? nil : "Why", ops: ops)
    }

    private mutating func op(_ known: VersionSet) -> Op {
        switch bytes.next() & 15 {
        case 0..<5: return .insert(insertion(known))
        case 5..<8: return .delete(Deletion(spans: [knownSpan(known)], accepts: suggestion()))
        case 8, 9: return .visibility(Visibility(marks: [mark(known), mark(known)]))
        case 10:
            return .insert(
                Insertion(
                    left: anyID(), right: anyID(), text: text(), replaces: [anySpan()]))
        case 11: return .delete(Deletion(spans: [knownSpan(known), anySpan()]))
        case 12:
            let count = bytes.next() - 2
            return .visibility(Visibility(marks: [Visibility.Mark(span: anySpan(), count: count)]))
        case 13: return .write(Write(field: .title, value: .none, replaces: [anyID()]))
        case 14: return .write(Write(field: .title, value: .text("t"), replaces: []))
        default: return .unknown
        }
    }

    /// An insertion behind a known character, in front of the next known one.
    private mutating func insertion(_ known: VersionSet) -> Insertion {
        let index = first.textIndex
        let order = bytes.below(first.tree.totalCount + 1)
        var left = order == 0 ? nil : index.version(atOrder: order - 1)
        if let version = left, !known.contains(version) { left = nil }
        let right = index.first(of: known, fromOrder: left == nil ? 0 : order)
        var insertion = Insertion(
            left: left.map { first.identity(of: $0) }, right: right.map { first.identity(of: $0) },
            text: text(), accepts: suggestion())
        if bytes.next() & 15 == 1 { insertion.replaces = [knownSpan(known)] }
        return insertion
    }

    private mutating func knownSpan(_ known: VersionSet) -> OpSpan {
        guard let range = bytes.pick(known.ranges) else { return anySpan() }
        let id = first.identity(of: range.lowerBound + bytes.below(range.count))
        return OpSpan(start: id, count: 1 + bytes.below(4))
    }

    /// One more than the highest count that is known of some operation.
    private mutating func mark(_ known: VersionSet) -> Visibility.Mark {
        let span = OpSpan(start: knownSpan(known).start, count: 1)
        let version = first.version(of: span.start) ?? -1
        let counts = first.countChanges.filter {
            known.contains($0.version) && $0.targets.contains(version)
        }
        return Visibility.Mark(span: span, count: Int(counts.map(\.count).max() ?? 0) + 1)
    }

    private mutating func suggestion() -> OpID? {
        let choice = bytes.next()
        return choice < 200 ? nil : OpID(agent: AgentID(rawValue: 7), seq: choice & 1)
    }

    /// Up to four characters, one most of the time.
    private mutating func text() -> [Unicode.Scalar] {
        let some: [Unicode.Scalar] = ["a", "b", "\u{E9}", "\u{6F22}", "\u{1F600}", "\n"]
        return (0..<bytes.below(5)).map { _ in some[bytes.below(some.count)] }
    }

    private mutating func anySpan() -> OpSpan {
        let counts = [1, 2, 3, 0, -1, 1 << 30, .max, .min]
        return OpSpan(start: anyID(), count: counts[bytes.below(counts.count)])
    }

    private mutating func anyID() -> OpID {
        if bytes.next() & 1 == 0, first.graph.count > 0 {
            return first.identity(of: bytes.below(first.graph.count))
        }
        let seqs = [0, 1, 2, 3, 5, 8, 13, -1, OpID.limit - 1, OpID.limit, .max, .min]
        return OpID(
            agent: Self.agent(bytes.below(Self.agentCount + 1)),
            seq: seqs[bytes.below(seqs.count)])
    }
}
