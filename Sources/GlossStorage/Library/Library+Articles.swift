public import GlossCore

extension LibraryReader {
    private static let articleColumns = "document, name, title, archived FROM articles"

    /// All articles noted, in order of their names and then of their ids.
    public func articles() throws(StoreError) -> [ArticleRecord] {
        try connection.all(
            "SELECT \(Self.articleColumns) ORDER BY name, document", [], ArticleRecord.init(row:))
    }

    /// What is noted of an article, or `nil`.
    public func article(_ document: DocumentID) throws(StoreError) -> ArticleRecord? {
        try connection.first(
            "SELECT \(Self.articleColumns) WHERE document = ?", [document.sql],
            ArticleRecord.init(row:))
    }

    /// The articles of a name, in order of their ids: names are not unique, since two devices may
    /// choose the same.
    public func articles(named name: String) throws(StoreError) -> [ArticleRecord] {
        try connection.all(
            "SELECT \(Self.articleColumns) WHERE name = ? ORDER BY document", [name],
            ArticleRecord.init(row:))
    }
}

extension LibraryWriter {
    /// Notes what `ls` shows of an article, in place of what was noted before.
    public func noteArticle(_ article: ArticleRecord) throws(StoreError) {
        try connection.run(
            "INSERT OR REPLACE INTO articles (document, name, title, archived) VALUES (?, ?, ?, ?)",
            [article.document.sql, article.name, article.title, article.archived])
    }
}

extension ArticleRecord {
    init(row: inout Columns) throws(StoreError) {
        self.init(
            document: try row.document(), name: try row.text(), title: try row.text(),
            archived: try row.bool())
    }
}
