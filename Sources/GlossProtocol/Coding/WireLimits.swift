/// Every limit of the protocol, in one table. `Protocol/messages.md` has the same one.
///
/// Lengths are in bytes of UTF-8, the line feed of a line not counted.
public enum WireLimits {
    /// A line before the server's `welcome`.
    public static let lineBeforeLogin = 4_096
    /// A line after it.
    public static let line = 1_048_576
    /// Objects and arrays inside each other, in a line.
    public static let depth = 16
    /// The same, in a change alone: a push wraps it in four more.
    public static let changeDepth = 12
    /// The largest integer: 2^53 - 1.
    public static let integer = 9_007_199_254_740_991

    /// A change.
    public static let change = 262_144
    /// Operations in a change.
    public static let operations = 16_384
    /// Dependencies of a change.
    public static let dependencies = 64
    /// A body, reply, proposal, reason or message; the value of a field.
    public static let text = 65_536
    /// A tag.
    public static let tag = 64
    /// Tags a new annotation starts with.
    public static let tags = 64
    /// The name of a field, an annotation's kind, a choice; of a user, a device, a library.
    public static let name = 64
    /// The quoted words of a target.
    public static let quote = 65_536
    /// The words before or behind them.
    public static let quoteContext = 256
    /// Ranges of a target.
    public static let ranges = 256
    /// Entries of a check's evidence.
    public static let evidence = 64
    /// What a piece of evidence is, and where it is to be had.
    public static let source = 4_096
    /// Ids, spans or marks in one list.
    public static let ids = 4_096

    /// The changes of a document together. A newcomer fetches them all, and a server reads them all to
    /// load it.
    public static let document = 67_108_864

    /// Changes in a push, over all its documents.
    public static let pushChanges = 4_096
    /// Documents in a push.
    public static let pushDocuments = 16
    /// Bytes of a push's changes that senders stay below; a single change may be larger.
    public static let pushBytes = 262_144
    /// Rows in one `give` or `receipt`. The changes of a `give` stay below ``pushBytes``.
    public static let stretch = 2_048
    /// Bytes of changes in one `ops` page; a single change may be larger.
    public static let page = 262_144
    /// Changes at once that are told as a `row` each; more come as `ops`.
    public static let briefRows = 16
    /// Positions after which a checksum is told at the latest, where changes come as `row`.
    public static let rowsToChecksum = 16
    /// Unanswered pushes of a connection.
    public static let pushesInFlight = 256
    /// Bytes of changes in unanswered pushes of a connection.
    public static let bytesInFlight = 1_048_576
    /// Documents a connection follows.
    public static let subscriptions = 4_096
    /// Documents in one page of `docs`, and articles created by one.
    public static let documents = 1_024
    /// Unanswered `docs` and `sub` of a connection.
    public static let requestsInFlight = 1_024
    /// Connections that one device may have open.
    public static let connectionsOfDevice = 64
    /// Failed logins from one address in a row, and the milliseconds after which one more may be tried.
    public static let failedLogins = 20
    /// See ``failedLogins``.
    public static let failedLoginTime = 10_000
    /// False receipts of one user in a row, and the milliseconds after which one more may be shown.
    public static let falseReceipts = 20
    /// See ``falseReceipts``.
    public static let falseReceiptTime = 10_000
    /// Pushes of several changes of one user in a row that are refused behind their first change, and
    /// the milliseconds after which one more may be.
    public static let undonePushes = 256
    /// See ``undonePushes``.
    public static let undonePushTime = 1_000
    /// TLS handshakes that a server starts in a second; who comes beyond that waits for a turn.
    public static let handshakesPerSecond = 1_000
    /// Lines a client may send before it has its `welcome`, the `hello` not counted.
    public static let linesBeforeWelcome = 16
    /// Documents whose logs are read for one connection at a time.
    public static let readsInFlight = 4
    /// Unanswered `sub` that a client of ours keeps to.
    public static let subscribesInFlight = 256
    /// Agents in a version vector, and so of a document: changes of another are refused.
    public static let vector = 16_384
    /// Bytes that wait for a peer from which on it counts as one that does not read: what is new is
    /// read for it from the log, when it has taken most of them.
    public static let waiting = 262_144
    /// Pushes, of all connections, that wait for the disk.
    public static let pushesWaiting = 4_096
    /// Addresses, and users, whose failures are counted at once.
    public static let failuresKept = 4_096
    /// Libraries in a `welcome`.
    public static let libraries = 1_024
    /// Entries of `caps` that are read.
    public static let capabilities = 64
    /// Versions in a `hello`.
    public static let versions = 16
    /// The name and version of a program.
    public static let software = 128
    /// A message for people in an error.
    public static let reason = 1_024
    /// Such a message about one of many changes.
    public static let reasonLeftOut = 256
    /// A secret, a key: bytes before base64url.
    public static let secret = 64

    /// What a connection shows of itself in a document.
    public static let presenceState = 1_024
    /// Objects and arrays inside each other there; the others get it wrapped in three more.
    public static let presenceDepth = 12
    /// Connections that show themselves in a document.
    public static let presenceEntries = 256
    /// Milliseconds between two `pres` of a document on a connection, either way.
    public static let presencePause = 100

    /// Milliseconds from the end of the handshake until a client must be welcome; and those that the
    /// handshake may take, and wait for its turn.
    public static let helloTime = 10_000
    /// Seconds of silence after which either side sends `ping`, unless `welcome` says otherwise.
    public static let heartbeat = 30
    /// Milliseconds within which something must come back.
    public static let pongTime = 15_000
    /// Milliseconds in which a peer that does not read must take something of what waits for it.
    public static let stallTime = 60_000
}
