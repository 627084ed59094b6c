public import GlossCore

/// A document that was removed for good.
public struct PurgedRecord: Hashable, Sendable {
    /// Its id.
    public var id: DocumentID
    /// The library it belonged to.
    public var library: LibraryID
    /// The article that it was, or was a set of.
    public var article: DocumentID
    /// Whose private set it was; `nil` of what all members shared.
    public var owner: String?

    /// A record of the given values.
    public init(id: DocumentID, library: LibraryID, article: DocumentID, owner: String? = nil) {
        self.id = id
        self.library = library
        self.article = article
        self.owner = owner
    }
}
