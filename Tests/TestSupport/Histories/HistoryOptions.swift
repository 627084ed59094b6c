/// How the writers of a random history behave. Probabilities are from 0 to 1.
public struct HistoryOptions: Hashable, Sendable {
    /// How many write.
    public var agents = 3
    /// How many changes they make, about.
    public var changes = 30
    /// That a writer hears of others before a change.
    public var sync = 0.4
    /// That a writer, when it hears of others, hears of only some of what they know.
    public var partialSync = 0.3
    /// That a writer goes offline for a while, before a change.
    public var offline = 0.05
    /// That an edit deletes.
    public var deletion = 0.25
    /// That a deletion goes backwards, character by character.
    public var backspacing = 0.4
    /// That a change undoes or redoes an earlier one or a part of it.
    public var undo = 0.12
    /// That an insertion goes to the place where others are writing as well.
    public var samePlace = 0.3
    /// That an insertion goes right behind the writer's last one.
    public var goingOn = 0.3
    /// That an insertion goes right in front of the writer's last one.
    public var prepending = 0.15
    /// That an insertion stands behind a hidden character if there is one.
    public var amongHidden = 0.1
    /// That an insertion is long.
    public var paste = 0.05
    /// That a character is of more than one byte.
    public var wide = 0.2
    /// That a change accepts a suggestion.
    public var acceptance = 0.08
    /// That a change goes on with another edit.
    public var bundling = 0.2
    /// That a writer goes on under a new agent.
    public var retirement = 0.02
    /// That a writer, before a change, begins to type and erase character by character, a change each.
    public var streaks = 0.05
    /// That a deletion takes all that shows between two places.
    public var sweeping = 0.05
    /// That an insertion has thousands of characters.
    public var hugePaste = 0.0
    /// That a change writes to a field or does something unknown beside the text.
    public var otherOps = 0.05
    /// That a change undoes something of its own.
    public var selfUndo = 0.03
    /// That a change has a message, and that it has the time of the one before.
    public var remarks = 0.05
    /// What text is made of.
    public var alphabet = Alphabet.all

    /// Characters by what they take in memory.
    public enum Alphabet: CaseIterable, Hashable, Sendable {
        /// One byte in UTF-8.
        case ascii
        /// Below U+0100.
        case latin
        /// Below U+10000.
        case basic
        /// Everything.
        case all
    }

    /// What seems a normal mix.
    public init() {}

    /// A mix of its own kind for each seed: few writers or many, short or long, tidy or not.
    public static func varied(using random: inout SeededRandom) -> HistoryOptions {
        var options = HistoryOptions()
        options.agents = Int.random(in: 2...6, using: &random)
        options.changes = random.chance(0.5) ? 5 + random.below(15) : 20 + random.below(30)
        options.sync = random.chance(0.3) ? 0.9 : Double.random(in: 0.05...0.6, using: &random)
        options.partialSync = random.chance(0.5) ? 0 : Double.random(in: 0...0.8, using: &random)
        options.offline = random.chance(0.5) ? 0.02 : 0.2
        options.deletion = random.chance(0.2) ? 0 : Double.random(in: 0.05...0.5, using: &random)
        options.undo = random.chance(0.2) ? 0 : Double.random(in: 0.05...0.4, using: &random)
        options.samePlace = Double.random(in: 0.1...0.95, using: &random)
        options.goingOn = Double.random(in: 0...0.6, using: &random)
        options.prepending = Double.random(in: 0...0.5, using: &random)
        options.amongHidden = Double.random(in: 0...0.4, using: &random)
        options.acceptance = random.chance(0.5) ? 0 : Double.random(in: 0.02...0.2, using: &random)
        options.bundling = random.chance(0.3) ? 0 : Double.random(in: 0...0.5, using: &random)
        options.retirement = random.chance(0.7) ? 0 : 0.1
        options.streaks = random.chance(0.5) ? 0 : Double.random(in: 0.02...0.2, using: &random)
        options.sweeping = random.chance(0.5) ? 0 : Double.random(in: 0...0.3, using: &random)
        options.otherOps = random.chance(0.6) ? 0 : 0.1
        options.selfUndo = random.chance(0.6) ? 0 : 0.1
        options.remarks = random.chance(0.4) ? 0 : 0.4
        options.alphabet = Alphabet.allCases.randomElement(using: &random) ?? .all
        if random.chance(0.05) {
            options.diverge(using: &random)
        } else if random.chance(0.01) {
            options.changes = 12
            options.hugePaste = 0.1
        }
        return options
    }

    /// Makes writers hear of each other almost never, while they write much at few places.
    private mutating func diverge(using random: inout SeededRandom) {
        changes = 50 + random.below(30)
        sync = 0.03
        offline = 0
        samePlace = Double.random(in: 0.5...0.9, using: &random)
        streaks = 0.1
    }
}
