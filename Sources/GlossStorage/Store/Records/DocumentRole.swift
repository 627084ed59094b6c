public import GlossCore

/// What a member of a library may do with one article and its annotation sets, instead of what their
/// role in the library allows.
public struct DocumentRole: Hashable, Sendable {
    /// The article.
    public var article: DocumentID
    /// The account name.
    public var user: String
    /// The role; with `nil` the article is as if it did not exist.
    public var role: Role?

    /// A record of the given values.
    public init(article: DocumentID, user: String, role: Role?) {
        self.article = article
        self.user = user
        self.role = role
    }

    /// What stands for no role at all, where a role is written.
    public static let none = "none"
}
