public import GlossCore
import GlossStorage

/// How much of an article and its notes somebody has seen on this device: everything up to a place
/// of the local order. Kept here only, and never sent.
public struct ReadMark: Hashable, Sendable {
    /// The article.
    public let article: DocumentID
    let places: [DocumentID: Int]

    func includes(_ change: StoredChange) -> Bool {
        change.index <= places[change.document] ?? 0
    }
}

extension Library {
    /// An article with its annotations, as it is now, and the mark that says it was looked at.
    public func reading(_ article: DocumentID) throws -> (view: ArticleView, mark: ReadMark) {
        try read { (try $0.view(article), try $0.endMark(article)) }
    }

    /// Notes that an article was looked at. A mark that is further ahead stays.
    public func markRead(_ mark: ReadMark) throws {
        guard try read({ try $0.isBehind(mark) }) else { return }
        do {
            try store.write { writer in
                for (document, place) in mark.places.sorted(by: { $0.key < $1.key }) {
                    guard var record = try writer.replica(document), record.readPosition < place
                    else { continue }
                    record.readPosition = place
                    try writer.updateReplica(record)
                }
            }
        } catch let error as StoreError {
            throw ClientError(error)
        }
    }
}

extension LibraryReader {
    /// How much of an article was looked at on this device; `nil` if it never was.
    func readMark(_ article: DocumentID) throws(StoreError) -> ReadMark? {
        var places: [DocumentID: Int] = [:]
        for document in try documents(of: article) {
            places[document] = try replica(document)?.readPosition ?? 0
        }
        guard places.values.contains(where: { $0 > 0 }) else { return nil }
        return ReadMark(article: article, places: places)
    }

    /// The mark that says that all of an article was looked at.
    func endMark(_ article: DocumentID) throws(StoreError) -> ReadMark {
        var places: [DocumentID: Int] = [:]
        for document in try documents(of: article) {
            places[document] = try lastIndex(of: document)
        }
        return ReadMark(article: article, places: places)
    }

    fileprivate func isBehind(_ mark: ReadMark) throws(StoreError) -> Bool {
        for (document, place) in mark.places {
            guard let record = try replica(document), record.readPosition < place else { continue }
            return true
        }
        return false
    }

    /// An article with its annotations, as it is now.
    func view(_ article: DocumentID) throws -> ArticleView { try viewBuilder(of: article).view() }

    func viewBuilder(of article: DocumentID) throws -> ArticleViewBuilder {
        let profile = try profile()
        return try ArticleViewBuilder(
            loadReplica(article, for: profile),
            sets: sets(of: article).map { try loadReplica($0, for: profile) }, reader: self)
    }
}
