import GlossCore

/// Words, and what a suggestion proposes for them.
///
/// Accepting it changes only the words that differ, so that notes on the others stay on them. They are
/// changed whole: two acceptances are compared, and shown, by the words that they put in.
struct Proposal {
    private let words: [Unicode.Scalar]
    private let proposed: [Unicode.Scalar]
    /// What differs.
    private let hunks: [Hunk]

    /// - Complexity: as ``WordDiff/edits(from:to:)``.
    init(_ proposed: String, for words: String) {
        self.words = Array(words.unicodeScalars)
        self.proposed = Array(proposed.unicodeScalars)
        hunks = WordDiff.phraseHunks(from: self.words, to: self.proposed)
    }

    /// The edits of the words that put a wording in their place: what was proposed part by part, and
    /// another wording from the first of these parts to the last, or, if it changes more, whole.
    func edits(to wording: String) -> [TextEdit] {
        let wording = Array(wording.unicodeScalars)
        if wording == proposed { return hunks.map { edit($0.old, proposed[$0.new]) } }
        if let span {
            let (front, back) = (span.lowerBound, words.count - span.upperBound)
            if wording.count >= front + back, wording.starts(with: words[..<front]),
                wording.suffix(back) == words.suffix(back)
            {
                return [edit(span, wording[front..<wording.count - back])]
            }
        }
        return [edit(0..<words.count, wording[...])]
    }

    /// What accepting it as proposed puts in.
    var inserted: [Unicode.Scalar] { hunks.flatMap { proposed[$0.new] } }

    /// The whole wording of an acceptance.
    ///
    /// - Parameters:
    ///   - inserted: what it put in.
    ///   - removed: how many scalars it took out.
    func wording(inserted: [Unicode.Scalar], removed: Int) -> String {
        let isProposed =
            inserted == self.inserted && removed == hunks.reduce(0) { $0 + $1.old.count }
        if isProposed { return Graphemes.string(proposed) }
        guard let span, removed == span.count else { return Graphemes.string(inserted) }
        return Graphemes.string(words[..<span.lowerBound] + inserted + words[span.upperBound...])
    }

    /// From the first difference to the last.
    private var span: Range<Int>? {
        guard let first = hunks.first, let last = hunks.last else { return nil }
        return first.old.lowerBound..<last.old.upperBound
    }

    private func edit(_ range: Range<Int>, _ text: ArraySlice<Unicode.Scalar>) -> TextEdit {
        TextEdit(range, Graphemes.string(text))
    }
}

extension Change {
    /// What it says as an acceptance of a suggestion, as a whole.
    func wording(accepting suggestion: Entity) -> String {
        var inserted: [Unicode.Scalar] = []
        var removed = 0
        for op in ops {
            switch op {
            case .insert(let insertion) where insertion.accepts == suggestion.id:
                inserted += insertion.text
            case .delete(let deletion) where deletion.accepts == suggestion.id:
                removed += op.width
            default: break
            }
        }
        guard case .target(let target)? = suggestion.register(.target).value,
            let proposal = suggestion.text(.proposal)
        else { return Graphemes.string(inserted) }
        return Proposal(proposal, for: target.quote.exact)
            .wording(inserted: inserted, removed: removed)
    }
}
