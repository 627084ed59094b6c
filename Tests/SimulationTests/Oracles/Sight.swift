import GlossCore

@testable import GlossClient

/// All that somebody sees of an article, as a third person would say it.
struct Sight: Equatable {
    /// A note, without whose library it is seen in.
    struct Note: Equatable {
        var id: OpID
        var name: String
        var author: String
        var body: String
        var proposal: String?
        var decision: NoteView.Decision?
        var flags: [Bool]
        var tags: [String]
        var words: String
        var placement: Placement
        var replies: [String]
        var conflicts: [String]

        init(_ note: NoteView) {
            id = note.id
            name = note.shortID
            author = note.author.name
            body = note.body
            proposal = note.proposal
            decision = note.decision
            flags = [note.isDone, note.isWithdrawnElsewhere, note.isChanged]
            tags = note.tags
            words = note.words
            placement = note.placement
            replies = note.replies.map { "\($0.shortID) \($0.author.name): \($0.body)" }
            conflicts = note.conflicts
        }
    }

    var text: String
    var name: String
    var checksum: String
    /// Ids, letters, bases, what shows, what an answer settles.
    var conflicts: [Conflict]
    var choices: [[String]]
    /// What `explain` says.
    var cards: [ConflictCard]
    var notes: [Note]

    /// What `user` sees.
    init(_ view: ArticleView, of user: String) {
        text = view.text
        name = view.name
        checksum = view.checksum
        conflicts = view.conflicts.map(\.conflict)
        choices = view.conflicts.map(\.choices)
        func named(_ version: ConflictCard.Version) -> ConflictCard.Version {
            var named = version
            let authors = version.author.split(separator: ", ")
            named.author = authors.map { $0 == "you" ? user : String($0) }.joined(separator: ", ")
            return named
        }
        cards = view.conflicts.map { question in
            var card = question.card()
            card.versions = card.versions.map(named)
            card.base = card.base.map(named)
            return card
        }
        notes = view.notes.map(Note.init)
    }

    /// What differs from what somebody else sees who knows the same changes; `nil` if nothing does.
    ///
    /// - Parameter named: whether short names must be equal. What the server refused has names, too,
    ///   so where there is such, others may be longer.
    func difference(from other: Sight, named: Bool = true) -> String? {
        if self == other || !named && withoutNames == other.withoutNames { return nil }
        if text != other.text { return "text “\(text)” and “\(other.text)”" }
        if checksum != other.checksum { return "checksum \(checksum) and \(other.checksum)" }
        for (one, another) in zip(notes, other.notes) where one != another {
            return "note \(one) and \(another)"
        }
        for (one, another) in zip(conflicts, other.conflicts) where one != another {
            return "conflict \(one) and \(another)"
        }
        for (one, another) in zip(cards, other.cards) where one != another {
            return "card \(one) and \(another)"
        }
        return """
            name \(name), \(notes.count) notes, \(conflicts.count) conflicts \(choices) and \
            \(other.name), \(other.notes.count) notes, \(other.conflicts.count) conflicts \
            \(other.choices)
            """
    }
}

extension Sight {
    fileprivate var withoutNames: Sight {
        var nameless = self
        nameless.cards = []
        for index in notes.indices {
            nameless.notes[index].name = ""
            nameless.notes[index].conflicts = []
            nameless.notes[index].replies = []
        }
        return nameless
    }
}

extension Attribution {
    /// Who, where and when.
    fileprivate var name: String { "\(user) on \(device) at \(time)" }
}
