import GlossCore

extension HistoryGenerator {
    /// The scalars that random text is made of, by their length in UTF-8.
    private static let narrow = Array("abcdefghijklmnopqrstuvwxyz \n".unicodeScalars)
    private static let wide = Array(
        "éßÿ\u{80}жשߟ\u{800}ａ漢€\u{301}\u{200D}\u{FFFD}\u{10000}😀🎈𝄞\u{10FFFF}".unicodeScalars)

    mutating func insert(_ index: Int, among visible: [OpID]) {
        let text = randomText()
        let left = placeToInsert(index, among: visible)
        let op = writers[index].replica.insertion(of: text, after: left)
        let id = writers[index].replica.perform(op)
        let last = id.advanced(by: op.width - 1)
        writers[index].lastRun = (id, last)
        if random.chance(0.1) { hotspot = random.chance(0.5) ? id : last }
    }

    mutating func delete(_ index: Int, among visible: [OpID]) {
        let replica = writers[index].replica
        let candidates = random.chance(options.amongHidden) ? replica.list.ids : visible
        let end = 1 + random.below(candidates.count)
        let limit = random.chance(options.sweeping) ? end : random.chance(0.2) ? 20 : 4
        let count = min(end, 1 + random.below(limit))
        let range = candidates[(end - count)..<end]
        let ids = random.chance(options.backspacing) ? range.reversed() : Array(range)
        writers[index].replica.perform(replica.deletion(of: ids))
    }

    /// Undoes or redoes a change or a part of one.
    mutating func toggle(_ index: Int) {
        let replica = writers[index].replica
        let recent = writers[index].known.suffix(random.chance(0.5) ? 4 : 1000)
        guard let place = recent.randomElement(using: &random) else { return }
        var ops = SimulatedReplica.characterOps(of: changes[place])
        if random.chance(0.3), ops.count > 1 {
            let start = random.below(ops.count)
            ops = Array(ops[start..<(start + 1 + random.below(ops.count - start))])
        }
        if let op = replica.toggling(ops) { writers[index].replica.perform(op) }
    }

    /// Accepts a suggestion: one that others may accept too, or a new one. Now and then the new
    /// wording is to have none.
    mutating func accept(_ index: Int) {
        let replica = writers[index].replica
        if suggestions.isEmpty || random.chance(0.3) { suggest(index) }
        let open = suggestions.filter { $0.characters.allSatisfy(replica.list.contains) }
        guard let suggestion = open.randomElement(using: &random) else { return }
        let visible = Set(replica.list.visibleIDs)
        let doomed = suggestion.characters.filter(visible.contains)
        let deletion = replica.deletion(of: doomed, accepting: suggestion.id)
        let deletesFirst = random.chance(0.5)
        if deletesFirst, !doomed.isEmpty { writers[index].replica.perform(deletion) }
        if doomed.isEmpty || random.chance(0.9) {
            let wording = random.chance(0.3) ? randomText() : suggestion.proposal
            writers[index].replica.perform(
                replica.insertion(
                    of: wording, after: suggestion.characters.last,
                    replacing: suggestion.characters, accepting: suggestion.id))
        }
        if !deletesFirst, !doomed.isEmpty { writers[index].replica.perform(deletion) }
    }

    /// Thinks of other words for some that show.
    private mutating func suggest(_ index: Int) {
        let visible = writers[index].replica.list.visibleIDs
        guard !visible.isEmpty else { return }
        let start = random.below(visible.count)
        let end = min(visible.count, start + 1 + random.below(5))
        suggestions.append(
            Suggestion(
                id: OpID(agent: AgentID(rawValue: .max), seq: suggestions.count),
                characters: Array(visible[start..<end]), proposal: randomText()))
    }

    /// The character to type behind; `nil` for the start.
    private mutating func placeToInsert(_ index: Int, among visible: [OpID]) -> OpID? {
        let list = writers[index].replica.list
        if random.chance(options.samePlace), hotspot.map(list.contains) ?? true { return hotspot }
        if let (first, last) = writers[index].lastRun {
            if random.chance(options.goingOn) { return last }
            if random.chance(options.prepending) {
                let ids = list.ids
                let place = ids.firstIndex(of: first) ?? 0
                return ids[..<place].last { visible.contains($0) }
            }
        }
        let candidates = random.chance(options.amongHidden) ? list.ids : visible
        let offset = random.below(candidates.count + 1)
        return offset == 0 ? nil : candidates[offset - 1]
    }

    private mutating func randomText() -> String {
        var length = random.chance(options.paste) ? 10 + random.below(40) : 1 + random.below(4)
        if random.chance(options.hugePaste) { length = 1000 + random.below(3000) }
        var text = String.UnicodeScalarView()
        for _ in 0..<length { text.append(randomScalar()) }
        return String(text)
    }

    mutating func randomScalar() -> Unicode.Scalar {
        let limit: UInt32 =
            switch options.alphabet {
            case .ascii: 0x80
            case .latin: 0x100
            case .basic: 0x10000
            case .all: .max
            }
        let all = random.chance(options.wide) ? Self.wide : Self.narrow
        let scalar = all[random.below(all.count)]
        return scalar.value < limit ? scalar : Self.narrow[random.below(Self.narrow.count)]
    }
}
