/// Conflicts that several people settled differently, as far as one document tells.
extension Replica {
    // MARK: Fields

    /// What some writes of a register answer, if all of them answer the same question.
    ///
    /// A write answers a question if its change has a resolution that settles all it replaces.
    ///
    /// - Parameter resolutions: ``resolutionsByEntry``.
    func commonQuestion(
        of writes: [Register.Entry], _ resolutions: [Int: [Resolution]]
    ) -> [OpID]? {
        var common: [OpID]?
        for head in writes {
            let made = entryIndex(of: head.id).flatMap { resolutions[$0] } ?? []
            let question = made.first { resolution in
                !head.replaces.isEmpty && Set(resolution.settles).isSuperset(of: head.replaces)
            }
            guard let question, common == nil || common == question.settles else { return nil }
            common = question.settles
        }
        return common
    }

    /// The standing resolutions of conflicts that a write answers, by the change that made them.
    var resolutionsByEntry: [Int: [Resolution]] {
        var found: [Int: [Resolution]] = [:]
        for entity in document.standingResolutions {
            guard case .resolution(let resolution) = entity.kind,
                !Replica.resolvedKinds.contains(resolution.kind),
                let entry = entryIndex(of: entity.id)
            else { continue }
            found[entry, default: []].append(resolution)
        }
        return found
    }

    // MARK: Text

    /// Text conflicts that several people settled differently.
    var textResolutionConflicts: [Conflict] {
        let answers = answers
        let disagreements = openDisagreements(of: [.text], answers)
        guard !disagreements.isEmpty else { return [] }
        let present = document.textIndex
        var frames = TextFrames()
        return disagreements.map { textResolution(of: $0, answers, now: present, &frames) }
    }

    func textResolution(
        of resolutions: [OpID], _ answers: [OpID: Answer], now present: TextIndex,
        _ frames: inout TextFrames
    ) -> Conflict {
        let edits = Set(resolutions.flatMap { answers[$0]?.settles ?? [] }).sorted()
        let nodes = edits.compactMap { id in
            entryIndex(of: id).map { TextNode(entry: $0, first: id) }
        }
        let frame = textFrame(of: nodes, now: present, &frames)
        let groups = versions(of: resolutions, answers)
        let seen = groups.map { document.history(of: [$0[0]]) }
        let versions = zip(groups, seen).map { version, known in
            Conflict.Version(
                content: string(in: frame.sentences.orders, of: present, at: known),
                operations: version, why: why(of: version), value: nil)
        }
        let settles = resolutions.sorted()
        return Conflict(
            id: ConflictID(
                kind: .resolution, document: id, about: [], field: nil, versions: settles),
            kind: .resolution, document: id, subject: .text(frame.sentences.range),
            base: frame.sentences.base, versions: versions, shown: frame.sentences.shown,
            settles: settles, words: words(of: frame, now: present, at: seen))
    }

    /// Why some people settled a conflict as they did: what the first to say so said.
    func why(of resolutions: [OpID]) -> String? {
        resolutions.lazy.compactMap { id in
            guard case .resolution(let resolution)? = document.entity(id)?.kind else { return nil }
            return resolution.why
        }.first
    }
}
