import FoundationEssentials
import TestSupport
import Testing

@testable import GlossCore

/// The random histories that the suites of the codec go through.
///
/// `GLOSS_HISTORIES` sets how many there are, `GLOSS_FIRST_SEED` with which to begin.
enum CodecSeeds {
    static let batchCount = 4
    static let article = DocumentID(high: 0xA1, low: 0xB2)
    private static let historyCount = number("GLOSS_HISTORIES") ?? 160
    /// How many damaged files are tried.
    static let damageCount = historyCount * 25
    static let firstSeed = number("GLOSS_FIRST_SEED") ?? 40_000

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    static func seeds(of batch: Int) -> [UInt64] {
        stride(from: batch, to: historyCount, by: batchCount).map { UInt64(firstSeed + $0) }
    }

    /// The histories of one seed as orders of changes of one document each: text in several delivery
    /// orders, text typed through the engine, and an article with its annotations.
    static func deliveries(seed: UInt64) throws -> [(id: DocumentID, changes: [Change])] {
        var random = SeededRandom(seed: ~seed)
        let history = HistoryGenerator.history(seed: seed)
        var deliveries = [(article, history.changes)]
        for order in history.deliveryOrders(2, using: &random) {
            deliveries.append((article, order))
        }
        if seed % 4 == 0 {
            let notes = try AnnotationHistoryGenerator.history(seed: seed)
            deliveries.append((notes.id, notes.article.changes))
            deliveries.append((notes.id.annotations, notes.annotations.changes))
            deliveries.append(
                (notes.id.annotations, notes.annotations.deliveryOrders(1, using: &random)[0]))
        }
        return deliveries
    }

    /// A document that took changes one by one.
    static func document(_ id: DocumentID, _ changes: [Change]) throws -> Document {
        var document = Document(id: id)
        for change in changes { try document.integrate(change) }
        return document
    }

    /// Two people who type, erase and paste on copies of one article and hear of each other now and
    /// then; the copy of one of them.
    static func typed(seed: UInt64) throws -> Document {
        var random = SeededRandom(seed: seed)
        var first = Document(id: article)
        var second = Document(id: article)
        for step in 0..<120 {
            if random.chance(0.5) {
                try edit(&first, agent: 1, step, &random)
            } else {
                try edit(&second, agent: 2, step, &random)
            }
            if random.chance(0.1) {
                try first.integrate(contentsOf: second.changes(since: first.versionVector))
            }
            if random.chance(0.1) {
                try second.integrate(contentsOf: first.changes(since: second.versionVector))
            }
        }
        return first
    }

    /// One random edit: typing on, erasing back or forth, or one or several replacements.
    static func edit(
        _ document: inout Document, agent: UInt64, _ step: Int, _ random: inout SeededRandom
    ) throws {
        let author = Author(
            agent: AgentID(rawValue: agent), time: step / 10 * 1000,
            message: random.chance(0.05) ? "Schritt \(step) ✍️" : nil)
        var count = document.textCount
        var patches: [TextPatch] = []
        repeat {
            let place = random.below(count + 1)
            let deleted = random.chance(0.4) ? random.below(min(12, count - place) + 1) : 0
            let length = deleted > 0 && random.chance(0.6) ? 0 : 1 + random.below(5)
            let letters = Array("abc é漢😀\n".unicodeScalars)
            let text = (0..<length).map { _ in letters[random.below(letters.count)] }
            patches.append(TextPatch(position: place, deleted: deleted, inserted: text))
            count += length - deleted
        } while random.chance(0.2)
        try document.edit(patches, by: author)
        for _ in 0..<random.below(4) where document.textCount > 0 {
            let end = document.textCount - random.below(2)
            if end > 0 { try document.replace(end - 1..<end, with: [], by: author) }
        }
    }
}

/// Whether two documents are one in everything that can be seen, and in how their logs cut it into
/// runs unless `comparesRuns` is off.
func expectSame(
    _ one: borrowing Document, _ other: borrowing Document, _ comment: Comment,
    comparesRuns: Bool = true, sourceLocation: SourceLocation = #_sourceLocation
) {
    let texts = (one.text, other.text)
    #expect(texts.0 == texts.1, comment, sourceLocation: sourceLocation)
    var one = one.copy()
    var other = other.copy()
    one.settle()
    other.settle()
    let sums = (
        Replica(holding: one.copy()).stateChecksum, Replica(holding: other.copy()).stateChecksum
    )
    #expect(sums.0 == sums.1, comment, sourceLocation: sourceLocation)
    let runs = (one.tree.joinedRuns, other.tree.joinedRuns)
    #expect(runs.0 == runs.1, comment, sourceLocation: sourceLocation)
    let vectors = (one.versionVector, other.versionVector)
    #expect(vectors.0 == vectors.1, comment, sourceLocation: sourceLocation)
    let frontiers = (one.frontier, other.frontier)
    #expect(frontiers.0 == frontiers.1, comment, sourceLocation: sourceLocation)
    let blames = (one.blame(), other.blame())
    #expect(blames.0 == blames.1, comment, sourceLocation: sourceLocation)
    if one.needsLog || other.needsLog { return }
    let changes = (
        (0..<one.changeCount).map { one.change(at: $0) },
        (0..<other.changeCount).map { other.change(at: $0) }
    )
    #expect(changes.0 == changes.1, comment, sourceLocation: sourceLocation)
    guard comparesRuns else { return }
    let logs = (one.runDescriptions, other.runDescriptions)
    #expect(logs.0 == logs.1, comment, sourceLocation: sourceLocation)
}

extension Document {
    /// Everything the log says of its runs.
    fileprivate var runDescriptions: [String] {
        (0..<ops.runs.count).map { index in
            let run = ops.runs[index]
            return "\(run.kind) \(run.start) \(run.subject) \(run.object) \(run.scalar)"
        }
    }

    /// Everything that damaged bytes could have put out of order.
    func checkAll() {
        tree.checkInvariants()
        graph.checkInvariants()
        agents.checkInvariants()
        changes.checkInvariants()
    }
}

/// Expects a condition about values that cannot be copied, which the macro cannot take apart.
func check(
    _ condition: Bool, _ comment: @autoclosure () -> Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(condition, comment(), sourceLocation: sourceLocation)
}
