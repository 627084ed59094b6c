/// The text of an article: the order of its characters, what hides them, and the characters.
///
/// A character shows if its insertion is not undone and every deletion covering it is, and if it is
/// not the second copy of an accepted suggestion.
struct TextState: Sendable {
    /// What is known of one operation of the log, whatever its kind.
    struct Slot: Sendable {
        /// The scalar inserted, the local version deleted, or nothing.
        var content: Content
        /// The undo count; the operation is undone while it is odd.
        var undoCount: Int32 = 0
        /// Of a character: how many deletions that are not undone cover it.
        var hiding: Int32 = 0
        /// Of a character: whether it repeats an accepted suggestion that another change shows.
        var isRepeated = false
    }

    enum Content: Sendable {
        case insertion(Unicode.Scalar)
        case deletion(LocalVersion)
        case other
    }

    /// Counts set by an undo or redo, kept for judging later ones and for looking back.
    struct CountChange: Sendable {
        var version: LocalVersion
        var targets: Range<LocalVersion>
        var count: Int32
    }

    /// Text that was typed to stand for other text.
    struct Replacement: Sendable {
        var inserted: Range<LocalVersion>
        var replaced: [Range<LocalVersion>]
    }

    private(set) var list = TextList()
    private(set) var slots: [Slot] = []
    private(set) var countChanges: [CountChange] = []
    private(set) var replacements: [Replacement] = []
    /// For each accepted suggestion the changes that accept it, by their tagged operations.
    private(set) var acceptances: [OpID: [Acceptance]] = [:]

    /// One change's acceptance of a suggestion.
    struct Acceptance: Sendable {
        var change: OpID
        /// The tagged operations in the order of the change.
        var operations: [Range<LocalVersion>]
        /// The characters among them.
        var inserted: [Range<LocalVersion>]

        /// Whether it stands: some of what it inserted is not undone, or, if it only deleted, some
        /// of that.
        func isLive(isUndone: (LocalVersion) -> Bool) -> Bool {
            (inserted.isEmpty ? operations : inserted).joined().contains { !isUndone($0) }
        }
    }

    /// Whether an operation is undone.
    func isUndone(_ version: LocalVersion) -> Bool { slots[version].undoCount & 1 == 1 }

    private func shows(_ slot: Slot) -> Bool {
        slot.undoCount & 1 == 0 && slot.hiding == 0 && !slot.isRepeated
    }

    /// The visible characters in order.
    var scalars: [Unicode.Scalar] {
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(list.visibleCount)
        for run in list.runs where run.isVisible {
            for version in run.start..<run.end { scalars.append(scalar(at: version)) }
        }
        return scalars
    }

    /// The character that an operation inserted.
    func scalar(at version: LocalVersion) -> Unicode.Scalar {
        guard case .insertion(let scalar) = slots[version].content else {
            preconditionFailure("runs hold insertions")
        }
        return scalar
    }

    /// Whether an operation inserted a character.
    func isCharacter(_ version: LocalVersion) -> Bool {
        if case .insertion = slots[version].content { true } else { false }
    }

    /// Takes slots for operations that are not about text.
    mutating func skip(_ count: Int) {
        slots.append(contentsOf: repeatElement(Slot(content: .other), count: count))
    }

    /// Takes in an insertion whose local versions are the next ones.
    mutating func insert(
        _ text: [Unicode.Scalar], left: LocalVersion, right: LocalVersion,
        in context: TextList.Context
    ) throws(ChangeError) {
        let start = slots.count
        try list.integrate(
            TextList.Run(
                start: start, count: text.count, left: left, right: right, isVisible: true),
            in: context)
        slots.append(contentsOf: text.lazy.map { Slot(content: .insertion($0)) })
    }

    /// Takes in deletions of the given characters; their local versions are the next ones.
    mutating func delete(_ targets: [Range<LocalVersion>]) {
        for target in targets.joined() {
            slots.append(Slot(content: .deletion(target)))
            slots[target].hiding += 1
        }
        for range in targets { refresh(range) }
    }

    /// Remembers that an insertion was meant to replace other text.
    mutating func record(_ replacement: Replacement) { replacements.append(replacement) }

    /// Raises undo counts; an operation keeps the highest count it was ever given.
    mutating func raiseCount(
        of targets: Range<LocalVersion>, to count: Int32, by version: LocalVersion
    ) {
        countChanges.append(CountChange(version: version, targets: targets, count: count))
        for target in targets where slots[target].undoCount < count {
            let flips = (slots[target].undoCount ^ count) & 1 == 1
            slots[target].undoCount = count
            if flips, case .deletion(let character) = slots[target].content {
                slots[character].hiding += count & 1 == 1 ? -1 : 1
                refresh(character..<character + 1)
            }
        }
        refresh(targets)
    }

    /// Remembers a change that accepts a suggestion.
    mutating func record(_ acceptance: Acceptance, of suggestion: OpID) {
        acceptances[suggestion, default: []].append(acceptance)
    }

    /// Lets of several changes that accept one suggestion only the first show what it inserts.
    ///
    /// - Parameter precedes: the order of ids by Lamport time, agent and number.
    mutating func settleAcceptances(of suggestion: OpID, precedes: (OpID, OpID) -> Bool) {
        guard let all = acceptances[suggestion] else { return }
        let live = all.filter { $0.isLive(isUndone: isUndone) }
        let shown = live.min { precedes($0.change, $1.change) }?.change
        for acceptance in all {
            for range in acceptance.inserted {
                let isRepeated = shown != nil && acceptance.change != shown
                for version in range { slots[version].isRepeated = isRepeated }
                refresh(range)
            }
        }
    }

    /// The suggestions whose acceptance has one of these operations, in ascending order.
    func suggestions(touchedBy versions: Range<LocalVersion>) -> [OpID] {
        acceptances.filter { entry in
            entry.value.contains { acceptance in
                acceptance.operations.contains { $0.overlaps(versions) }
            }
        }.keys.sorted()
    }

    /// Brings the list's visibility in line with the slots of some characters.
    private mutating func refresh(_ versions: Range<LocalVersion>) {
        var start = versions.lowerBound
        while start < versions.upperBound {
            guard isCharacter(start) else {
                start += 1
                continue
            }
            let isVisible = shows(slots[start])
            var end = start + 1
            while end < versions.upperBound, isCharacter(end), shows(slots[end]) == isVisible {
                end += 1
            }
            list.setVisible(start..<end, isVisible)
            start = end
        }
    }
}

extension TextState {
    /// Whether an operation inserted or deleted a character, and so can be undone.
    func isTextOperation(_ version: LocalVersion) -> Bool {
        if case .other = slots[version].content { false } else { true }
    }

    /// The highest undo count of each of some operations among the counts that `isKnown` admits.
    func undoCounts(
        of targets: Range<LocalVersion>, isKnown: (LocalVersion) -> Bool
    ) -> [Int] {
        var counts = [Int](repeating: 0, count: targets.count)
        for change in countChanges {
            let overlap = change.targets.clamped(to: targets)
            guard !overlap.isEmpty, isKnown(change.version) else { continue }
            for target in overlap {
                let index = target - targets.lowerBound
                counts[index] = max(counts[index], Int(change.count))
            }
        }
        return counts
    }
}
