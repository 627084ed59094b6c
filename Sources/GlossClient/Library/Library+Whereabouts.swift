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
    /// looked at since; `nil` if neither is known.
    func readingPlace() throws -> ReadingPlace? {
        let newest = try history(limit: 1).first?.id ?? 0
        if let noted = try meta(.reading)?.split(separator: " "), noted.count == 2,
            let entry = Int64(noted[0]), let article = DocumentID(noted[1]), entry >= newest
        {
            return ReadingPlace(article: article, character: nil)
        }
        for entry in try history(limit: 8) {
            guard let change = try changes(ofEntry: entry.id).last else { continue }
            return ReadingPlace(
                article: change.document.article, character: Self.character(of: change))
        }
        return nil
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
