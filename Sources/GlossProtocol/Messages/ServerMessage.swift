/// What a server says. One line each.
public enum ServerMessage: Hashable, Sendable {
    /// Answers `hello`.
    case welcome(Welcome)
    /// Answers `docs`.
    case docs(DocumentsPage)
    /// A document has appeared.
    case doc(DocumentAppeared)
    /// Answers `sub`: what the server has of a document.
    case have(Have)
    /// Changes of a followed document, in the order of its log.
    case ops(LogPage)
    /// One more change of a document that the client is up to date with.
    case row(BriefRow)
    /// The end of the log for now.
    case live(Live)
    /// A push is on disk.
    case ack(Ack)
    /// A push is refused, as a whole.
    case nack(Nack)
    /// Answers `receipt`.
    case receipt(ReceiptAnswer)
    /// A document or library is no longer this user's to read.
    case revoked(Revoked)
    /// What this user may do with a document or in a library has changed.
    case role(RoleChange)
    /// The client reads too slowly; the document goes on from the log when it has caught up.
    case lag(Lag)
    /// Who is in a document.
    case pres(PresenceNews)
    /// Asks for a sign of life.
    case ping(Ping)
    /// Gives one.
    case pong(Ping)
    /// Something failed.
    case err(Failure)
    /// Is about to close.
    case bye(Bye)
}
