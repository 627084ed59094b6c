import GlossCore

/// Changes of one character each, as keys make them, and operations that are not of text.
extension HistoryGenerator {
    /// What a writer does character by character.
    enum Streak: CaseIterable {
        case typing, erasing, erasingForward, alternating
    }

    /// Goes on with a streak, or begins one; gives whether that made a change.
    mutating func goOn(_ index: Int) -> Bool {
        if writers[index].streak.left == 0 {
            guard random.chance(options.streaks) else { return false }
            let kind = Streak.allCases.randomElement(using: &random) ?? .typing
            writers[index].streak = (kind, 2 + random.below(12))
        }
        writers[index].streak.left -= 1
        switch writers[index].streak.kind {
        case .typing: type(index)
        case .erasing: erase(index, forward: false)
        case .erasingForward: erase(index, forward: true)
        case .alternating:
            if random.chance(0.6) { type(index) } else { erase(index, forward: false) }
        }
        return true
    }

    private mutating func type(_ index: Int) {
        let left = writers[index].lastRun?.last
        let op = writers[index].replica.insertion(of: String(randomScalar()), after: left)
        let id = writers[index].replica.perform(op)
        writers[index].lastRun = (writers[index].lastRun?.first ?? id, id)
    }

    /// Erases the character beside the caret; types where there is none.
    private mutating func erase(_ index: Int, forward: Bool) {
        let list = writers[index].replica.list
        let ids = list.ids
        let visible = Set(list.visibleIDs)
        let caret = writers[index].lastRun.flatMap { ids.firstIndex(of: $0.last) } ?? ids.count - 1
        let target =
            forward
            ? ids.dropFirst(caret + 1).first { visible.contains($0) }
            : ids.prefix(caret + 1).last { visible.contains($0) }
        guard let target else { return type(index) }
        let deletion = writers[index].replica.deletion(of: [target])
        writers[index].replica.perform(deletion)
        writers[index].lastRun = (target, target)
    }

    /// Undoes some of what the open change has done, or redoes it.
    mutating func toggleDraft(_ index: Int) {
        let replica = writers[index].replica
        guard let draft = replica.open else { return }
        let own = SimulatedReplica.characterOps(of: draft)
        guard !own.isEmpty else { return }
        let start = random.below(own.count)
        let some = Array(own[start..<start + 1 + random.below(own.count - start)])
        if let op = replica.toggling(some) { writers[index].replica.perform(op) }
    }

    /// Writes to a field, in place of the writer's last write, or does something unknown.
    mutating func doOther(_ index: Int) {
        guard random.chance(0.7) else {
            writers[index].replica.perform(.unknown)
            return
        }
        let replaced = random.chance(0.7) ? writers[index].lastWrite : nil
        let write = Write(
            field: .title, value: .text(String(randomScalar())),
            replaces: replaced.map { [$0] } ?? [])
        writers[index].lastWrite = writers[index].replica.perform(.write(write))
    }
}
