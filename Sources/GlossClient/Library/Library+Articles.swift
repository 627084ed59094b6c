public import GlossCore
import GlossStorage

/// One line of the list of articles.
public struct ArticleSummary: Hashable, Sendable {
    /// The document.
    public let id: DocumentID
    /// The short name people type.
    public let name: String
    /// The headline; empty if it has none.
    public let title: String
    /// Whether it is put away.
    public let isArchived: Bool
    /// Whether it was purged on the server: it is here only, and synced no more.
    public let isPurged: Bool
    /// What the server said last that the user may do with it; `nil` if it has said nothing.
    public let role: Role?
}

extension Library {
    /// Who uses the library, on which device, with which server.
    public func profile() throws -> Profile { try read { try $0.profile() } }

    /// The articles by name; those put away only if asked for.
    public func articles(includingArchived: Bool = false) throws -> [ArticleSummary] {
        try read { reader in
            let replicas = try reader.replicas().map { ($0.id, $0) }
            let known = Dictionary(replicas) { first, _ in first }
            let general = try reader.profile().role
            return try reader.articles()
                .filter { !$0.name.isEmpty && (includingArchived || !$0.archived) }
                .map {
                    ArticleSummary(
                        id: $0.document, name: $0.name, title: $0.title,
                        isArchived: $0.archived,
                        isPurged: known[$0.document]?.purged ?? false,
                        role: known[$0.document]?.role ?? general)
                }
                .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        }
    }

    /// Adds an article.
    ///
    /// - Parameters:
    ///   - name: the short name; `invalid` if an article of this library has it.
    ///   - text: its text; line ends must be `\n`.
    public func addArticle(
        name: String, title: String, text: String, source: String? = nil
    ) throws -> ArticleSummary {
        let name = try Library.checkedName(name)
        return try perform("add \(name)") { workspace in
            guard try workspace.writer.articles(named: name).isEmpty else {
                throw ClientError(
                    .invalid, "There is an article called \(name) already.",
                    tries: ["choose another name with --name"])
            }
            let id = try workspace.createArticle()
            var fields: [(Field, String)] = [(.name, name)]
            if !title.isEmpty { fields.append((.title, title)) }
            if let source { fields.append((.source, source)) }
            let empty = try workspace.replica(id)
            try workspace.commit(fields.map { empty.write(.text($1), to: $0) }, to: id)
            if !text.isEmpty { try workspace.write(TextEdit(0..<0, text), into: id) }
            return ArticleSummary(
                id: id, name: name, title: title, isArchived: false, isPurged: false,
                role: workspace.profile.role)
        }
    }

    /// How many scalars of a long text go into one change: within the limit of one change however
    /// many bytes each of them takes.
    static let chunk = 12_000

    /// Gives an article another short name.
    public func rename(_ article: DocumentID, to name: String) throws {
        let name = try Library.checkedName(name)
        let former = try articleName(article)
        try perform("rename \(former) \(name)") { workspace in
            guard try workspace.writer.articles(named: name).isEmpty else {
                throw ClientError(
                    .invalid, "There is an article called \(name) already.",
                    tries: ["choose another name"])
            }
            let replica = try workspace.replica(article)
            try workspace.commit([replica.write(.text(name), to: .name)], to: article)
        }
    }

    /// Puts an article away, or takes it out again.
    ///
    /// - Returns: whether it was not there already.
    @discardableResult
    public func setArchived(_ isArchived: Bool, _ article: DocumentID) throws -> Bool {
        let name = try articleName(article)
        return try perform("archive \(name)" + (isArchived ? "" : " --restore")) { workspace in
            let replica = try workspace.replica(article)
            let value: Value = isArchived ? .yes : .none
            guard replica.register(.archived).value ?? .none != value else { return false }
            try workspace.commit([replica.write(value, to: .archived)], to: article)
            return true
        }
    }

    /// Names people can type without quoting: letters, digits, `-`, `_` and `.`, 1 to 64 bytes.
    static func checkedName(_ name: String) throws -> String {
        let isRight = name.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || ("0"..."9").contains($0)
                || "-_.".unicodeScalars.contains($0) || isMark($0)
        }
        guard isRight, !name.isEmpty, name.utf8.count <= 64, !name.hasPrefix("-") else {
            throw ClientError(
                .invalid,
                "“\(name)” cannot be a name: letters, digits, - _ . and no spaces, at most 64 bytes.",
                tries: ["choose another name"])
        }
        return name
    }

    /// Whether a scalar is an accent or vowel sign that belongs to the letter before it.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark: !scalar.properties.isVariationSelector
        default: false
        }
    }

    /// The article that a name means, or the start of an id.
    public func article(named name: String) throws -> ArticleSummary {
        let all = try articles(includingArchived: true)
        let exact = all.filter { $0.name == name }
        let found =
            exact.isEmpty
            ? all.filter { name.utf8.count >= 4 && $0.id.description.hasPrefix(name) } : exact
        if found.count == 1 { return found[0] }
        if found.count > 1 {
            throw ClientError(
                .ambiguous, "\(found.count) articles are called \(name).",
                choice: .init(
                    word: name, instead: found.map { String($0.id.description.prefix(8)) }))
        }
        throw ClientError(
            .noMatch, "There is no article called \(name).",
            tries: NearestName.suggestions(for: name, among: all.map(\.name)).map {
                "gloss show \($0)"
            } + ["gloss ls"])
    }

    /// The short name of an article; empty if there is none of that id.
    public func articleName(_ article: DocumentID) throws -> String {
        try read { try $0.article(article)?.name ?? "" }
    }

    /// An article with its annotations, as it is now.
    public func view(_ article: DocumentID) throws -> ArticleView {
        try read { try $0.view(article) }
    }
}
