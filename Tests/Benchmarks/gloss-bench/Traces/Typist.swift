import TestSupport

/// Somebody who writes a text of their own by chance: words, typing errors taken back, jumps to
/// another place, blocks pasted and taken out.
struct Typist: ~Copyable {
    /// What is written so far.
    private(set) var text = PlainText()
    private var random: SeededRandom
    private var cursor = 0

    private static let letters: [Unicode.Scalar] = Array(
        "etaoinshrdlucmfwypvbgkjqxz   ,.\nétü語🙂".unicodeScalars)

    /// The same text for the same seed.
    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// The next edit, which is then part of the text.
    mutating func next() throws -> Patch {
        if random.chance(0.02) { cursor = random.below(text.count + 1) }
        let patch: Patch
        if cursor > 0, random.chance(0.12) {
            patch = Patch(position: cursor - 1, deleted: 1, inserted: [])
        } else if random.chance(0.004) {
            patch = Patch(position: cursor, deleted: 0, inserted: word(random.below(200) + 1))
        } else if random.chance(0.004) {
            let count = min(random.below(60), text.count - cursor)
            let replacement = count == 0 || random.chance(0.5) ? word(random.below(20) + 1) : []
            patch = Patch(position: cursor, deleted: count, inserted: replacement)
        } else {
            patch = Patch(position: cursor, deleted: 0, inserted: word(1))
        }
        try text.apply(patch)
        cursor = patch.position + patch.inserted.count
        return patch
    }

    private mutating func word(_ count: Int) -> [Unicode.Scalar] {
        (0..<count).map { _ in Typist.letters[random.below(Typist.letters.count)] }
    }
}
