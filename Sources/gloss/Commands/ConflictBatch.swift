import GlossClient

/// Several conflicts and one word that answers them: what `--all` and the key `*` settle.
struct ConflictBatch {
    /// The word.
    let take: String
    /// Those it answers.
    private(set) var answers: [(view: ConflictView, choice: ConflictChoice)] = []
    /// Those it does not, and why not.
    private(set) var skipped: [(view: ConflictView, reason: String)] = []

    init(_ conflicts: [ConflictView], take: String) throws {
        self.take = take
        for conflict in conflicts {
            do throws(ClientError) {
                answers.append((conflict, try conflict.choice(named: take)))
            } catch {
                skipped.append((conflict, error.message))
            }
        }
    }

    /// Settles all it answers in one step, and says which it does not; asks first if they are many.
    func settle(why: String?, _ library: Library, _ console: Console) throws {
        guard !answers.isEmpty else {
            throw CommandError(
                .noMatch, "no_match", "“\(take)” answers none of the open conflicts",
                details: skipped.map { "\($0.view.shortID)  \(advice($0.view, $0.reason))" },
                tries: ["gloss resolve"])
        }
        for answer in answers where answers.count > Console.few {
            console.say("\(answer.view.shortID)  \(answer.view.subject)")
        }
        let question = "Settle \(answers.count) conflicts with “\(take)”?"
        guard try console.mayChange(answers.count, question) else {
            return console.say("Nothing changed.")
        }
        let shown = try library.resolve(answers, why: why, command: console.historyLine)
        for (answer, shown) in zip(answers, shown) {
            try console.settled(answer.view, take, shown ?? "with another one")
        }
        for (view, reason) in skipped {
            try console.result(
                "not_resolved",
                [
                    OutputMember("id", .string(view.shortID)),
                    OutputMember("reason", .string(reason)),
                    OutputMember("choices", .strings(view.choices)),
                ],
                text: "not settled  \(view.shortID)  \(advice(view, reason))")
        }
        console.undoHint()
    }

    private func advice(_ view: ConflictView, _ reason: String) -> String {
        let choices = view.choices.map { $0 == "edit" ? "words of your own" : $0 }
        return "\(reason) Choose: \(choices.joined(separator: ", "))."
    }
}
