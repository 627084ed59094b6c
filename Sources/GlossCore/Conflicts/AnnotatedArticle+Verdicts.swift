/// Suggestions that people decided on differently.
///
/// An acceptance stands in the article and a rejection in the set, and neither document knows what
/// the other's authors had seen. So what counts is what stands: somebody who decides otherwise
/// knowing of a decision takes that one back with it.
extension AnnotatedArticle {
    /// All decisions of both documents: acceptances in time order, then rejections in time order.
    var decisions: [Decision] { article.acceptances + annotations.rejections }

    /// The open verdict conflicts. Acceptances alone are a question of the shared set's: they are the
    /// same with each set.
    func verdictConflicts(_ table: DecisionTable) -> [Conflict] {
        let standing = table.all.filter(\.stands)
        let settled = annotations.settlements(of: .verdict)
        var groups = Groups<OpID>()
        for pair in standing.rivals {
            let ids = [standing[pair.first].id, standing[pair.second].id]
            if settled.cover(ids) { continue }
            groups.join(ids[0], ids[1])
        }
        return groups.all.map { table.named($0) }
            .filter { decisions in !isPrivate || decisions.contains { $0.wording == nil } }
            .map { verdictConflict(of: $0, in: table.index) }
    }

    func verdictConflict(of decisions: [Decision], in index: TextIndex) -> Conflict {
        let ids = decisions.map(\.id).sorted()
        let suggestions = Set(decisions.map(\.suggestion)).sorted()
        let frame = verdictFrame(of: decisions, in: index)
        return Conflict(
            id: ConflictID(
                kind: .verdict, document: annotations.id, about: suggestions, field: .verdict,
                versions: ids),
            kind: .verdict, document: annotations.id, subject: .suggestions(suggestions),
            base: frame.base,
            versions: decisions.versions.map { version in
                Conflict.Version(
                    content: version[0].content, operations: version.map(\.id),
                    why: version.lazy.compactMap(\.why).first, value: nil,
                    suggestion: version[0].suggestion)
            }, shown: frame.shown, settles: ids)
    }

    /// What acceptances took out of the text, in the order of the text, and what shows from the
    /// first to the last of the characters they took out or put in.
    func verdictFrame(
        of decisions: [Decision], in index: TextIndex
    ) -> (base: String, shown: String) {
        let removed = VersionSet(decisions.flatMap(\.removed)).ranges.joined()
            .sorted { index.order(of: $0) < index.order(of: $1) }
        let inserted = decisions.flatMap(\.inserted).joined()
        let orders = (removed + inserted).map { index.order(of: $0) }
        let base = article.document.string(of: removed.map { $0..<$0 + 1 })
        guard let first = orders.min(), let last = orders.max() else { return (base, "") }
        return (base, article.string(in: first..<last + 1, of: index))
    }
}

extension Decision {
    /// What it says, for people.
    var content: String {
        guard let wording else { return "rejected" }
        if wording.isEmpty { return "accepted, to delete" }
        return "accepted: " + String(String.UnicodeScalarView(wording))
    }
}

extension [Decision] {
    /// The decisions that say the same of one suggestion, together: the versions of a conflict.
    var versions: [[Decision]] {
        var versions: [[Decision]] = []
        for decision in self {
            if let known = versions.firstIndex(where: { $0[0].agrees(with: decision) }) {
                versions[known].append(decision)
            } else {
                versions.append([decision])
            }
        }
        return versions
    }
}
