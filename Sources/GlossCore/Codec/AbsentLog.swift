/// What a document opened from a snapshot knows of the part of its log that is not there.
struct AbsentLog: ~Copyable {
    /// The operations that inserted a character, once ``isChecked``.
    var characters = VersionBits(count: 0)
    /// Whether every operation is known to stand in one place only.
    var isChecked = false
    /// What was typed to stand for what.
    var replacements: [TextIndex.Replacement] = []
    /// The history that holds that part, not read yet.
    var history: [UInt8]?

    /// The same once more. O(n / 64).
    borrowing func copy() -> AbsentLog {
        var copy = AbsentLog()
        copy.characters = characters.copy()
        copy.isChecked = isChecked
        copy.replacements = replacements
        copy.history = history
        return copy
    }
}
