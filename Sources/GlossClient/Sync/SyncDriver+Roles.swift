import GlossCore
import GlossProtocol
import GlossStorage

/// What the server says that the user may do, kept for when there is no server to ask.
extension SyncDriver {
    /// Keeps the role on a document.
    func keep(_ role: Role, of document: DocumentID) throws {
        let isKnown = try library.store.read { try $0.replica(document)?.role == role }
        if isKnown { return }
        try library.store.write { writer in
            guard var record = try writer.replica(document) else { return }
            record.role = role
            try writer.updateReplica(record)
        }
    }

    /// Keeps a role that has changed meanwhile.
    func keep(_ change: RoleChange) throws {
        switch change.subject {
        case .document(let document): try keep(change.role, of: document)
        case .library(let changed):
            guard changed == libraryID else { return }
            role = change.role
            try library.store.write { try $0.setMeta(.role, to: change.role.rawValue) }
        }
    }
}
