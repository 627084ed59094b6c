public import GlossCore

/// What `glossd` keeps: accounts, invitations, and one log of changes for each document.
///
/// Every method is atomic, and one that writes returns only when its effect is on disk, so its
/// return may be passed on as an acknowledgement. Methods may be called from any task at once;
/// they take effect one after the other. Cancelling a task does not interrupt them.
///
/// Storage never parses a change. The first changes of a log may be in one piece, a block, which only
/// the ``ChangePacking`` that a store is made with can read. Times are milliseconds since 1970, passed in by the caller.
/// Every method throws ``StoreError`` with ``StoreError/Code/closed`` after ``close()``, and what
/// the disk has to say; the errors named below come on top.
public protocol Store: Sendable {
    /// What the store knows of itself.
    func info() async throws(StoreError) -> StoreInfo
    /// Gives the log another id, as a server does whose store was restored from a backup.
    func setLineage(_ lineage: UInt64) async throws(StoreError)
    /// Keeps the secret key that receipts are signed with; `invalid` unless it has 32 bytes, `exists`
    /// if there is one already.
    func setReceiptKey(_ key: [UInt8]) async throws(StoreError)

    // MARK: Libraries and members

    /// Adds a library; `exists` if its id or name is in use.
    func addLibrary(_ library: LibraryRecord) async throws(StoreError)
    /// All libraries in order of their names.
    func libraries() async throws(StoreError) -> [LibraryRecord]
    /// The library of that id, or `nil`.
    func library(_ id: LibraryID) async throws(StoreError) -> LibraryRecord?
    /// The library of that name, or `nil`.
    func library(named name: String) async throws(StoreError) -> LibraryRecord?
    /// The members of a library in order of their names; none if there is no such library.
    func members(of library: LibraryID) async throws(StoreError) -> [Membership]
    /// The libraries a user is a member of, in order of their ids' bits as unsigned numbers.
    func memberships(of user: String) async throws(StoreError) -> [Membership]
    /// The role of a user in a library; `nil` if they are no member.
    func role(of user: String, in library: LibraryID) async throws(StoreError) -> Role?
    /// Makes a user a member with a role, changes that role, or, with `nil`, ends the membership;
    /// `notFound` if there is no such library or user.
    ///
    /// Who is lowered or removed loses the invitations to this library that they made, and who is
    /// removed also those made for them, and their roles by document: none may be a way back.
    func setRole(_ role: Role?, of user: String, in library: LibraryID) async throws(StoreError)

    // MARK: Roles by document

    /// A user's roles by document, in order of the articles.
    func documentRoles(of user: String) async throws(StoreError) -> [DocumentRole]
    /// The roles that users have on an article, in order of their names.
    func documentRoles(on article: DocumentID) async throws(StoreError) -> [DocumentRole]
    /// Gives a member of an article's library another role on the article, or none. It stands until
    /// it is removed or the membership ends, also when the article is purged.
    ///
    /// `notFound` if there is no such article or member, `invalid` if it is not an article.
    func setDocumentRole(_ role: DocumentRole) async throws(StoreError)
    /// Has the role in the library hold again for an article. Harmless where it does.
    func removeDocumentRole(of user: String, on article: DocumentID) async throws(StoreError)

    // MARK: Users and devices

    /// Adds an account; `exists` if the name is in use.
    func addUser(_ user: UserRecord) async throws(StoreError)
    /// All accounts in order of their names.
    func users() async throws(StoreError) -> [UserRecord]
    /// The devices of a user, or with `nil` of everybody, in order of user and label.
    func devices(of user: String?) async throws(StoreError) -> [DeviceRecord]
    /// The device of that id, revoked or not, or `nil`.
    func device(_ id: DeviceID) async throws(StoreError) -> DeviceRecord?
    /// Cuts a device off; the first time counts. `notFound` if there is no such device.
    func revokeDevice(_ id: DeviceID, now: Int) async throws(StoreError)
    /// Notes that a device was connected; an earlier time than the one noted changes nothing.
    /// `notFound` if there is no such device.
    func touchDevice(_ id: DeviceID, now: Int) async throws(StoreError)

    // MARK: Invitations

    /// Adds an invitation; `exists` if the secret is in use, `notFound` if there is no such
    /// library, `invalid` if it can never be used.
    func addInvitation(_ invitation: InvitationRecord) async throws(StoreError)
    /// The invitations to a library, used up and expired ones too, the oldest first.
    func invitations(to library: LibraryID) async throws(StoreError) -> [InvitationRecord]
    /// Takes an invitation back; `invitationUnknown` if there is none with this secret.
    func removeInvitation(secretHash: [UInt8]) async throws(StoreError)
    /// Removes the invitations that expired at or before `now` and says how many those were.
    /// Retries of their redemptions are refused from then on.
    @discardableResult
    func removeExpiredInvitations(now: Int) async throws(StoreError) -> Int
    /// Makes the account if it is new, adds the device, and makes the user a member.
    ///
    /// Redeeming again with the same invitation, user, device and secret gives the same result and
    /// uses nothing up, also when the invitation is used up or expired by then. A device of the
    /// same id, user and secret that exists already joins as it is.
    ///
    /// Refusals, the first that applies: `invitationUnknown`, `invitationExpired`,
    /// `invitationUsedUp`, `libraryDiffers`, `nameReserved`, `nameTaken` (joining an existing account
    /// needs an invitation made for it), `deviceTaken`, `deviceRevoked`.
    func redeem(_ offer: Redeeming) async throws(StoreError) -> Redemption

    // MARK: Documents and their logs

    /// Makes an article and its shared annotation set, and returns both as they stand.
    ///
    /// Doing so again in the same library is harmless. `invalid` if the id is not an article's,
    /// `notFound` if there is no such library, `exists` if the id is in another library, `gone` if it
    /// was purged.
    func createArticle(
        _ id: DocumentID, in library: LibraryID, now: Int
    ) async throws(StoreError) -> (article: DocumentRecord, annotations: DocumentRecord)
    /// Makes the private annotation set that a user has of an article, and returns it as it stands.
    ///
    /// Doing so again is harmless. `invalid` if the ids are not those of a private set and an article,
    /// `notFound` if there is no such article or user, `gone` if the article was purged, `exists` if
    /// the id is that of another user's set or of another article's.
    func createPrivateSet(
        _ id: DocumentID, of article: DocumentID, for user: String, now: Int
    ) async throws(StoreError) -> DocumentRecord
    /// The private annotation sets of an article, in order of their ids.
    func privateSets(of article: DocumentID) async throws(StoreError) -> [DocumentRecord]
    /// The document of that id, or `nil`.
    func document(_ id: DocumentID) async throws(StoreError) -> DocumentRecord?
    /// What there is to know of a document without its rows, and its running checksum at a position;
    /// `nil` if there is no such document. Reads no row but, for the checksum, one; or, once a process
    /// for each document, the hashes of those in a block.
    func header(
        of document: DocumentID, at position: Int
    ) async throws(StoreError) -> DocumentHeader?
    /// At most `limit` documents of a library in order of their ids, from behind `after` on.
    func documents(
        in library: LibraryID, after: DocumentID?, limit: Int
    ) async throws(StoreError) -> [DocumentRecord]
    /// The same without those that a member may not read.
    func documents(
        in library: LibraryID, readableBy user: String, after: DocumentID?, limit: Int
    ) async throws(StoreError) -> [DocumentRecord]
    /// The rows behind a position, in order: at most `maxRows`, and no more than `maxBytes` bytes
    /// of changes, but at least one if there is one. None if there is no such document.
    func rows(
        of document: DocumentID, after position: Int, maxBytes: Int, maxRows: Int
    ) async throws(StoreError) -> [LogRow]
    /// The row that holds an operation, or `nil`.
    func row(of document: DocumentID, holding id: OpID) async throws(StoreError) -> LogRow?
    /// The marks of the rows at some positions, in their order; those of the log only.
    func marks(
        of document: DocumentID, at positions: [Int]
    ) async throws(StoreError) -> [LogMark]
    /// The agents that have written to a document, in ascending order.
    func agents(of document: DocumentID) async throws(StoreError) -> [AgentRecord]
    /// The running checksum at a position: 0 at position 0, `nil` beyond the head or if there is
    /// no such document.
    func sum(of document: DocumentID, at position: Int) async throws(StoreError) -> UInt64?
    /// Appends to the logs of several documents, all or nothing.
    ///
    /// The appends take effect in order, so one may follow another on the same document. Each
    /// agent belongs to the user and device of its first row. `notFound` if there is no such
    /// document, `gone` if it was purged, `stale` if its head is not the expected one, `agentTaken` if an agent belongs to
    /// another user or device, `exists` if the log holds the sequence number, `gap` if it is
    /// beyond the agent's next one, `invalid` if a row is malformed.
    func commit(_ appends: [Append]) async throws(StoreError) -> [Appended]

    /// Keeps the hash of a document's log up to its head, where an append did not say it. Nothing
    /// happens if the head is another one by now, or there is no such document; `invalid` unless the
    /// hash has 32 bytes.
    func setChain(
        _ chain: [UInt8], of document: DocumentID, at head: Int
    ) async throws(StoreError)

    // MARK: Compaction

    /// How large a document's log is; `nil` if there is no such document.
    func size(of document: DocumentID) async throws(StoreError) -> LogSize?
    /// The changes of a document that are in one piece; `nil` if none are.
    func block(of document: DocumentID) async throws(StoreError) -> LogBlock?
    /// Replaces the first rows of a log by one block. Whoever reads rows, marks or checksums sees no
    /// difference.
    ///
    /// Nothing is replaced before `changes`, unpacked, has given every row byte for byte: `invalid` if
    /// it does not. `notFound` if there is no such document, `stale` if its block does not reach to
    /// `blockHead` (0 for none) or its log not to `position`.
    func compact(
        _ document: DocumentID, to position: Int, from blockHead: Int, changes: [UInt8]
    ) async throws(StoreError)

    // MARK: Purging

    /// Removes an article and its annotation sets with everything in them, for good; gives what they
    /// were: the article, the shared set, private ones. None if they were purged before. No document of these ids can be made again.
    ///
    /// `notFound` if there is no such document, `invalid` if it is not an article. What was written
    /// may still stand in unused parts of the file: see ``reclaim()``.
    func purge(_ article: DocumentID, now: Int) async throws(StoreError) -> [DocumentRecord]
    /// A document that was purged; `nil` of any other.
    func purgedDocument(_ document: DocumentID) async throws(StoreError) -> PurgedRecord?
    /// Writes the files anew, without what was removed or replaced. Others wait as long as for a
    /// backup, and the disk needs room for as much again.
    func reclaim() async throws(StoreError)

    // MARK: The store as a whole

    /// Writes a consistent copy of the store to a new file, while running: readable by its owner
    /// only, checked, and on disk under its name when this returns. `exists` if there is a file.
    func backup(to path: String) async throws(StoreError)
    /// Closes the store. Closing again is harmless.
    func close() async throws(StoreError)
}
