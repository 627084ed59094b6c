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

    /// A request for a page.
    public init(
        id: Int, library: LibraryID, after: DocumentID? = nil, creating: [DocumentID] = []
    ) {
        self.id = id
        self.library = library
        self.after = after
        self.creating = creating
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

    /// A document.
    public init(doc: DocumentID, kind: DocumentKind?, at: Int) {
        self.doc = doc
        self.kind = kind
        self.at = at
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

    /// A new document.
    public init(library: LibraryID, doc: DocumentID, kind: DocumentKind?) {
        self.library = library
        self.doc = doc
        self.kind = kind
    }
}
