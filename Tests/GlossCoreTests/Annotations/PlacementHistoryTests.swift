import TestSupport
import Testing

@testable import GlossCore

/// Where notes stand after random histories, and after what somebody does to the text then.
@Suite struct PlacementHistoryTests {
    private static let batches = 0..<AnnotationSeeds.batchCount
    private static let later = Author(agent: AgentID(rawValue: 5), time: 1)

    /// A desk after a random history, with targets that were made on it besides its notes.
    private struct Scene {
        let history: AnnotationHistory
        var article: Replica
        var targets: [Target]
        var random: SeededRandom

        init(seed: UInt64) throws {
            history = try AnnotationHistoryGenerator.history(seed: seed)
            random = SeededRandom(seed: ~seed)
            let desk = try history.desk(
                article: history.article.changes, annotations: history.annotations.changes)
            article = desk.article
            targets = desk.annotations.annotations.compactMap { note in
                if case .target(let target)? = note.register(.target).value { target } else { nil }
            }
            for _ in 0..<4 {
                if let several = severalRanges() { targets.append(several.whole) }
            }
        }

        /// A target of two or three ranges, and one for each of them.
        mutating func severalRanges() -> (whole: Target, parts: [Target])? {
            var parts: [Target] = []
            var lower = 0
            for _ in 0..<2 + random.below(2) {
                lower += random.below(12)
                let upper = lower + 1 + random.below(8)
                guard upper <= article.textCount else { break }
                parts.append(article.target(at: lower..<upper))
                lower = upper + 1
            }
            guard parts.count > 1 else { return nil }
            var whole = parts[0]
            whole.ranges = parts.flatMap(\.ranges)
            whole.quote = Quote(
                exact: parts.map(\.quote.exact).joined(), prefix: "", suffix: "")
            return (whole, parts)
        }

        /// Deletes, replaces, inserts or moves some text.
        mutating func edit() throws -> Change? {
            let count = article.textCount
            let lower = random.below(count + 1)
            let range = lower..<min(count, lower + random.below(14))
            let target = random.below(count + 1)
            guard random.chance(0.3), target <= range.lowerBound || target >= range.upperBound
            else {
                let words = random.chance(0.5) ? "" : "later"
                return try article.edit([TextEdit(range, words)], by: later)
            }
            var added = TextEdit(target..<target, "")
            added.replacement = Array(article.scalars[range])
            added.moves = [TextEdit.Move(part: 0..<range.count, source: range)]
            let removed = TextEdit(range, "")
            if range.isEmpty { return nil }
            return try article.edit(
                target <= range.lowerBound ? [added, removed] : [removed, added], by: later)
        }

        /// Where the targets stand, a line for each.
        var placements: [String] {
            let index = article.textIndex
            return targets.map { "\(article.placement(of: $0, in: index))" }
        }

        /// What there is now and was not there before.
        func difference(from before: [String]) -> [String] {
            zip(before, placements).filter { $0 != $1 }.map { "\($0) → \($1)" }
        }
    }

    @Test(
        "What is deleted, replaced or moved and then undone is exactly where it was",
        arguments: batches)
    func undo(batch: Int) throws {
        var movedCount = 0
        for seed in AnnotationSeeds.seeds(of: batch) {
            var scene = try Scene(seed: seed)
            let before = scene.placements
            var changes: [Change] = []
            for _ in 0..<1 + scene.random.below(4) {
                if let change = try scene.edit() { changes.append(change) }
            }
            if scene.placements != before { movedCount += 1 }
            var undone: [Change] = []
            let isStepwise = scene.random.chance(0.5)
            for change in isStepwise ? changes.reversed().map({ [$0] }) : [changes] {
                let ops = scene.article.inverse(of: change)
                if !ops.isEmpty {
                    undone.append(try scene.article.commit(ops, by: Self.later))
                }
            }
            #expect(scene.difference(from: before) == [], "seed \(seed)")
            // Somebody who got the history in another order sees the same all along.
            var other = try scene.history.desk(
                article: scene.history.article.disorderedDelivery(using: &scene.random),
                annotations: []
            ).article
            for change in changes + undone { try other.integrate(change) }
            scene.article = other
            #expect(scene.difference(from: before) == [], "seed \(seed), elsewhere")
        }
        #expect(
            movedCount >= AnnotationSeeds.count(of: batch) / 2,
            "only \(movedCount) edits made a difference")
    }

    @Test("A note on several ranges stands where notes on each of them stand", arguments: batches)
    func severalRanges(batch: Int) throws {
        var states: [Placement.State: Int] = [:]
        for seed in AnnotationSeeds.seeds(of: batch) {
            var scene = try Scene(seed: seed)
            let several = (0..<6).compactMap { _ in scene.severalRanges() }
            for _ in 0..<2 + scene.random.below(4) { _ = try scene.edit() }
            let index = scene.article.textIndex
            for (whole, parts) in several {
                let placement = scene.article.placement(of: whole, in: index)
                let placements = parts.map { scene.article.placement(of: $0, in: index) }
                states[placement.state, default: 0] += 1
                #expect(
                    placement.ranges == Placement.joined(placements.flatMap(\.ranges)),
                    "seed \(seed)")
                #expect(placement.state == Self.state(of: placements), "seed \(seed)")
            }
        }
        let expected: [Placement.State] = [.anchored, .partial, .moved, .collapsed]
        for state in expected {
            #expect(
                states[state, default: 0] >= AnnotationSeeds.count(of: batch) / 32, "\(state)")
        }
    }

    /// The state of a whole whose parts stand so.
    private static func state(of parts: [Placement]) -> Placement.State {
        let states = parts.map(\.state)
        if states.contains(.moved) { return .moved }
        if states.allSatisfy({ $0 == .anchored }) { return .anchored }
        if states.contains(.anchored) || states.contains(.partial) { return .partial }
        return states.contains(.rewritten) ? .rewritten : .collapsed
    }
}
