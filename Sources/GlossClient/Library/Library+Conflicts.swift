public import GlossCore
import GlossStorage

extension Library {
    /// The open questions of an article, or of all that are not put away, the latest first.
    public func conflicts(in article: DocumentID? = nil) throws -> [ConflictView] {
        let articles = try article.map { [$0] } ?? self.articles().map(\.id)
        let views = try articles.flatMap { try view($0).conflicts }
        return views.sorted { ($1.time, $0.shortID) < ($0.time, $1.shortID) }
    }

    /// The open question that a short name, or its first letters, stands for.
    ///
    /// - Throws: ``ClientError`` `stale` if a question of that name was settled here or its versions
    ///   changed, `noMatch` or `ambiguous` otherwise.
    public func conflict(_ name: String) throws -> ConflictView {
        guard let keys = ShortID.keys(startingWith: name) else {
            throw ClientError(
                .noMatch, "“\(name)” is no conflict: their names are letters from k to z.",
                tries: ["gloss conflicts"])
        }
        let found = try conflicts().filter { keys.contains($0.conflict.id.rawValue) }
        if found.count == 1 { return found[0] }
        guard found.isEmpty else {
            throw ClientError(
                .ambiguous, "Several conflicts start with \(name).",
                tries: found.map { "gloss conflicts show \($0.shortID)" })
        }
        if try resolutions().contains(where: { keys.contains($0.conflict.rawValue) }) {
            throw ClientError(
                .stale, "Conflict \(name) is settled, or changed since: a new version joined it.",
                tries: ["gloss conflicts"])
        }
        throw ClientError(
            .noMatch, "There is no open conflict \(name).", tries: ["gloss conflicts"])
    }

    private func resolutions() throws -> [Resolution] {
        try read { reader in
            try reader.replicas().flatMap { record in
                try reader.loadReplica(record.id).resolutions.compactMap { entity in
                    if case .resolution(let resolution) = entity.kind { resolution } else { nil }
                }
            }
        }
    }

    /// Answers an open question.
    ///
    /// - Returns: what shows from now on.
    /// - Throws: ``ClientError`` `stale` if its versions changed since the view was made, `invalid`
    ///   for a choice that does not fit it.
    @discardableResult
    public func resolve(
        _ view: ConflictView, _ choice: ConflictChoice, why: String? = nil, command: String
    ) throws -> String {
        try perform(command) { workspace in
            let content = try workspace.annotated(view.article)
            guard let conflict = content.conflicts.first(where: { $0.id == view.conflict.id })
            else {
                throw ClientError(
                    .stale,
                    "Conflict \(view.shortID) is not what it was: something came in or settled it.",
                    tries: ["gloss conflicts"])
            }
            let answer = ConflictAnswer(
                conflict: conflict, choice: choice, why: why, answers: view.answers,
                content: content, workspace: workspace)
            return try answer.write()
        }
    }
}

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
        switch conflict.kind {
        case .value: try settleValue()
        case .deleteEdit: try settleLife()
        case .text: try settleText()
        case .anchor: try settleAnchor()
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
        case .entity, .text: throw illegal
        }
        let value: Value
        switch choice {
        case .letter(let letter): value = try version(letter).value ?? .none
        case .base:
            guard let base = conflict.base else { throw illegal }
            value = .text(base)
        case .words(let words): value = .text(words)
        case .both:
            guard ConflictChoice.legal(for: conflict).contains("both") else { throw illegal }
            value = .text(
                BothVersions.text(base: conflict.base, versions: conflict.versions.map(\.content)))
        case .merged, .withdraw, .keep, .loose, .done: throw illegal
        }
        let write = replica.write(value, to: field, of: entity, why: why)
        try workspace.commit([write, record], to: conflict.document)
        return value.text ?? ""
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
        guard case .text(let range) = conflict.subject else { throw illegal }
        let words: String
        switch choice {
        case .merged: words = conflict.shown
        case .letter(let letter): words = try version(letter).content
        case .base: words = conflict.base ?? ""
        case .words(let own): words = own
        case .both, .withdraw, .keep, .loose, .done: throw illegal
        }
        if words != conflict.shown {
            let edits = WordDiff.edits(from: conflict.shown, to: words).map { edit in
                TextEdit(
                    edit.range.lowerBound + range.lowerBound..<edit.range.upperBound
                        + range.lowerBound,
                    String(String.UnicodeScalarView(edit.replacement)))
            }
            try workspace.edit(edits, of: conflict.document, message: why)
        }
        try workspace.commit([record], to: conflict.document)
        return words
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
