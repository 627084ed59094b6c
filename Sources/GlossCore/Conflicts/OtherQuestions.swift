/// Which concurrent edits that touch are no question about the text, because another kind of
/// conflict asks about them: decisions on the same or on overlapping suggestions, and different
/// answers to one text conflict.
struct OtherQuestions {
    /// What accepts suggestions.
    let acceptances: AcceptanceRanges
    private var rivals: Set<[OpID]> = []
    private var answers: Set<[Int]> = []

    init(_ article: Replica) {
        let decisions = article.acceptances
        acceptances = AcceptanceRanges(decisions)
        for pair in decisions.rivals {
            let suggestions = [decisions[pair.first].suggestion, decisions[pair.second].suggestion]
            rivals.insert(suggestions.sorted())
        }
        for pair in article.disagreements(of: [.text], article.answers) {
            let entries = [pair.first, pair.second].compactMap { article.entryIndex(of: $0) }
            answers.insert(entries.sorted())
        }
    }

    /// Whether another kind of conflict is about two edits.
    func ask(about first: Replica.PlacedEdit, _ second: Replica.PlacedEdit) -> Bool {
        if !answers.isEmpty, answers.contains([first.entry, second.entry].sorted()) { return true }
        return first.decides.contains { suggestion in
            second.decides.contains { other in
                suggestion == other || rivals.contains([suggestion, other].sorted())
            }
        }
    }
}
