import GlossCore

/// What is left of an annotation that was withdrawn.
public struct Withdrawal: Sendable {
    /// Who withdrew it.
    public let author: Attribution
    /// Why, if they said so.
    public let why: String?
    /// Who put the words of a suggestion into the text, which they are still in.
    public let acceptedBy: [Attribution]
}

extension Library {
    /// How an annotation or reply was withdrawn; `nil` for one that stands.
    ///
    /// An acceptance stands in the article, and so does what it put there, whatever becomes of the
    /// suggestion: nobody is asked, but people are told.
    public func withdrawal(of note: NoteReference) throws -> Withdrawal? {
        try read { reader in
            let article = try reader.loadReplica(note.article)
            let set = try reader.loadReplica(note.set)
            guard set.isGone(note.id), let write = set.entity(note.id)?.register(.life).shown
            else { return nil }
            let profile = try reader.profile()
            let authors = try Authorship(reader, document: set.id, profile: profile)
            let texts = try Authorship(reader, document: article.id, profile: profile)
            return authors.attribution(of: write.id).map { author in
                Withdrawal(
                    author: author, why: write.why,
                    acceptedBy: article.liveAcceptances(of: note.id).compactMap {
                        texts.attribution(of: $0)
                    })
            }
        }
    }
}
