import GlossCore

/// The words that stand where a suggestion was made, or where its own were put in.
struct SuggestionWords {
    private let scalars: [Unicode.Scalar]
    private let quote: Quote
    /// Where they stand.
    let range: Range<Int>

    /// What a suggestion stands on; `nil` if that is gone.
    init?(of suggestion: Entity, in content: AnnotatedArticle) {
        guard case .target(let target)? = suggestion.register(.target).value,
            let range = content.placement(of: suggestion, in: content.article.textIndex).ranges
                .first,
            !range.isEmpty
        else { return nil }
        scalars = content.article.scalars
        quote = target.quote
        // Of words that were taken out the space before or behind them may be left.
        let (first, last) = (quote.exact.unicodeScalars.first, quote.exact.unicodeScalars.last)
        var words = scalars[range]
        if first.map({ !TextFold.isSpace($0) }) ?? false {
            words = words.drop(while: { TextFold.isSpace($0) })
        }
        if last.map({ !TextFold.isSpace($0) }) ?? false {
            while words.last.map({ TextFold.isSpace($0) }) ?? false { words.removeLast() }
        }
        guard !words.isEmpty else { return nil }
        self.range = words.startIndex..<words.endIndex
    }

    /// What stands where a change accepted a suggestion; `nil` if the suggestion is on no words.
    init?(accepting suggestion: Entity, by change: Change, in content: AnnotatedArticle) {
        guard case .target(let target)? = suggestion.register(.target).value else { return nil }
        let index = content.article.textIndex
        var places = content.placement(of: suggestion, in: index).ranges.prefix(1).map { $0 }
        var seq = change.seq
        for op in change.ops {
            if case .insert(let insertion) = op, insertion.accepts == suggestion.id {
                let ids = [seq, seq + op.width - 1].map { OpID(agent: change.agent, seq: $0) }
                let offsets = ids.compactMap { content.article.offset(of: $0, in: index) }
                let isLastVisible = offsets.last.map { offset in
                    offset < content.article.textCount
                        && content.article.spans(at: offset..<offset + 1).first?.start == ids[1]
                }
                if let first = offsets.first, let last = offsets.last {
                    places.append(first..<last + (isLastVisible == true ? 1 : 0))
                }
            }
            seq += op.width
        }
        guard let lower = places.map(\.lowerBound).min(),
            let upper = places.map(\.upperBound).max()
        else { return nil }
        scalars = content.article.scalars
        quote = target.quote
        range = lower..<upper
    }

    /// What they are, with what was typed at their edges without a space: they are part of that word now.
    var text: String {
        guard !range.isEmpty else { return "" }
        let (exact, prefix, suffix) = (
            quote.exact.unicodeScalars, quote.prefix.unicodeScalars, quote.suffix.unicodeScalars
        )
        var (lower, upper) = (range.lowerBound, range.upperBound)
        if !WordKind.goesOn(from: prefix.last, to: exact.first) {
            while WordKind.isInsideWord(lower, of: scalars) { lower -= 1 }
        }
        if !WordKind.goesOn(from: exact.last, to: suffix.first) {
            while WordKind.isInsideWord(upper, of: scalars) { upper += 1 }
        }
        return Graphemes.string(scalars[lower..<upper])
    }

    /// What they are, if that is not what they were when the suggestion was made.
    var changed: String? {
        let text = text
        return text.unicodeScalars.elementsEqual(quote.exact.unicodeScalars) ? nil : text
    }

    /// Whether somebody has made them read so already, at their edges, too.
    func read(_ wording: String) -> Bool {
        let wording = Array(wording.unicodeScalars)
        let words = scalars[range]
        if wording.elementsEqual(words) { return true }
        guard wording.count > words.count else { return false }
        for place in 0...wording.count - words.count
        where wording[place..<place + words.count] == words {
            let (before, after) = (wording[..<place], wording[(place + words.count)...])
            let hadThem =
                quote.prefix.unicodeScalars.suffix(before.count).elementsEqual(before)
                && quote.suffix.unicodeScalars.starts(with: after)
            if !hadThem, scalars[..<range.lowerBound].suffix(before.count) == before,
                scalars[range.upperBound...].starts(with: after)
            {
                return true
            }
        }
        return false
    }

    /// The line they stand in, or, of a long one, what is around them.
    var surroundings: String {
        let reach = 60
        var lower = range.lowerBound
        while lower > 0, scalars[lower - 1] != "\n",
            range.lowerBound - lower < reach || !TextFold.isSpace(scalars[lower - 1])
        {
            lower -= 1
        }
        var upper = range.upperBound
        while upper < scalars.count, scalars[upper] != "\n",
            upper - range.upperBound < reach || !TextFold.isSpace(scalars[upper])
        {
            upper += 1
        }
        let isCut = (
            lower > 0 && scalars[lower - 1] != "\n", upper < scalars.count && scalars[upper] != "\n"
        )
        return (isCut.0 ? "… " : "") + Graphemes.string(scalars[lower..<upper])
            + (isCut.1 ? " …" : "")
    }
}
