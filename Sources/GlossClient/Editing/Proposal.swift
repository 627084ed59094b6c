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

    /// What accepting it as proposed puts in.
    var inserted: [Unicode.Scalar] { hunks.flatMap { proposed[$0.new] } }

    /// How many scalars that takes out.
    var removedCount: Int { hunks.reduce(0) { $0 + $1.old.count } }

    /// The edits of the words that put a wording in their place.
    ///
    /// Another wording than was proposed replaces the same words, and more where it has to: so what is
    /// merged of two acceptances still reads on.
    func edits(to wording: String) -> [TextEdit] {
        let wording = Array(wording.unicodeScalars)
        if wording == proposed { return hunks.map { edit($0.old, proposed[$0.new]) } }
        let own = WordDiff.wordHunks(from: words, to: wording)
        var shift = 0
        return joined(hunks.map(\.old) + own.map(\.old)).map { range in
            let lower = range.lowerBound + shift
            for hunk in own
            where hunk.old.lowerBound >= range.lowerBound && hunk.old.upperBound <= range.upperBound
            {
                shift += hunk.new.count - hunk.old.count
            }
            return edit(range, wording[lower..<range.upperBound + shift])
        }
    }

    /// Ranges in ascending order, those that touch as one.
    private func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var joined: [Range<Int>] = []
        for range in ranges.sorted(by: {
            ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound)
        }) {
            if let last = joined.last, range.lowerBound <= last.upperBound {
                joined[joined.count - 1] =
                    last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        return joined
    }

    private func edit(_ range: Range<Int>, _ text: ArraySlice<Unicode.Scalar>) -> TextEdit {
        TextEdit(range, Graphemes.string(text))
    }
}

extension Change {
    /// What it says as an acceptance of a suggestion, with the words that it left alone.
    ///
    /// - Complexity: O(operations of the article) if it is not the wording that was proposed.
    func wording(accepting suggestion: Entity, in article: Replica) -> String {
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
        let parts = Proposal(proposal, for: target.quote.exact)
        if parts.inserted == inserted, parts.removedCount == removed { return proposal }
        return replacement(of: target.quote.exact, in: article) ?? Graphemes.string(inserted)
    }

    /// What it made of some words; `nil` if it changed more than these.
    private func replacement(of words: String, in article: Replica) -> String? {
        let last = OpID(agent: agent, seq: endSeq - 1)
        let (before, after) = (
            Array(article.text(at: causes).unicodeScalars),
            Array(article.text(at: [last]).unicodeScalars)
        )
        let words = Array(words.unicodeScalars)
        let shorter = min(before.count, after.count)
        let front = (0..<shorter).first { before[$0] != after[$0] } ?? shorter
        let back =
            (0..<shorter - front).first {
                before[before.count - 1 - $0] != after[after.count - 1 - $0]
            } ?? shorter - front
        let end = before.count - back
        let first = max(0, end - words.count)
        guard first <= front else { return nil }
        for place in first...front
        where place + words.count <= before.count
            && before[place..<place + words.count].elementsEqual(words)
        {
            let rest = before.count - place - words.count
            return Graphemes.string(after[place..<after.count - rest])
        }
        return nil
    }
}
