import GlossCore

/// One answer being written.
struct ConflictAnswer {
    let conflict: Conflict
    let choice: ConflictChoice
    let why: String?
    /// Commands that would answer it.
    let answers: [String]
    let content: AnnotatedArticle
    let workspace: Workspace

    /// Writes the operations that settle the question, and the record of it.
    func write() throws -> String {
        guard ConflictChoice.legal(for: conflict).contains(choice.name) else { throw illegal }
        return switch (conflict.kind, conflict.subject) {
        case (.deleteEdit, _): try settleLife()
        case (.anchor, _): try settleAnchor()
        case (_, .field), (_, .entityField): try settleValue()
        case (_, .text): try settleText()
        case (_, .suggestions), (_, .entity): try settleTogether()
        }
    }

    private var illegal: ClientError {
        ClientError(
            .invalid, "“\(choice.name)” does not answer this conflict.",
            tries: answers)
    }

    private var record: Op {
        .resolve(
            Resolution(
                conflict: conflict.id, kind: conflict.kind, settles: conflict.settles,
                take: choice.name, why: why))
    }

    private var replica: Replica {
        conflict.document == content.article.id ? content.article : content.annotations
    }

    private func version(_ letter: String) throws -> Conflict.Version {
        let index = conflict.versions.indices.first { Conflict.letter($0) == letter }
        guard let index else { throw illegal }
        return conflict.versions[index]
    }

    private func settleValue() throws -> String {
        let (entity, field): (OpID?, Field)
        switch conflict.subject {
        case .field(let name): (entity, field) = (nil, name)
        case .entityField(let id, let name): (entity, field) = (id, name)
        case .entity, .suggestions, .text: throw illegal
        }
        let value: Value
        // What a value is for people: of a target, the words.
        var shown: String?
        switch choice {
        case .letter(let letter):
            let version = try version(letter)
            value = version.value ?? .none
            shown = version.content
        case .base:
            guard let base = content.base(of: conflict) else { throw illegal }
            value = .text(base.text)
        case .words(let words):
            value = .text(field == .name ? try Library.checkedName(words) : words)
        case .both:
            value = .text(
                BothVersions.text(
                    base: content.base(of: conflict)?.text,
                    versions: conflict.versions.map(\.content)))
        case .merged, .withdraw, .keep, .loose, .done: throw illegal
        }
        let write = replica.write(value, to: field, of: entity, why: why)
        try workspace.commit([write, record], to: conflict.document)
        return shown ?? value.text ?? value.check?.summary ?? ""
    }

    private func settleLife() throws -> String {
        guard case .entity(let id) = conflict.subject else { throw illegal }
        let life: Value
        switch choice {
        case .keep: life = .active
        case .withdraw: life = .withdrawn
        case .letter(let letter): life = try version(letter).value ?? .active
        case .base, .merged, .both, .words, .loose, .done: throw illegal
        }
        let write = replica.write(life, to: .life, of: id, why: why)
        try workspace.commit([write, record], to: conflict.document)
        return life == .active ? "kept" : "withdrawn"
    }

    private func settleText() throws -> String {
        guard case .text(let sentences) = conflict.subject, let words = conflict.words else {
            throw illegal
        }
        // A version stands for the words people disagree on, and not for what else is in its sentence.
        let (range, former, answer): (Range<Int>, String, String)
        switch choice {
        case .merged: (range, former, answer) = (words.range, words.shown, words.shown)
        case .letter(let letter):
            let index = Conflict.index(ofLetter: letter) ?? words.versions.count
            guard words.versions.indices.contains(index) else { throw illegal }
            (range, former, answer) = (words.range, words.shown, words.versions[index])
        case .base: (range, former, answer) = (words.range, words.shown, words.base)
        case .words(let own): (range, former, answer) = (sentences, conflict.shown, own)
        case .both, .withdraw, .keep, .loose, .done: throw illegal
        }
        let edits = WordDiff.edits(from: former, to: answer).map { edit in
            TextEdit(
                edit.range.lowerBound + range.lowerBound..<edit.range.upperBound
                    + range.lowerBound,
                String(String.UnicodeScalarView(edit.replacement)))
        }
        // In one change, so that what it edits is known to be the answer.
        try workspace.edit(edits, of: conflict.document, message: why, followedBy: [record])
        var shown = Array(conflict.shown.unicodeScalars)
        let place = range.lowerBound - sentences.lowerBound
        shown.replaceSubrange(place..<place + range.count, with: answer.unicodeScalars)
        return Graphemes.string(shown)
    }

    /// What stands in both documents: decisions on suggestions, and answers that differ.
    private func settleTogether() throws -> String {
        guard let settlement = content.settlement(of: conflict, taking: choice.name, why: why)
        else { throw illegal }
        try workspace.commit(settlement.article, to: content.article.id, message: why)
        try workspace.commit(settlement.annotations, to: content.annotations.id)
        switch choice {
        case .letter(let letter): return try version(letter).content
        case .base: return "undecided"
        default: return "as merged"
        }
    }

    private func settleAnchor() throws -> String {
        guard case .entity(let id) = conflict.subject else { throw illegal }
        switch choice {
        case .loose:
            try workspace.commit([record], to: conflict.document)
            return "left without a place"
        case .done:
            let write = replica.write(.done, to: .status, of: id, why: why)
            try workspace.commit([write, record], to: conflict.document)
            return "done"
        case .withdraw:
            let write = replica.write(.withdrawn, to: .life, of: id, why: why)
            try workspace.commit([write, record], to: conflict.document)
            return "withdrawn"
        case .letter, .base, .merged, .both, .words, .keep: throw illegal
        }
    }
}

/// Two or more texts in one.
enum BothVersions {
    /// The three-way merge of two versions where that is clean, else all of them one below the other.
    static func text(base: String?, versions: [String]) -> String {
        if let base, versions.count == 2,
            let merged = ThreeWayMerge.merge(base: base, versions[0], versions[1])
        {
            return merged
        }
        return versions.joined(separator: "\n\n")
    }
}
