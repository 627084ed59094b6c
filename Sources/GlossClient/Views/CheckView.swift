public import GlossCore

/// The check of a note, as people look at it; that of a note nobody has checked yet, too.
public struct CheckView: Hashable, Sendable {
    /// Whether it still says something of the words.
    public let state: CheckStanding.State
    /// What was found; `nil` if nobody has checked the words.
    public let verdict: Verdict?
    /// What that rests on.
    public let evidence: [Check.Evidence]
    /// What its author had to say about it.
    public let remark: String?
    /// Who found it.
    public let author: Attribution?
    /// Why, where somebody settled what others had found differently.
    public let why: String?
    /// The words it was given on.
    public let then: String
    /// The words that stand there now.
    public let now: String

    /// Whether the words are checked, found right, and still those.
    public var isConfirmed: Bool { state == .fresh && verdict == .confirmed }

    /// Whether two checks are the same: of one author, on the same words, and to the same end.
    static func isSameFinding(_ one: CheckView?, _ other: CheckView?) -> Bool {
        guard one?.verdict != nil || other?.verdict != nil else { return true }
        return one?.verdict == other?.verdict && one?.author == other?.author
            && one?.evidence == other?.evidence && one?.remark == other?.remark
            && one?.then == other?.then
    }

    /// How it stands, in a word or two: `unchecked`, `confirmed`, `wrong, stale`.
    public var word: String {
        guard let verdict else { return state.rawValue }
        return state == .fresh ? verdict.rawValue : "\(verdict.rawValue), \(state.rawValue)"
    }

}

extension CheckView {
    init(_ standing: CheckStanding, author: Attribution?) {
        self.init(
            state: standing.state, verdict: standing.check?.verdict,
            evidence: standing.check?.evidence ?? [], remark: standing.check?.remark,
            author: author, why: standing.why, then: standing.check?.target.quote.exact ?? "",
            now: standing.words)
    }
}
