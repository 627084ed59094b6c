public import GlossCore

/// One document of a client's library.
public struct ReplicaRecord: Hashable, Sendable {
    /// Its id.
    public var id: DocumentID
    /// The agent this device now writes with.
    public var agent: AgentID
    /// Up to where the server's log has been taken in, 0 for nothing.
    public var position: Int
    /// The server's running checksum at ``position``.
    public var sum: UInt64
    /// Whether the server does not know the document yet.
    public var createdLocally: Bool
    /// Up to which place of the local order its user has seen it; 0 for nothing.
    public var readPosition: Int
    /// Whether the server has purged the document: nothing of it is sent or asked for any more.
    public var purged: Bool
    /// The article that it is or belongs to.
    public var article: DocumentID
    /// What the server said last that the library's user may do with it; `nil` if it has said nothing,
    /// and the role in the library holds.
    public var role: Role?

    /// A record of the given values.
    ///
    /// - Parameter article: of a private set, which does not tell it by its id.
    public init(
        id: DocumentID, agent: AgentID, position: Int = 0, sum: UInt64 = 0,
        createdLocally: Bool = false, readPosition: Int = 0, purged: Bool = false,
        article: DocumentID? = nil, role: Role? = nil
    ) {
        self.id = id
        self.agent = agent
        self.position = position
        self.sum = sum
        self.createdLocally = createdLocally
        self.readPosition = readPosition
        self.purged = purged
        self.article = article ?? id.article
        self.role = role
    }

    /// What kind of document it is, which its id tells.
    public var kind: DocumentKind { id.kind }
}
