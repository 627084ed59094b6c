import GlossCore

extension ArticleView {
    /// The article for a terminal.
    public var rendered: RenderedArticle {
        RenderedArticle(
            title: title.isEmpty ? name : title, text: articleText,
            notes: notes.map(\.rendered))
    }

    /// The article for a list of notes: each with its paragraph.
    public func rows(_ notes: [NoteView]) -> [NoteRow] {
        let text = articleText
        return notes.map { note in
            NoteRow(article: name, paragraph: paragraph(of: note, in: text), note: note.rendered)
        }
    }

    /// The number of the paragraph an annotation stands in or stood in; `nil` for none.
    ///
    /// - Parameter text: ``ArticleView/articleText``, so that many notes can share one.
    public func paragraph(of note: NoteView, in text: ArticleText) -> Int? {
        note.placement.ranges.first.map { text.paragraph(at: $0.lowerBound) + 1 }
    }
}

extension ArticleView {
    /// Where the words of a note that is no longer on them stand now, ascending; none if it stands on
    /// some of them, or they are gone. Nobody puts it there but people.
    ///
    /// - Complexity: as ``QuoteFinder/find(_:_:)``.
    public func placesElsewhere(of note: NoteView, in text: ArticleText) -> [QuoteCandidate] {
        guard note.placement.state == .collapsed || note.placement.state == .rewritten,
            !note.quote.exact.isEmpty
        else { return [] }
        return QuoteFinder(in: text).allPlaces(of: note.quote.exact)
    }
}

extension NoteView {
    /// The annotation for a terminal.
    public var rendered: RenderedNote {
        RenderedNote(
            shortID: shortID, isPrivate: isPrivate, kind: renderedKind, author: author.user,
            time: author.time,
            body: body, label: label, check: check, status: statusWord, tags: tags,
            quote: quote.exact,
            placement: placement.state, ranges: placement.ranges, conflicts: conflicts,
            replies: replies.map {
                RenderedNote.Reply(
                    shortID: $0.shortID, author: $0.author.user, body: $0.body,
                    time: $0.author.time)
            })
    }

    /// The name of its kind, unless that shows otherwise.
    private var label: String? {
        kind == .note || kind == .suggestion ? nil : kind.rawValue
    }

    private var renderedKind: RenderedNote.Kind {
        if let proposal { return .suggestion(replacement: proposal) }
        return body.isEmpty && kind == .note ? .highlight : .note
    }

    private var statusWord: String? {
        if isWithdrawnElsewhere { return "withdrawn elsewhere" }
        if let decision, decision != .open { return decision.rawValue }
        if isDone { return "done" }
        return isChanged ? "words changed" : nil
    }
}
