/// Verdict and anchor conflicts that several people settled differently: what these are about
/// stands in the article, and their answers in the set.
extension AnnotatedArticle {
    /// The open ones.
    func resolutionConflicts(_ table: DecisionTable) -> [Conflict] {
        let answers = annotations.answers
        let verdicts = annotations.openDisagreements(of: [.verdict], answers)
        let anchors = annotations.openDisagreements(of: [.anchor], answers)
        return verdicts.map { verdictResolution(of: $0, answers, table) }
            + anchors.compactMap { anchorResolution(of: $0, answers, table.index) }
    }

    func verdictResolution(
        of resolutions: [OpID], _ answers: [OpID: Answer], _ table: DecisionTable
    ) -> Conflict {
        let named = table.named(resolutions.flatMap { answers[$0]?.settles ?? [] })
        let suggestions = Set(named.map(\.suggestion)).sorted()
        let frame = verdictFrame(of: named, in: table.index)
        return conflict(
            of: resolutions, answers, subject: .suggestions(suggestions), about: suggestions,
            base: frame.base, shown: frame.shown
        ) { answer in
            let versions = table.named(answer.settles).versions
            if let index = Conflict.index(ofLetter: answer.take), versions.indices.contains(index) {
                return versions[index][0].content
            }
            return answer.take
        }
    }

    func anchorResolution(
        of resolutions: [OpID], _ answers: [OpID: Answer], _ index: TextIndex
    ) -> Conflict? {
        let settled = resolutions.flatMap { answers[$0]?.settles ?? [] }
        let note = settled.lazy.compactMap { annotations.entity($0) }
            .first { if case .annotation = $0.kind { true } else { false } }
        guard let note else { return nil }
        let range = placement(of: note, in: index).ranges.first ?? 0..<0
        var quote: String?
        if case .target(let target)? = note.register(.target).value { quote = target.quote.exact }
        return conflict(
            of: resolutions, answers, subject: .entity(note.id), about: [note.id], base: quote,
            shown: text(at: range, in: index)
        ) { $0.take }
    }

    private func conflict(
        of resolutions: [OpID], _ answers: [OpID: Answer], subject: Conflict.Subject,
        about: [OpID], base: String?, shown: String, content: (Answer) -> String
    ) -> Conflict {
        let settles = resolutions.sorted()
        let versions = annotations.versions(of: resolutions, answers).map { version in
            Conflict.Version(
                content: answers[version[0]].map(content) ?? "", operations: version,
                why: annotations.why(of: version), value: nil)
        }
        return Conflict(
            id: ConflictID(
                kind: .resolution, document: annotations.id, about: about, field: nil,
                versions: settles),
            kind: .resolution, document: annotations.id, subject: subject, base: base,
            versions: versions, shown: shown, settles: settles)
    }
}
