import GlossCore

extension AnnotationHistoryGenerator {
    /// Types, cuts or replaces somewhere, or under somebody's note.
    mutating func editText(_ person: Int) throws(ChangeError) {
        if random.chance(0.15) { return try moveText(person) }
        let desk = people[person].desk
        var places = [range(person, upTo: 8) ?? 0..<0]
        if random.chance(0.4), let note = desk.annotations.annotations.randomElement(using: &random)
        {
            places = desk.placement(of: note, in: desk.article.textIndex).ranges
        }
        guard let place = places.first else { return }
        if random.chance(0.1) { return try editLate(person) }
        var edits = [edit(at: place)]
        if random.chance(0.2), let other = range(person, upTo: 5),
            other.lowerBound > place.upperBound
        {
            edits.append(edit(at: other))
        }
        try edit(edits, person)
    }

    /// Typing, cutting or replacing.
    private mutating func edit(at place: Range<Int>) -> TextEdit {
        let typed = [" and", "x", "ought.", "\n", "🌊", "stay "].randomElement(using: &random) ?? ""
        switch random.below(3) {
        case 0: return TextEdit(place.lowerBound..<place.lowerBound, typed)
        case 1: return TextEdit(place, "")
        default: return TextEdit(place, typed)
        }
    }

    /// Cuts some text out and puts it in elsewhere.
    private mutating func moveText(_ person: Int) throws(ChangeError) {
        let article = people[person].desk.article
        guard let source = range(person, upTo: 12) else { return }
        let target = random.below(article.textCount + 1)
        guard target <= source.lowerBound || target >= source.upperBound else { return }
        let words = String(
            String.UnicodeScalarView(Array(article.text.unicodeScalars)[source]))
        var added = TextEdit(target..<target, words)
        added.moves = [TextEdit.Move(part: 0..<source.count, source: source)]
        let removed = TextEdit(source, "")
        try edit(target <= source.lowerBound ? [added, removed] : [removed, added], person)
    }

    /// Edits a text that was read some time ago.
    private mutating func editLate(_ person: Int) throws(ChangeError) {
        let article = people[person].desk.article
        guard let entry = article.log.entries.suffix(8).randomElement(using: &random) else {
            return
        }
        let version = [entry.change.lastID]
        let count = article.text(at: version).unicodeScalars.count
        let lower = random.below(count + 1)
        let place = edit(at: lower..<min(count, lower + random.below(6)))
        try edit([place], person, at: version)
    }

    /// Accepts a suggestion, now and then in other words, or rejects it or opens it again.
    mutating func decide(_ person: Int) throws(ChangeError) {
        let desk = people[person].desk
        let suggestions = desk.annotations.annotations.filter { $0.text(.proposal) != nil }
        guard let suggestion = suggestions.prefix(3).randomElement(using: &random) else { return }
        if random.chance(0.3) {
            let verdict: Value = random.chance(0.7) ? .rejected : .open
            try commit(
                [desk.annotations.write(verdict, to: .verdict, of: suggestion.id)], person)
            return
        }
        let placement = desk.placement(of: suggestion, in: desk.article.textIndex)
        guard let place = placement.ranges.first, let proposal = suggestion.text(.proposal)
        else { return }
        let wording = random.chance(0.2) ? proposal + "?" : proposal
        try edit([TextEdit(place, wording)], person, accepts: suggestion.id)
    }

    mutating func writeTitle(_ person: Int) throws(ChangeError) {
        let field: Field = random.chance(0.7) ? .title : .byline
        let op = people[person].desk.article.write(.text(words()), to: field)
        try commitToArticle([op], person)
    }

    /// Takes back something of one's own, an undo included.
    mutating func undo(_ person: Int) throws(ChangeError) {
        let desk = people[person].desk
        if random.chance(0.6) {
            guard let change = people[person].articleChanges.suffix(6).randomElement(using: &random)
            else { return }
            try commitToArticle(desk.article.inverse(of: [change]), person)
        } else {
            guard let change = people[person].setChanges.suffix(6).randomElement(using: &random)
            else { return }
            try commit(desk.annotations.inverse(of: [change]), person)
        }
    }

    /// Answers one of the open questions; most often somebody else who sees it answers, too.
    mutating func settle(_ person: Int) throws(ChangeError) {
        guard let conflict = people[person].desk.conflicts.randomElement(using: &random) else {
            return
        }
        try settle(conflict, person)
        guard random.chance(0.9) else { return }
        let others = people.indices.filter { index in
            index != person && people[index].desk.conflicts.contains { $0.id == conflict.id }
        }
        if let other = others.randomElement(using: &random) { try settle(conflict, other) }
    }

    private mutating func settle(_ conflict: Conflict, _ person: Int) throws(ChangeError) {
        let version = random.below(conflict.versions.count)
        let answer = people[person].desk.answer(to: conflict, taking: version)
        try commitToArticle(answer.article, person)
        try commit(answer.annotations, person)
    }
}
