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
            shortID: shortID, kind: renderedKind, author: author.user, time: author.time,
            body: body, status: statusWord, tags: tags, quote: quote.exact,
            placement: placement.state, ranges: placement.ranges, conflicts: conflicts,
            replies: replies.map {
                RenderedNote.Reply(
                    shortID: $0.shortID, author: $0.author.user, body: $0.body,
                    time: $0.author.time)
            })
    }

    private var renderedKind: RenderedNote.Kind {
        if let proposal { return .suggestion(replacement: proposal) }
        return body.isEmpty ? .highlight : .note
    }

    private var statusWord: String? {
        if isWithdrawnElsewhere { return "withdrawn elsewhere" }
        if let decision, decision != .open { return decision.rawValue }
        return isDone ? "done" : nil
    }
}

extension ConflictView {
    /// What it is about, in a few words.
    public var subject: String {
        let quoted = quote.map { $0.isEmpty ? "" : " on “\($0)”" } ?? ""
        let name = noteShortID ?? ""
        switch (conflict.kind, conflict.subject) {
        case (.text, _): return "text"
        case (.anchor, _): return "note \(name) is loose\(quoted)"
        case (.deleteEdit, _): return "note \(name) withdrawn or kept\(quoted)"
        case (.value, .entityField(_, .body)): return "text of note \(name)\(quoted)"
        case (.value, .entityField(_, .life)): return "note \(name) withdrawn or kept\(quoted)"
        case (.value, .entityField(_, let field)):
            return "\(field.rawValue) of note \(name)\(quoted)"
        case (.value, .field(let field)): return "\(field.rawValue) of the article"
        case (.value, _): return "value"
        }
    }

    /// The commands that may answer it, the usual one first.
    public var answers: [String] {
        choices.map { choice in
            choice == "edit"
                ? "gloss resolve \(shortID) -m TEXT" : "gloss resolve \(shortID) --take \(choice)"
        }
    }

    /// Whether it waits for a person, or only asks for a look.
    public var needsDecision: Bool { conflict.kind != .text }

    /// The question in a list.
    public var row: ConflictRow {
        ConflictRow(
            shortID: shortID, subject: subject, article: articleName, paragraph: paragraph,
            sides: versions.map { $0.letter + " " + Self.names($0.authors) }, time: time,
            needsDecision: needsDecision)
    }

    /// The question with everything said.
    public func card(_ position: ConflictCard.Position? = nil) -> ConflictCard {
        let place = paragraph.map { ", \(articleName) p\($0)" } ?? ", \(articleName)"
        let isText: Bool =
            switch conflict.subject {
            case .text, .entityField(_, .body), .entityField(_, .proposal), .field: true
            case .entityField, .entity: false
            }
        return ConflictCard(
            shortID: shortID, position: position, subject: subject + place,
            base: conflict.base.map {
                ConflictCard.Version(label: "base", author: "", time: nil, content: $0)
            },
            versions: versions.map { version in
                ConflictCard.Version(
                    label: version.letter, author: Self.names(version.authors),
                    time: version.authors.map(\.time).max(),
                    device: version.authors.count == 1 ? version.authors[0].device : nil,
                    content: version.content, why: version.why)
            }, isText: isText, merged: merged, isMerged: conflict.kind == .text)
    }

    /// Both versions in one, where that is clean or shows already.
    private var merged: String? {
        switch (conflict.kind, conflict.subject) {
        case (.text, _): return conflict.shown
        case (.value, .entityField(_, .body)), (.value, .entityField(_, .proposal)):
            guard let base = conflict.base, versions.count == 2 else { return nil }
            return ThreeWayMerge.merge(base: base, versions[0].content, versions[1].content)
        default: return nil
        }
    }

    private static func names(_ authors: [Attribution]) -> String {
        authors.map { $0.isMine ? "you" : $0.user }.uniqued.joined(separator: ", ")
    }
}

extension [String] {
    fileprivate var uniqued: [String] {
        var unique: [String] = []
        for element in self where !unique.contains(element) { unique.append(element) }
        return unique
    }
}
