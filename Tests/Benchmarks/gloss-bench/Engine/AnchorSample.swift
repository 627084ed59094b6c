import GlossCore
import TestSupport

/// Anchors by chance, half of them from half-way through the trace, with where they must be.
struct AnchorSample {
    /// Places in the final text, for making anchors.
    let offsets: [Int]
    /// Anchors for resolving.
    let anchors: [Anchor]
    /// How many of ``anchors`` stand on deleted characters.
    let deletedCount: Int

    /// For each anchor whether its character lives, and which one it was.
    private let lives: [Bool]
    private let characters: [Unicode.Scalar]
    private let finalText: [Unicode.Scalar]
    /// The anchors followed through the edits one by one, by another way than the engine's.
    private let followed: [FollowedAnchor]

    init(_ trace: Trace, recording: Recording, count: Int) throws {
        var random = SeededRandom(seed: UInt64(count))
        finalText = trace.finalText
        var half = Document()
        let middle = recording.changes.count / 2
        try half.integrate(contentsOf: Array(recording.changes[..<middle]))
        let halfText = half.scalars
        guard !halfText.isEmpty, !finalText.isEmpty else {
            throw BenchError("\(trace.name): there is no text to put anchors on")
        }
        let early = (0..<count / 2).map { _ in random.below(halfText.count) }
        let late = (0..<count - early.count).map { _ in random.below(trace.finalText.count) }
        offsets = (0..<count).map { _ in random.below(trace.finalText.count) }
        var document = recording.document.copy()
        anchors =
            half.anchors(at: early, side: .before) + document.anchors(at: late, side: .before)
        characters = early.map { halfText[$0] } + late.map { trace.finalText[$0] }
        // The other side of a character is one further on, unless the character is gone.
        let before = document.offsets(of: anchors)
        let after = document.offsets(of: anchors.map { Anchor(.after, $0.id) })
        lives = zip(before, after).map { $0 != $1 }
        deletedCount = lives.count { !$0 }
        // In a sequential trace every change is one patch, so those after the middle are known.
        followed =
            trace.isConcurrent
            ? [] : FollowedAnchor.follow(early, through: trace.patches[middle...])
    }

    /// Throws unless these are the places of ``anchors``.
    func check(_ found: [Int?]) throws {
        guard found.count == anchors.count else { throw BenchError("an anchor got no answer") }
        for (index, place) in found.enumerated() {
            guard let place, (0...finalText.count).contains(place) else {
                throw BenchError("anchor \(index) stands nowhere")
            }
            if lives[index], place >= finalText.count || finalText[place] != characters[index] {
                throw BenchError("anchor \(index) stands at \(place), on another character")
            }
        }
        for anchor in followed {
            guard let place = found[anchor.index], anchor.allows(place, lives[anchor.index]) else {
                throw BenchError("anchor \(anchor.index) moved to where no edit took it")
            }
        }
    }
}
