import GlossCore
import GlossStorage

/// The documents that changes came into last, as the file has them: so that whoever watches does not read
/// all of a document with each letter that a colleague types.
struct ReplicaCache {
    /// How many documents are kept: an article and its notes, of two articles.
    private static let capacity = 4

    private var revision: LibraryRevision?
    private var replicas: [DocumentID: Replica] = [:]

    /// Forgets what may not be as the file is: anything was written since ``note(_:)``.
    mutating func check(_ reader: LibraryReader) throws(StoreError) {
        if try reader.revision() != revision { replicas = [:] }
    }

    /// Says that what is kept is as a transaction has it, which ends with this.
    mutating func note(_ reader: LibraryReader) throws(StoreError) {
        revision = try reader.revision()
    }

    /// Gives a document away, if it is here.
    mutating func take(_ document: DocumentID) -> Replica? {
        replicas.removeValue(forKey: document)
    }

    /// Keeps a document.
    mutating func keep(_ replica: Replica) {
        if replicas.count >= Self.capacity { replicas = [:] }
        replicas[replica.id] = replica
    }
}
