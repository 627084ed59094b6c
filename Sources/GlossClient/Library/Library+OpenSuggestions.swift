public import GlossCore

extension Library {
    /// The suggestions that nobody has decided on, by article and in the order of the text.
    ///
    /// - Parameters:
    ///   - article: only of this one; of all that are not put away if `nil`.
    ///   - user: only by this user; `me` for one's own.
    public func openSuggestions(
        in article: DocumentID? = nil, by user: String? = nil
    ) throws -> [NoteReference] {
        let articles = try article.map { [$0] } ?? self.articles().map(\.id)
        return try articles.flatMap { article in
            try view(article).openMatters().suggestions.filter { note in
                guard let user else { return true }
                return user == "me" ? note.author.isMine : note.author.user == user
            }.map { NoteReference(article: article, set: $0.set, id: $0.id, isReply: false) }
        }
    }
}
