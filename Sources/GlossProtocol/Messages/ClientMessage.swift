/// What a client says. One line each.
public enum ClientMessage: Hashable, Sendable {
    /// Who it is; always the first line.
    case hello(Hello)
    /// Asks for the documents of a library, and creates articles.
    case docs(DocumentsRequest)
    /// Asks to follow a document.
    case sub(SubscribeRequest)
    /// Stops following one.
    case unsub(Unsubscribe)
    /// Brings changes.
    case push(Push)
    /// Says where it is in a document.
    case pres(PresenceReport)
    /// Gives back what the server has lost, by its receipt.
    case give(Give)
    /// Asks for a receipt in front of a stretch that is signed behind.
    case receipt(ReceiptRequest)
    /// Asks for a sign of life.
    case ping(Ping)
    /// Gives one.
    case pong(Ping)
    /// Complains.
    case err(Failure)
    /// Is about to close.
    case bye(Bye)
}
