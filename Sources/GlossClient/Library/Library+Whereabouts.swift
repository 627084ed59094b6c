public import GlossCore
import GlossProtocol
import GlossStorage

/// Where somebody reads.
public struct ReadingPlace: Hashable, Sendable {
    /// The article.
    public let article: DocumentID
    /// A character of it; `nil` for the article as a whole.
    public let character: OpID?
}

extension Library {
    /// Notes that an article was looked at last. Kept here only; others hear of it while a sync watches.
    public func noteReading(_ article: DocumentID) throws {
        let place = try read { "\(try $0.history(limit: 1).first?.id ?? 0) \(article)" }
        guard try read({ try $0.meta(.reading) }) != place else { return }
        do {
            try store.write { try $0.setMeta(.reading, to: place) }
        } catch let error as StoreError {
            throw ClientError(error)
        }
    }
}

extension LibraryReader {
    /// Where the person at this device was last: at the words they worked on, or in the article they
    /// looked at since; `nil` if neither is known. Private notes say nothing of that.
    func readingPlace() throws -> ReadingPlace? {
        var noted: (entry: Int64, place: ReadingPlace)?
        if let words = try meta(.reading)?.split(separator: " "), words.count == 2,
            let entry = Int64(words[0]), let article = DocumentID(words[1])
        {
            noted = (entry, ReadingPlace(article: article, character: nil))
        }
        for entry in try history(limit: 8) {
            if let noted, noted.entry >= entry.id { break }
            let change = try changes(ofEntry: entry.id)
                .last { $0.document.kind != .privateAnnotations }
            guard let change else { continue }
            return ReadingPlace(
                article: change.document.article, character: Self.character(of: change))
        }
        return noted?.place
    }

    /// A character of the article that a change put there or points at.
    private static func character(of change: StoredChange) -> OpID? {
        guard let ops = try? EncodedChange(bytes: change.bytes).change.ops else { return nil }
        if change.document.kind == .annotations {
            return ops.lazy.compactMap(\.place).first?.ranges.first?.start.id
        }
        var seq = change.seq
        for op in ops {
            if case .insert = op { return OpID(agent: change.agent, seq: seq) }
            if case .delete(let deletion) = op { return deletion.spans.first?.start }
            seq += op.width
        }
        return nil
    }
}
