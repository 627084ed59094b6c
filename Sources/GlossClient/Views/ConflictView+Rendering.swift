public import GlossCore

extension ConflictView {
    /// What it is about, in a few words.
    public var subject: String { subject(about: question) }

    private func subject(about question: String) -> String {
        conflict.kind == .resolution ? "settled twice: \(question)" : question
    }

    /// The annotations that it is about, each once.
    public var notes: [OpID] {
        let suggestions = suggestions.map(\.id)
        guard let note, !suggestions.contains(note) else { return suggestions }
        return [note] + suggestions
    }

    private var question: String {
        let quoted = quote.map { $0.isEmpty ? "" : " on “\($0)”" } ?? ""
        let name = noteShortID ?? ""
        let noun = isPrivate ? "private note" : "note"
        switch (conflict.kind, conflict.subject) {
        case (_, .text): return "text"
        case (_, .suggestions): return decided
        case (.deleteEdit, _), (_, .entityField(_, .life)):
            return "\(noun) \(name) withdrawn or kept\(quoted)"
        case (_, .entity): return "\(noun) \(name) is loose\(quoted)"
        case (_, .entityField(_, .body)): return "text of \(noun) \(name)\(quoted)"
        case (_, .entityField(_, let field)):
            return "\(field.rawValue) of \(noun) \(name)\(quoted)"
        case (_, .field(let field)): return "\(field.rawValue) of the article"
        }
    }

    /// The suggestions that it is about.
    private var decided: String {
        guard let only = suggestions.first, suggestions.count == 1 else {
            return decidedNames + " on the same words"
        }
        return "\(decidedNames) “\(only.quote)” → “\(only.proposal)”"
    }

    private var isDecided: Bool { !suggestions.isEmpty }

    private var decidedNames: String {
        let names = suggestions.map(\.shortID)
        let last = names.last ?? ""
        if names.count < 2 { return "suggestion \(last)" }
        return "suggestions \(names.dropLast().joined(separator: ", ")) and \(last)"
    }

    /// What some answers come to; others say so themselves.
    private static let answers = [
        "base": "left undecided", "merged": "left as merged", "loose": "left without a place",
        "withdraw": "withdrawn",
    ]

    /// What a version says; which suggestion it decides on, where there are several.
    private func content(of version: Version) -> String {
        if conflict.kind == .resolution, let words = Self.answers[version.content] {
            return words
        }
        guard suggestions.count > 1, let name = version.suggestion else { return version.content }
        return "\(name) \(version.content)"
    }

    /// A version in a list: its letter, whose it is, and, of decisions and answers, which way it went.
    private func side(_ version: Version) -> String {
        let side = version.letter + " " + names(of: version)
        if conflict.kind == .resolution {
            let said = content(of: version)
            return side + " “" + (said.count > 30 ? said.prefix(29) + "…" : said) + "”"
        }
        if let verdict = verdict(of: version) { return side + " " + verdict }
        guard conflict.kind == .verdict else { return side }
        let name = suggestions.count > 1 ? version.suggestion.map { " " + $0 } ?? "" : ""
        return side + (version.content == "rejected" ? " rejected" : " accepted") + name
    }

    /// The verdict of a check.
    private func verdict(of version: Version) -> String? {
        guard let index = Conflict.index(ofLetter: version.letter),
            conflict.versions.indices.contains(index)
        else { return nil }
        return conflict.versions[index].value?.check?.verdict.rawValue
    }

    /// The commands that may answer it, the usual one first.
    public var answers: [String] {
        let answers = choices.map { choice in
            choice == "edit"
                ? "gloss resolve \(shortID) -m TEXT" : "gloss resolve \(shortID) --take \(choice)"
        }
        guard conflict.kind == .anchor, let noteShortID else { return answers }
        return answers + ["gloss attach \(noteShortID) WORDS"]
    }

    /// Whether it waits for a person, or only asks for a look.
    public var needsDecision: Bool { conflict.kind != .text }

    /// Whether the text waits for an answer: meanwhile it is as merged.
    public var isAboutText: Bool {
        switch conflict.subject {
        case .text, .suggestions: true
        case .field, .entityField, .entity: false
        }
    }

    /// The question in a list.
    public var row: ConflictRow {
        ConflictRow(
            shortID: shortID, subject: isDecided ? subject(about: decidedNames) : subject,
            article: articleName, paragraph: paragraph,
            sides: versions.map(side), time: time,
            needsDecision: needsDecision)
    }

    /// The question with everything said.
    public func card(_ position: ConflictCard.Position? = nil) -> ConflictCard {
        let place = paragraph.map { ", \(articleName) p\($0)" } ?? ", \(articleName)"
        let isText: Bool =
            switch conflict.subject {
            case .text, .entityField(_, .body), .entityField(_, .proposal), .field: true
            case .entityField, .entity, .suggestions: false
            }
        return ConflictCard(
            shortID: shortID, position: position, subject: subject + place,
            base: base.map { base in
                ConflictCard.Version(
                    label: "base", author: baseAuthor.map { Self.names([$0]) } ?? "",
                    time: baseAuthor?.time, content: base)
            },
            versions: versions.map { version in
                ConflictCard.Version(
                    label: version.letter, author: Self.names(version.authors),
                    time: version.authors.map(\.time).max(),
                    device: version.authors.count == 1 ? version.authors[0].device : nil,
                    content: content(of: version), why: version.why)
            }, isText: isText, merged: merged, isMerged: isAboutText)
    }

    /// Both versions in one, where that is clean or shows already.
    private var merged: String? {
        switch conflict.subject {
        case .text, .suggestions: return conflict.shown
        case .entityField(_, .body), .entityField(_, .proposal):
            guard let base, versions.count == 2 else { return nil }
            return ThreeWayMerge.merge(base: base, versions[0].content, versions[1].content)
        default: return nil
        }
    }

    /// Whose a version is: `you, mira`; where the same people have another one, too, from which device:
    /// `you on laptop`.
    public func names(of version: Version) -> String {
        let names = Self.names(version.authors)
        let isShared = versions.contains {
            $0.letter != version.letter && Self.names($0.authors) == names
        }
        return isShared ? "\(names) on \(Self.devices(version.authors))" : names
    }

    static func names(_ authors: [Attribution]) -> String {
        authors.map { $0.isMine ? "you" : $0.user }.uniqued.joined(separator: ", ")
    }

    /// What the devices are called from which something was said.
    static func devices(_ authors: [Attribution]) -> String {
        authors.map(\.device).uniqued.joined(separator: " and ")
    }
}

extension [String] {
    fileprivate var uniqued: [String] {
        var unique: [String] = []
        for element in self where !unique.contains(element) { unique.append(element) }
        return unique
    }
}
