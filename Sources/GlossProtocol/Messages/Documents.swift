public import GlossCore

/// `docs` from a client: lists the documents of a library, after creating the given articles.
public struct DocumentsRequest: Hashable, Sendable {
    /// Echoed by the answer.
    public var id: Int
    /// The library.
    public var library: LibraryID
    /// The last document of the page before; `nil` for the first page.
    public var after: DocumentID?
    /// Articles to create first, each with its shared annotation set. One that exists in this
    /// library already is no error.
    public var creating: [DocumentID]
    /// Private annotation sets of the user's own to create behind them.
    public var creatingSets: [PrivateSet]

    /// A request for a page.
    public init(
        id: Int, library: LibraryID, after: DocumentID? = nil, creating: [DocumentID] = [],
        creatingSets: [PrivateSet] = []
    ) {
        self.id = id
        self.library = library
        self.after = after
        self.creating = creating
        self.creatingSets = creatingSets
    }
}

/// A private annotation set and its article.
public struct PrivateSet: Hashable, Sendable {
    /// The set, as ``GlossCore/DocumentID/privateSet(of:for:)`` names it.
    public var doc: DocumentID
    /// The article it is a set of.
    public var article: DocumentID

    /// A set of an article.
    public init(doc: DocumentID, article: DocumentID) {
        self.doc = doc
        self.article = article
    }
}

/// A document of a library.
public struct DocumentSummary: Hashable, Sendable {
    /// Which.
    public var doc: DocumentID
    /// What it holds; `nil` for a kind that only newer peers know.
    public var kind: DocumentKind?
    /// The last position of its log; 0 while it is empty.
    public var at: Int
    /// The article that a private set belongs to; `nil` of other kinds.
    public var article: DocumentID?

    /// A document.
    public init(doc: DocumentID, kind: DocumentKind?, at: Int, article: DocumentID? = nil) {
        self.doc = doc
        self.kind = kind
        self.at = at
        self.article = article
    }
}

/// `docs` from a server: a page of a library's documents, in ascending order of ids.
public struct DocumentsPage: Hashable, Sendable {
    /// The `id` of the request.
    public var id: Int
    /// The library.
    public var library: LibraryID
    /// The documents, at most ``WireLimits/documents``.
    public var documents: [DocumentSummary]
    /// Whether there are more behind the last one.
    public var more: Bool

    /// A page.
    public init(id: Int, library: LibraryID, documents: [DocumentSummary], more: Bool) {
        self.id = id
        self.library = library
        self.documents = documents
        self.more = more
    }
}

/// `doc`: a document has appeared in one of the user's libraries.
public struct DocumentAppeared: Hashable, Sendable {
    /// The library.
    public var library: LibraryID
    /// Which document.
    public var doc: DocumentID
    /// What it holds; `nil` for a kind that only newer peers know.
    public var kind: DocumentKind?
    /// The article that a private set belongs to; `nil` of other kinds.
    public var article: DocumentID?

    /// A new document.
    public init(
        library: LibraryID, doc: DocumentID, kind: DocumentKind?, article: DocumentID? = nil
    ) {
        self.library = library
        self.doc = doc
        self.kind = kind
        self.article = article
    }
}
