import GlossCore
import GlossStorage

@testable import GlossServer

/// What of a server is on disk: everything that was ever written to its store, in order.
///
/// Outlives the server. One that starts reads it again; one that is restored reads a part.
final class ServerDisk: @unchecked Sendable {  // only ever used on the thread of its simulation
    /// A write that is on disk.
    enum Record {
        case library(LibraryRecord)
        case role(Role?, user: String, LibraryID)
        case articleRole(DocumentRole)
        case generalRole(user: String, DocumentID)
        case revocation(DeviceID, at: Int)
        case touch(DeviceID, at: Int)
        case invitation(InvitationRecord)
        case redemption(Redeeming)
        case article(DocumentID, LibraryID, at: Int)
        case privateSet(DocumentID, of: DocumentID, user: String, at: Int)
        case commit([Append])
        case compaction(DocumentID, to: Int, from: Int, changes: [UInt8])
    }

    private(set) var lineage: UInt64
    private(set) var records: [Record] = []
    /// The logs' rows, the first at position 1.
    private(set) var logs: [DocumentID: [NewRow]] = [:]
    private(set) var libraries: [DocumentID: LibraryID] = [:]
    /// Whose the private sets are.
    private(set) var owners: [DocumentID: String] = [:]
    /// The articles that the private sets belong to.
    private var articles: [DocumentID: DocumentID] = [:]
    private(set) var roles: [LibraryID: [String: Role]] = [:]
    /// What members may do with an article instead; nil hides it.
    private var articleRoles: [DocumentID: [String: Role?]] = [:]
    private(set) var revoked: Set<DeviceID> = []
    /// Where each change is.
    private var positions: [DocumentID: [OpID: Int]] = [:]
    private var invitations: [[UInt8]: InvitationRecord] = [:]
    private var backup = 0
    /// What goes wrong with the next write of a log.
    var nextFault: DiskFault?
    /// Called when changes of a document were put into a block.
    var onCompaction: () -> Void = {}
    /// Called when a fault has its effect.
    var onFault: (DiskFault) -> Void = { _ in }

    init(lineage: UInt64) {
        self.lineage = lineage
    }

    func append(_ record: Record) {
        records.append(record)
        index(record)
    }

    private func index(_ record: Record) {
        switch record {
        case .role(let role, let user, let library):
            roles[library, default: [:]][user] = role
            if role == nil {
                for (article, place) in libraries where place == library {
                    articleRoles[article]?[user] = nil
                }
            }
        case .articleRole(let role):
            articleRoles[role.article, default: [:]].updateValue(role.role, forKey: role.user)
        case .generalRole(let user, let article): articleRoles[article]?[user] = nil
        case .revocation(let device, _): revoked.insert(device)
        case .invitation(let invitation): invitations[invitation.secretHash] = invitation
        case .redemption(let offer):
            guard let invitation = invitations[offer.invitationHash] else { return }
            let role = roles[invitation.library]?[offer.user] ?? invitation.role
            roles[invitation.library, default: [:]][offer.user] = role
        case .article(let id, let library, _):
            for document in [id, id.annotations] {
                libraries[document] = library
                logs[document] = logs[document] ?? []
            }
        case .privateSet(let id, let article, let user, _):
            libraries[id] = libraries[article]
            owners[id] = user
            articles[id] = article
            logs[id] = logs[id] ?? []
        case .commit(let appends):
            for append in appends {
                for row in append.rows {
                    logs[append.document, default: []].append(row)
                    positions[append.document, default: [:]][OpID(agent: row.agent, seq: row.seq)] =
                        logs[append.document]?.count
                }
            }
        case .library, .touch, .compaction: break
        }
    }

    /// Whether a change is there, with these bytes.
    func holds(_ document: DocumentID, _ id: OpID, _ bytes: [UInt8]) -> Bool {
        guard let position = positions[document]?[id] else { return false }
        return logs[document]?[position - 1].bytes == bytes
    }

    /// Whether a change is there, with other bytes.
    func hasOther(_ document: DocumentID, _ id: OpID, _ bytes: [UInt8]) -> Bool {
        positions[document]?[id] != nil && !holds(document, id, bytes)
    }

    /// The article that a document is, or is a set of.
    func article(of document: DocumentID) -> DocumentID {
        articles[document] ?? document.article
    }

    /// What a member may do with an article, as whoever runs the server writes it: a role, `none`, or
    /// `default` for what they may do in the library.
    func articleRole(of user: String, on article: DocumentID) -> String {
        guard let role = articleRoles[article]?[user] else { return "default" }
        return role?.rawValue ?? DocumentRole.none
    }

    /// Whether a document is hidden from somebody who is a member.
    func hides(_ document: DocumentID, from user: String) -> Bool {
        articleRole(of: user, on: article(of: document)) == DocumentRole.none
    }

    /// Makes a copy of all there is.
    func backUp() {
        backup = records.count
    }

    /// Puts the copy back; as a restored server's if it gets another lineage, else as somebody does
    /// who copies files by hand. Gives whether anything is lost by that.
    func restore(lineage: UInt64?) -> Bool {
        let isLoss = records.dropFirst(backup).contains { record in
            switch record {
            case .touch, .compaction: false
            default: true
            }
        }
        let kept = records.prefix(backup)
        records = []
        (logs, libraries, owners, roles, revoked) = ([:], [:], [:], [:], [])
        (articles, positions, invitations, articleRoles) = ([:], [:], [:], [:])
        for record in kept { append(record) }
        if let lineage { self.lineage = lineage }
        return isLoss
    }

    /// A store that has read it.
    func open() async throws -> MemoryStore {
        let store = MemoryStore(lineage: lineage, packing: HistoryPacking())
        for record in records {
            switch record {
            case .library(let library): try await store.addLibrary(library)
            case .role(let role, let user, let library):
                try await store.setRole(role, of: user, in: library)
            case .articleRole(let role): try await store.setDocumentRole(role)
            case .generalRole(let user, let article):
                try await store.removeDocumentRole(of: user, on: article)
            case .revocation(let device, let time): try await store.revokeDevice(device, now: time)
            case .touch(let device, let time): try await store.touchDevice(device, now: time)
            case .invitation(let invitation): try await store.addInvitation(invitation)
            case .redemption(let offer): _ = try await store.redeem(offer)
            case .article(let id, let library, let time):
                _ = try await store.createArticle(id, in: library, now: time)
            case .privateSet(let id, let article, let user, let time):
                _ = try await store.createPrivateSet(id, of: article, for: user, now: time)
            case .commit(let appends): _ = try await store.commit(appends)
            case .compaction(let id, let position, let head, let changes):
                try await store.compact(id, to: position, from: head, changes: changes)
            }
        }
        return store
    }
}

/// What can go wrong with a write.
enum DiskFault: String, Codable, CaseIterable {
    case full
    case readOnly
    case locked
    case io
    /// The disk does not confirm the write, which is lost or kept.
    case fsyncLost
    case fsyncKept
    /// The machine dies before the write is on disk, or behind it and before anybody hears of it.
    case crashBefore
    case crashBehind
}
