import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

/// One command at work: replicas as they are in its transaction, and what it writes.
final class Workspace {
    let writer: LibraryWriter
    let environment: ClientEnvironment
    let profile: Profile
    private let command: String
    private var entry: Int64?
    private var undoes: Int64?
    private var replicas: [DocumentID: Replica] = [:]
    private var records: [DocumentID: ReplicaRecord] = [:]
    private var changedArticles: Set<DocumentID> = []

    init(writer: LibraryWriter, environment: ClientEnvironment, command: String) throws(StoreError)
    {
        self.writer = writer
        self.environment = environment
        self.command = command
        profile = try writer.profile()
    }

    /// The replica of a document as the transaction has it.
    func replica(_ document: DocumentID) throws -> Replica {
        if let known = replicas[document] { return known }
        let replica = try writer.loadReplica(document)
        replicas[document] = replica
        return replica
    }

    /// Has a document read again that changed in the file.
    func reload(_ document: DocumentID) {
        replicas[document] = nil
        records[document] = nil
        if document.kind == .article { changedArticles.insert(document) }
    }

    /// Goes on with a replica that took in a change.
    func replace(_ replica: Replica) { replicas[replica.id] = replica }

    /// The article that a note is about, with the annotation set that the note is in.
    func annotated(_ note: NoteReference) throws -> AnnotatedArticle {
        AnnotatedArticle(article: try replica(note.article), annotations: try replica(note.set))
    }

    /// An article with each of its annotation sets, the shared one first.
    func annotated(_ article: DocumentID) throws -> [AnnotatedArticle] {
        try writer.sets(of: article).map { set in
            AnnotatedArticle(article: try replica(article), annotations: try replica(set))
        }
    }

    /// This user's private annotation set of an article, begun if there is none. On all their devices it
    /// has the same id, so that these need not ask each other.
    func privateSet(of article: DocumentID) throws -> DocumentID {
        let set = DocumentID.privateSet(of: article, for: profile.user)
        guard try writer.replica(set) == nil else { return set }
        try writer.addReplica(
            ReplicaRecord(
                id: set, agent: AgentID(rawValue: environment.random()), createdLocally: true,
                purged: writer.replica(article)?.purged ?? false, article: article))
        return set
    }

    /// Starts a new article with its annotation set; the server learns of it with the next sync.
    func createArticle() throws -> DocumentID {
        var random = EnvironmentRandom(environment: environment)
        let id = DocumentID.article(using: &random)
        for document in [id, id.annotations] { try addReplica(document, createdLocally: true) }
        return id
    }

    /// Starts an empty replica of a document, with an agent of its own to write with.
    func addReplica(_ document: DocumentID, createdLocally: Bool) throws {
        try writer.addReplica(
            ReplicaRecord(
                id: document, agent: AgentID(rawValue: environment.random()),
                createdLocally: createdLocally))
    }

    /// Makes a change of ready operations.
    @discardableResult
    func commit(_ ops: [Op], to document: DocumentID, message: String? = nil) throws -> Change? {
        guard !ops.isEmpty else { return nil }
        var replica = try replica(document)
        replicas[document] = nil
        let change = try local { author throws(ChangeError) in
            try replica.commit(ops, by: author)
        }(try author(document, message: message))
        replicas[document] = replica
        try keep(change, in: document)
        return change
    }

    /// A document as it would be with some operations.
    func trial(_ ops: [Op], of document: DocumentID) throws -> Replica {
        var trial = try replica(document)
        _ = try local { author throws(ChangeError) in
            try trial.commit(ops, by: author)
        }(try author(document, message: nil))
        return trial
    }

    /// Edits the text of an article.
    @discardableResult
    func edit(
        _ edits: [TextEdit], of article: DocumentID, at version: [OpID]? = nil,
        accepts: OpID? = nil, message: String? = nil, followedBy others: [Op] = []
    ) throws -> Change? {
        var replica = try replica(article)
        replicas[article] = nil
        let change = try local { author throws(ChangeError) in
            try replica.edit(
                edits, at: version, by: author, accepts: accepts, isTagged: accepts == nil,
                followedBy: others)
        }(try author(article, message: message))
        replicas[article] = replica
        guard let change else { return nil }
        try keep(change, in: article)
        return change
    }

    /// Marks the history entry of this command as the undoing of another.
    func undo(_ entry: Int64) { undoes = entry }

    /// Makes sure that the command has an entry in the history even if it changed nothing.
    func requireEntry() throws { _ = try historyEntry() }

    /// Brings the index of articles in line with what the command changed.
    func finish() throws {
        for article in changedArticles.sorted() { try writer.indexArticle(try replica(article)) }
    }

    private func author(_ document: DocumentID, message: String?) throws -> Author {
        Author(agent: try record(document).agent, time: environment.now(), message: message)
    }

    func record(_ document: DocumentID) throws -> ReplicaRecord {
        if let known = records[document] { return known }
        guard let record = try writer.replica(document) else {
            throw ClientError(.noMatch, "This library has no document \(document).")
        }
        records[document] = record
        return record
    }

    /// Runs a local change; one that breaks a rule is a limit the user ran into.
    private func local<T>(
        _ body: @escaping (Author) throws(ChangeError) -> T
    ) -> (Author) throws -> T {
        { author in
            do throws(ChangeError) { return try body(author) } catch {
                throw ClientError(.invalid, "That change cannot be made: \(error.message).")
            }
        }
    }

    /// Stores a change that the replica holds.
    func keep(_ change: Change, in document: DocumentID) throws {
        try checkRole(change, document)
        let encoded: EncodedChange
        do throws(WireError) { encoded = try EncodedChange(change) } catch {
            throw ClientError(tooLong: error)
        }
        let hash = try writer.hash(of: encoded, in: document)
        try writer.append(
            LocalChange(
                document: document, agent: change.agent, seq: change.seq, count: change.count,
                bytes: encoded.bytes, hash: hash.digest.bytes, entry: try historyEntry()))
        try writer.indexNames(of: change, in: document)
        if document.kind == .article { changedArticles.insert(document) }
    }

    /// Puts a refused change that the replica holds again back into the outbox as it is.
    func offerAgain(_ change: Change, _ stored: StoredChange) throws {
        let document = stored.document
        try checkRole(change, document)
        try writer.markOffered(document, writer.putLast(stored))
        if document.kind == .article { changedArticles.insert(document) }
    }

    private func historyEntry() throws -> Int64 {
        if let entry { return entry }
        let new = try writer.addHistoryEntry(
            command: command, time: environment.now(), undoes: undoes)
        entry = new
        return new
    }

    /// Stops what the server would refuse, as far as this device knows.
    private func checkRole(_ change: Change, _ document: DocumentID) throws {
        // In a private set everybody is the owner.
        guard document.kind != .privateAnnotations,
            let role = try writer.replica(document)?.role ?? profile.role
        else { return }
        let replica = try replica(document)
        var failure: (any Error)?
        let needed = Permission.leastRole(for: change, to: document.kind) { id in
            guard replica.entity(id) != nil else { return nil }
            if id.agent == change.agent { return true }
            do throws(StoreError) {
                let made = try writer.change(of: document, holding: id)
                return made.map { $0.user == nil || $0.user == profile.user }
            } catch {
                failure = error
                return nil
            }
        }
        if let failure { throw failure }
        guard role >= needed else {
            throw ClientError(
                .notAllowed,
                "You are a \(role.rawValue) here; this needs \(needed == .reviewer ? "a" : "an") \(needed.rawValue).",
                tries: (role == .reviewer && change.proposesText
                    ? ["gloss suggest ARTICLE WORDS --to WORDS"] : [])
                    + ["ask whoever runs the server for another role, then gloss sync"])
        }
    }
}

extension ClientError {
    /// What somebody wrote does not fit into one change.
    fileprivate init(tooLong error: WireError) {
        guard error.code == .tooLarge else {
            self.init(.invalid, "That change cannot be made: \(error.message).")
            return
        }
        self.init(
            .invalid,
            "That is too long: a note, reply, remark or reason has at most \(WireLimits.text / 1_024) KiB, one of at most \(WireLimits.evidence) sources \(WireLimits.source / 1_024) KiB, and a tag or page \(WireLimits.tag) bytes.",
            tries: ["shorten it, or add it as an article: gloss add FILE"])
    }
}

extension Change {
    /// Whether a suggestion could say the same: it changes text, and not because of a suggestion.
    fileprivate var proposesText: Bool {
        ops.contains { op in
            switch op {
            case .insert(let insertion): insertion.suggestion == nil
            case .delete(let deletion): deletion.suggestion == nil
            default: false
            }
        }
    }
}
