extension CommandError {
    /// The error for a quote that has not one place, with the command that would have worked.
    ///
    /// - Parameters:
    ///   - article: its short name.
    ///   - command: the words of the command as typed, the quote among them.
    /// - Returns: `nil` for a quote with one place.
    public init?(
        _ match: QuoteMatch, quote: String, article: String, command: [String]
    ) {
        let bare = CommandError.withoutChoice(command)
        switch match {
        case .one: return nil
        case .several(let candidates, let total):
            let count = total == 1 ? "once" : "\(total) times"
            let isFiltered = bare != command ? ", but not where you said" : ""
            let shown = candidates.prefix(10)
            self.init(
                .noMatch, "ambiguous", "“\(quote)” occurs \(count) in \(article)\(isFiltered)",
                details: shown.map {
                    "\($0.number)  p\($0.paragraph)  \(SafeText.line($0.marked))"
                } + (total > shown.count ? ["… and \(total - shown.count) more"] : []),
                tries: [ShellWords.joined(bare + (total > 1 ? ["--nth", "2"] : []))])
        case .none(let nearest):
            let show = ShellWords.joined(["gloss", "show", article])
            guard let best = nearest.first else {
                self.init(
                    .noMatch, "no_match", "“\(quote)” is not in \(article)", tries: [show])
                return
            }
            let words = best.differingWords
            let difference =
                switch words {
                case 0: "only case or punctuation differs"
                case 1: "one word differs"
                default: "\(words) words differ"
                }
            let working =
                bare.map { $0 == quote ? SafeText.line(best.text) : $0 }
                + (best.number > 0 ? ["--nth", String(best.number)] : [])
            self.init(
                .noMatch, "no_match",
                "“\(quote)” is not in \(article); closest (\(difference)):",
                details: nearest.map { "p\($0.paragraph)  \(SafeText.line($0.marked))" },
                tries: [ShellWords.joined(working), show])
        }
    }

    /// A command without the options that choose among several places.
    private static func withoutChoice(_ command: [String]) -> [String] {
        var kept: [String] = []
        var skips = false
        for word in command {
            if skips {
                skips = false
            } else if ["--nth", "--after", "--before"].contains(word) {
                skips = true
            } else if !["--nth=", "--after=", "--before="].contains(where: word.hasPrefix) {
                kept.append(word)
            }
        }
        return kept
    }
}
