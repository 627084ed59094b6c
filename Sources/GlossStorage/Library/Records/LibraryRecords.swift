public import GlossCore

/// Text that somebody had written when a command could not finish.
public struct Draft: Hashable, Sendable {
    /// Its number.
    public var id: Int64
    /// The document it is meant for.
    public var document: DocumentID
    /// What it was to become, in the caller's words.
    public var purpose: String
    /// The version it was written against, opaque to storage.
    public var baseVersion: [UInt8]
    /// The text.
    public var text: String
    /// When it was kept, in milliseconds since 1970.
    public var time: Int

    /// A record of the given values.
    public init(
        id: Int64, document: DocumentID, purpose: String, baseVersion: [UInt8], text: String,
        time: Int
    ) {
        self.id = id
        self.document = document
        self.purpose = purpose
        self.baseVersion = baseVersion
        self.text = text
        self.time = time
    }
}

/// What a short name stands for.
public struct NameRecord: Hashable, Sendable {
    /// The name, as the 64 bits whose prefixes people type.
    public var key: UInt64
    /// The document of the entity.
    public var document: DocumentID
    /// The operation that made the entity.
    public var id: OpID
    /// What kind of entity it is, in the caller's words.
    public var kind: String

    /// A record of the given values.
    public init(
        key: UInt64, document: DocumentID, id: OpID, kind: String
    ) {
        self.key = key
        self.document = document
        self.id = id
        self.kind = kind
    }
}

/// What `ls` shows of an article, kept so that no replica need be loaded.
public struct ArticleRecord: Hashable, Sendable {
    /// The article.
    public var document: DocumentID
    /// What people call it on the command line.
    public var name: String
    /// Its title.
    public var title: String
    /// Whether it is put away.
    public var archived: Bool

    /// A record of the given values.
    public init(
        document: DocumentID, name: String, title: String, archived: Bool
    ) {
        self.document = document
        self.name = name
        self.title = title
        self.archived = archived
    }
}
