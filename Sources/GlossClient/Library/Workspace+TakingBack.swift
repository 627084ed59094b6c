import GlossCore
import GlossProtocol
import GlossStorage

extension Workspace {
    /// Writes the opposite of what some entries of the history did, as things stand now.
    ///
    /// - Parameters:
    ///   - entries: ascending.
    ///   - original: the command that people know it by.
    func takeBack(_ entries: [Int64], as original: PastCommand) throws -> HistoryStep {
        let stored = try entries.flatMap { try writer.changes(ofEntry: $0) }.filter {
            if case .refused = $0.state { false } else { true }
        }
        let documents = Set(stored.map(\.document)).sorted()
        let names = try articleNames(of: documents)
        var spent = 0
        var leftAlone: [String] = []
        for document in documents {
            let changes = try stored.filter { $0.document == document }
                .map { try ChangeCodec.decode($0.bytes) }
            let steps = try StepChanges(writer, document: document)
            let laterWork = try LaterWork(
                on: changes, in: replica(document), writer, profile, isStep: steps.contains)
            leftAlone += laterWork.lines
            let ops = try replica(document).inverse(of: changes, isStep: steps.contains)
            if ops.isEmpty { spent += changes.count }
            try commit(ops, to: document)
        }
        try requireEntry()
        return HistoryStep(
            command: original.command, time: original.time, changes: stored.count,
            sent: stored.count { $0.state != .unsent }, spent: spent, articles: names,
            others: try others(in: documents), leftAlone: leftAlone)
    }

    private func articleNames(of documents: [DocumentID]) throws -> [String] {
        try Set(documents.map(\.article)).sorted()
            .compactMap { try writer.article($0)?.name }.filter { !$0.isEmpty }
    }

    private func others(in documents: [DocumentID]) throws -> [String] {
        var others: Set<String> = []
        for article in Set(documents.map(\.article)) {
            for document in [article, article.annotations] {
                for stored in try writer.changes(of: document) {
                    if let user = stored.user { others.insert(user) }
                }
            }
        }
        others.remove(profile.user)
        return others.sorted()
    }
}

/// The changes of one document that undoing and redoing made on this device.
private struct StepChanges {
    private var seqs: [AgentID: [Range<Int>]] = [:]

    init(_ reader: LibraryReader, document: DocumentID) throws(StoreError) {
        let steps = Set(try reader.history().filter { $0.undoes != nil }.map(\.id))
        for stored in try reader.changes(of: document) {
            guard let entry = stored.entry, steps.contains(entry) else { continue }
            seqs[stored.agent, default: []].append(stored.seq..<stored.seq + stored.count)
        }
    }

    func contains(_ id: OpID) -> Bool {
        seqs[id.agent]?.contains { $0.contains(id.seq) } ?? false
    }
}
