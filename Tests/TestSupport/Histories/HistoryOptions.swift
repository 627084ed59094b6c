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
        options.samePlace = Double.random(in: 0...0.9, using: &random)
        options.goingOn = Double.random(in: 0...0.6, using: &random)
        options.prepending = Double.random(in: 0...0.5, using: &random)
        options.amongHidden = Double.random(in: 0...0.4, using: &random)
        options.acceptance = random.chance(0.5) ? 0 : Double.random(in: 0.02...0.2, using: &random)
        options.bundling = random.chance(0.3) ? 0 : Double.random(in: 0...0.5, using: &random)
        options.retirement = random.chance(0.7) ? 0 : 0.1
        return options
    }
}
