import GlossCore
import GlossProtocol
import GlossStorage

extension Workspace {
    /// Does the opposite of an entry of the history. What can still be kept from every server is
    /// recalled, and what was recalled comes back as it was; otherwise the opposite is written, as
    /// things stand now.
    ///
    /// - Parameter original: the command that people know it by.
    func reverse(_ entry: HistoryEntry, of original: PastCommand) throws -> HistoryStep {
        if let undone = entry.undoes {
            let recalled = try writer.recalled(ofEntry: undone)
            if !recalled.isEmpty {
                try reinstate(recalled, undone, named: original)
                return try step(original, recalled, isRedo: true, isRecalled: false)
            }
        }
        let stored = try writer.changes(ofEntry: entry.id).filter {
            if case .refused = $0.state { false } else { true }
        }
        let isRedo = entry.undoes != nil
        if try recall(stored) {
            return try step(original, stored, isRedo: isRedo, isRecalled: true)
        }
        return try takeBack(stored, as: original, isRedo: isRedo)
    }

    private func takeBack(
        _ stored: [StoredChange], as original: PastCommand, isRedo: Bool
    ) throws -> HistoryStep {
        let documents = Set(stored.map(\.document)).sorted()
        var spent = 0
        var leftAlone: [String] = []
        var text: [TextDifference] = []
        for document in documents {
            let changes = try stored.filter { $0.document == document }
                .map { try ChangeCodec.decode($0.bytes) }
            let steps = try StepChanges(writer, document: document)
            let laterWork = try LaterWork(
                on: changes, in: replica(document), writer, profile, isStep: steps.contains)
            leftAlone += laterWork.lines
            let ops = try replica(document).inverse(of: changes, isStep: steps.contains)
            if ops.isEmpty { spent += changes.count }
            if let change = try commit(ops, to: document), document.kind == .article {
                text += try replica(document).textDifference(of: change)
            }
        }
        return try step(
            original, stored, spent: spent, leftAlone: leftAlone, text: text, isRedo: isRedo,
            isRecalled: false)
    }

    private func step(
        _ original: PastCommand, _ changes: [StoredChange], spent: Int = 0,
        leftAlone: [String] = [], text: [TextDifference] = [], isRedo: Bool, isRecalled: Bool
    ) throws -> HistoryStep {
        try requireEntry()
        let documents = Set(changes.map(\.document)).sorted()
        return HistoryStep(
            command: original.command, time: original.time, changes: changes.count,
            sent: changes.count { $0.state != .unsent }, spent: spent,
            articles: try articleNames(of: documents), others: try others(in: documents),
            isPrivate: !documents.isEmpty
                && documents.allSatisfy { $0.kind == .privateAnnotations },
            leftAlone: leftAlone, text: text, isRedo: isRedo, isRecalled: isRecalled)
    }

    private func articleNames(of documents: [DocumentID]) throws -> [String] {
        try Set(documents.map { try writer.article(of: $0) }).sorted()
            .compactMap { try writer.article($0)?.name }.filter { !$0.isEmpty }
    }

    private func others(in documents: [DocumentID]) throws -> [String] {
        var others: Set<String> = []
        let shared = documents.filter { $0.kind != .privateAnnotations }
        for article in Set(shared.map(\.article)) {
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
