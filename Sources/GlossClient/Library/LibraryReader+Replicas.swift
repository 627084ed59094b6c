import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

extension LibraryReader {
    /// A document as this library has it, without what the server refused.
    func loadReplica(_ document: DocumentID) throws -> Replica {
        try replica(document, of: changes(of: document))
    }

    /// As above, with who made what of it.
    func loadReplica(
        _ document: DocumentID, for profile: Profile
    ) throws -> (replica: Replica, authors: Authorship) {
        let changes = try changes(of: document)
        return (try replica(document, of: changes), Authorship(changes, profile: profile))
    }

    private func replica(_ document: DocumentID, of all: [StoredChange]) throws -> Replica {
        var changes: [Change] = []
        for stored in all {
            if case .refused = stored.state { continue }
            do throws(WireError) { changes.append(try ChangeCodec.decode(stored.bytes)) } catch {
                throw damaged(document, "\(error.message)")
            }
        }
        do throws(ChangeError) { return try Replica(id: document, changes: changes) } catch {
            throw damaged(document, error.message)
        }
    }

    private func damaged(_ document: DocumentID, _ detail: String) -> ClientError {
        ClientError(
            .library, "The library's copy of document \(document) is damaged: \(detail).",
            tries: ["join the library again on this machine and keep this one aside"])
    }

    /// The hash of a change whose causes are in the library.
    func hash(of encoded: EncodedChange, in document: DocumentID) throws -> ChangeHash {
        let change = encoded.change
        var hashes: [ChangeHash] = []
        for cause in change.causes {
            guard let stored = try self.change(of: document, holding: cause),
                let digest = SHA256Digest(stored.hash)
            else { throw ClientError(.library, "A cause of a change is missing from the library.") }
            hashes.append(ChangeHash(digest: digest))
        }
        let previous = change.seq > 0 ? hashes.removeFirst() : nil
        return ChangeHash(of: encoded, previous: previous, dependencies: hashes)
    }

    /// Whether a change is still what a server acknowledged once, and built on the same as far as its
    /// causes tell: others may know it as it is.
    func isAsAcknowledged(_ stored: StoredChange) throws -> Bool {
        guard stored.receivedAt != nil else { return false }
        let encoded = try EncodedChange(bytes: stored.bytes)
        for cause in encoded.change.causes
        where try change(of: stored.document, holding: cause) == nil {
            return false
        }
        return try hash(of: encoded, in: stored.document).digest.bytes == stored.hash
    }
}

extension LibraryWriter {
    /// Makes the annotations and replies of a change findable by their short names.
    func indexNames(of change: Change, in document: DocumentID) throws {
        for name in change.names(in: document) { try addName(name) }
    }

    /// Lets the short names of the annotations and replies of a change stand for nothing.
    func removeNames(of change: Change, in document: DocumentID) throws {
        for name in change.names(in: document) { try dropName(name) }
    }

    /// Brings the index of articles in line with an article's fields.
    func indexArticle(_ replica: Replica) throws {
        let isPutAway = replica.register(.archived).value == .yes
        try noteArticle(
            ArticleRecord(
                document: replica.id, name: replica.shortName,
                title: replica.register(.title).value?.text ?? "",
                archived: isPutAway || replica.shortName.isEmpty))
    }
}

extension Change {
    /// The short names of the annotations and replies that it makes.
    func names(in document: DocumentID) -> [NameRecord] {
        var names: [NameRecord] = []
        var seq = seq
        for op in ops {
            let id = OpID(agent: agent, seq: seq)
            let kind: String? =
                switch op {
                case .annotate: "annotation"
                case .reply: "reply"
                default: nil
                }
            if let kind {
                names.append(
                    NameRecord(key: ShortID(id).key, document: document, id: id, kind: kind))
            }
            seq += op.width
        }
        return names
    }
}

extension Replica {
    /// What people call an article: its name, or the start of its id where a client gave it none;
    /// empty for one that has neither name nor text, such as one whose adding was undone.
    var shortName: String {
        let name = register(.name).value?.text ?? ""
        return name.isEmpty && textCount > 0 ? String(id.description.prefix(8)) : name
    }
}
