public import GlossCore
import GlossProtocol
import GlossStorage

/// An annotation or reply that a short name stands for.
public struct NoteReference: Hashable, Sendable {
    /// The article.
    public let article: DocumentID
    /// The annotation set that it is in.
    public let set: DocumentID
    /// The annotation, or the reply itself.
    public let id: OpID
    /// Whether it is a reply.
    public let isReply: Bool

    /// A reference to what is in an annotation set of an article: in the shared one, unless said
    /// otherwise.
    public init(article: DocumentID, set: DocumentID? = nil, id: OpID, isReply: Bool) {
        self.article = article
        self.set = set ?? article.annotations
        self.id = id
        self.isReply = isReply
    }
}

extension Library {
    /// What a short name, or its first letters, stands for.
    public func note(_ name: String) throws -> NoteReference {
        guard let keys = ShortID.keys(startingWith: name) else {
            throw ClientError(
                .noMatch, "“\(name)” is no note: their names are letters from k to z.",
                tries: ["gloss notes"])
        }
        let found = try read { try $0.names(in: keys, limit: 6) }
        guard let first = found.first else {
            if let entry = try read({ try $0.entryOfRecalledNote(in: keys) }) {
                throw ClientError(
                    .noMatch, "Note \(name) is gone: “\(entry.command)” was undone.",
                    tries: ["gloss redo \(entry.id)", "gloss history show \(entry.id)"])
            }
            throw ClientError(.noMatch, "There is no note \(name).", tries: ["gloss notes"])
        }
        guard found.count == 1 else {
            throw ClientError(
                .ambiguous, "Several notes start with \(name).",
                tries: found.map { "use \(ShortID(key: $0.key).prefix(name.utf8.count + 2))" })
        }
        return NoteReference(
            article: try read { try $0.article(of: first.document) }, set: first.document,
            id: first.id, isReply: first.kind == "reply")
    }

    /// The annotation that a reply answers, and its short name; `nil` for what is no reply.
    public func annotation(
        answeredBy note: NoteReference
    ) throws -> (reference: NoteReference, name: String)? {
        try read { reader in
            guard
                case .reply(let reply)? = try reader.loadReplica(note.set).entity(note.id)?.kind
            else { return nil }
            let reference = NoteReference(
                article: note.article, set: note.set, id: reply.annotation, isReply: false)
            return (reference, try reader.shortID(of: reply.annotation))
        }
    }

    /// Whether an annotation proposes other words.
    public func isSuggestion(_ note: NoteReference) throws -> Bool {
        try read { reader in
            let replica = try reader.loadReplica(note.set)
            return replica.entity(note.id)?.text(.proposal) != nil
        }
    }

    /// The short name to show for an annotation or reply.
    public func shortID(of id: OpID) throws -> String {
        try read { try $0.shortID(of: id) }
    }

    /// Adds an annotation on a range of scalars, or on the article as a whole.
    ///
    /// - Parameters:
    ///   - others: more ranges that it is about, if it is about one.
    ///   - version: the version of the article whose text they are of: what its writer saw; unless
    ///     given, the one that is here.
    ///   - kind: what it is for; a suggestion is one by its proposal.
    ///   - proposal: the words to put there, for a suggestion.
    ///   - isPrivate: whether it is for this user alone.
    /// - Throws: ``ClientError`` `stale` if the version is not in the article any more.
    public func annotate(
        _ article: DocumentID, at range: Range<Int>?, also others: [Range<Int>] = [],
        of version: [OpID]? = nil, kind: AnnotationKind = .note, body: String,
        proposal: String? = nil, tags: [String] = [], isPrivate: Bool = false, command: String
    ) throws -> OpID {
        try perform(command) { workspace in
            let replica = try workspace.replica(article)
            let target =
                try range.map {
                    try replica.target(
                        on: Array(RangeSet([$0] + others).ranges), seenAt: version)
                }
                ?? Target(
                    ranges: [], quote: Quote(exact: "", prefix: "", suffix: ""),
                    version: version.flatMap { replica.holds($0) ? $0 : nil } ?? replica.frontier)
            let annotation = NewAnnotation(
                kind: proposal == nil ? kind : .suggestion, target: target, body: body,
                proposal: proposal, tags: Array(Set(tags)).sorted())
            guard
                let change = try workspace.commit(
                    [.annotate(annotation)],
                    to: isPrivate ? workspace.privateSet(of: article) : article.annotations)
            else { preconditionFailure("there is an operation") }
            return change.id
        }
    }

    /// Puts an annotation on a range of scalars, of the text at a version; unless given, at the one
    /// that is here.
    ///
    /// - Throws: ``ClientError`` `stale` if the version is not in the article any more.
    public func attach(
        _ note: NoteReference, to range: Range<Int>, of version: [OpID]? = nil, why: String?,
        command: String
    ) throws {
        try perform(command) { workspace in
            let target = try workspace.replica(note.article).target(on: [range], seenAt: version)
            let replica = try workspace.replica(note.set)
            try workspace.commit(
                [replica.write(.target(target), to: .target, of: note.id, why: why)]
                    + replica.keeping(note.id),
                to: note.set)
        }
    }

    /// Answers an annotation.
    public func reply(to note: NoteReference, body: String, command: String) throws -> OpID {
        try perform(command) { workspace in
            let replica = try workspace.replica(note.set)
            var annotation = note.id
            if case .reply(let reply)? = replica.entity(note.id)?.kind {
                annotation = reply.annotation
            }
            guard
                let change = try workspace.commit(
                    [.reply(NewReply(annotation: annotation, body: body))], to: note.set)
            else { preconditionFailure("there is an operation") }
            return change.id
        }
    }

    /// Writes a field of annotations or replies; those that hold the value already stay as they are.
    ///
    /// Who changes one that others disagree about withdrawing keeps it with that.
    ///
    /// - Returns: those it changed.
    @discardableResult
    public func set(
        _ field: Field, to value: Value, of notes: [NoteReference], why: String? = nil,
        command: String
    ) throws -> [NoteReference] {
        try perform(command) { workspace in
            try notes.filter { note in
                let document = note.set
                let replica = try workspace.replica(document)
                let register = replica.entity(note.id)?.register(field) ?? Register()
                let isSettled = field != .life || replica.keeping(note.id).isEmpty
                if isSettled, register.heads.count == 1, register.value == value { return false }
                if register.heads.isEmpty, value == .open || value == .active || value == .none {
                    return false
                }
                let write = replica.write(value, to: field, of: note.id, why: why)
                try workspace.commit(
                    [write] + (field == .life ? [] : replica.keeping(note.id)), to: document)
                return true
            }
        }
    }

    /// Puts tags on annotations and takes tags off.
    ///
    /// - Returns: those it changed.
    @discardableResult
    public func tag(
        _ notes: [NoteReference], adding added: [String], removing removed: [String],
        command: String
    ) throws -> [NoteReference] {
        try perform(command) { workspace in
            try notes.filter { note in
                let document = note.set
                let replica = try workspace.replica(document)
                let present = replica.entity(note.id)?.tags ?? []
                var ops: [Op] = added.filter { !present.contains($0) }.map {
                    .addTag(TagAddition(annotation: note.id, tag: $0))
                }
                ops += removed.compactMap { replica.removal(ofTag: $0, from: note.id) }
                return try workspace.commit(ops, to: document) != nil
            }
        }
    }
}

extension LibraryReader {
    /// The short name to show for an annotation or reply.
    func shortID(of id: OpID) throws(StoreError) -> String {
        try shortIDs().name(of: ShortID(id))
    }

    /// The command that made an annotation or reply and was taken back before a server had it.
    fileprivate func entryOfRecalledNote(in keys: ClosedRange<UInt64>) throws -> HistoryEntry? {
        for stored in try recalled() {
            let names = try ChangeCodec.decode(stored.bytes).names(in: stored.document)
            guard names.contains(where: { keys.contains($0.key) }), let id = stored.entry else {
                continue
            }
            return try historyEntry(id)
        }
        return nil
    }

    /// The short names of all annotations and replies.
    func shortIDs() throws(StoreError) -> ShortIDs {
        ShortIDs(try names(in: 0...UInt64.max).map(\.key))
    }
}

extension Replica {
    /// What keeps an annotation or reply that some withdrew and others did not; nothing for others.
    fileprivate func keeping(_ id: OpID) -> [Op] {
        guard let entity = entity(id) else { return [] }
        let isOpen = entity.isWithdrawn ? !isGone(id) : entity.register(.life).isContested
        return isOpen ? [write(.active, to: .life, of: id)] : []
    }
}
