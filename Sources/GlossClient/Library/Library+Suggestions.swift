import GlossCore

extension Library {
    /// What accepting suggestions did.
    public struct Acceptance: Sendable {
        /// Those that are in the text now.
        public var accepted: [NoteReference] = []
        /// Those that were accepted before.
        public var already: [NoteReference] = []
        /// Those whose words are gone, so that there is no place to put theirs.
        public var homeless: [NoteReference] = []
        /// Those whose words are others now, and so left alone.
        public var changed: [Changed] = []
        /// Those whose words somebody has made read so already: they are done.
        public var reading: [NoteReference] = []
        /// Those on words of one that was accepted before them, and so left open.
        public var overlapping: [Overlap] = []
        /// Open ones that were not meant and stand on words of one that was accepted.
        public var beside: [Overlap] = []
    }

    /// A suggestion on some of the words of another one that was accepted.
    public struct Overlap: Sendable {
        /// The suggestion.
        public let note: NoteReference
        /// The other one.
        public let accepted: NoteReference
    }

    /// A suggestion whose words have changed.
    public struct Changed: Sendable {
        /// The suggestion.
        public let note: NoteReference
        /// The words it was made on.
        public let then: String
        /// The words that stand there.
        public let now: String
    }

    /// Accepts suggestions: puts their words into the text, as this user's own change.
    ///
    /// One that was accepted and undone before gets the same characters back. Of those that stand on
    /// the same words only the first is accepted.
    ///
    /// - Parameters:
    ///   - wording: other words than the suggestion's own.
    ///   - isCertain: whether to accept those whose words have changed, too.
    public func accept(
        _ notes: [NoteReference], wording: String? = nil, isCertain: Bool = false,
        message: String?, command: String
    ) throws -> Acceptance {
        try perform(command) { workspace in
            var result = Acceptance()
            let places = try SuggestionPlaces(notes, workspace)
            for note in notes {
                let content = try workspace.annotated(note)
                guard let entity = content.annotations.entity(note.id),
                    let proposal = entity.text(.proposal)
                else {
                    throw ClientError(
                        .invalid, "\(ShortID(note.id).prefix(ShortID.shortest)) is no suggestion.",
                        tries: ["gloss notes"])
                }
                if case .accepted = content.state(ofSuggestion: note.id) {
                    result.already.append(note)
                    continue
                }
                if let other = result.accepted.first(where: { places.overlap(note, $0) }) {
                    result.overlapping.append(Overlap(note: note, accepted: other))
                    continue
                }
                let words = SuggestionWords(of: entity, in: content)
                if words?.read(wording ?? proposal) == true {
                    if entity.register(.status).value != .done {
                        let done = content.annotations.write(.done, to: .status, of: note.id)
                        try workspace.commit([done], to: note.set)
                    }
                    result.reading.append(note)
                    continue
                }
                if !isCertain, let changed = changed(note, entity, words) {
                    result.changed.append(changed)
                    continue
                }
                if try accept(
                    note, entity, wording ?? proposal, in: content, workspace, message: message)
                {
                    result.accepted.append(note)
                } else {
                    result.homeless.append(note)
                }
            }
            for accepted in result.accepted {
                let others = places.others(than: notes, on: accepted)
                for other in others where !result.beside.contains(where: { $0.note == other }) {
                    result.beside.append(Overlap(note: other, accepted: accepted))
                }
            }
            return result
        }
    }

    /// What stands where a suggestion was made, if these are other words; `nil` if they are gone.
    private func changed(
        _ note: NoteReference, _ entity: Entity, _ words: SuggestionWords?
    ) -> Changed? {
        guard let now = words?.changed, case .target(let target)? = entity.register(.target).value
        else { return nil }
        return Changed(note: note, then: target.quote.exact, now: now)
    }

    private func accept(
        _ note: NoteReference, _ entity: Entity, _ wording: String, in content: AnnotatedArticle,
        _ workspace: Workspace, message: String?
    ) throws -> Bool {
        guard let range = SuggestionWords(of: entity, in: content)?.range else { return false }
        var result = content.article.scalars
        result.replaceSubrange(range, with: wording.unicodeScalars)
        if let earlier = try reinstatement(of: note, giving: result, in: content, workspace) {
            try workspace.commit([earlier], to: note.article, message: message)
        } else {
            try workspace.edit(
                edits(accepting: entity, as: wording, at: range, in: content.article),
                of: note.article, accepts: note.id, message: message)
        }
        if content.annotations.entity(note.id)?.register(.verdict).value == .rejected {
            let open = content.annotations.write(.open, to: .verdict, of: note.id)
            try workspace.commit([open], to: note.set)
        }
        return true
    }

    /// What lets an earlier acceptance stand again, if that gives a text.
    private func reinstatement(
        of note: NoteReference, giving text: [Unicode.Scalar], in content: AnnotatedArticle,
        _ workspace: Workspace
    ) throws -> Op? {
        for earlier in content.article.undoneAcceptances(of: note.id) {
            guard let op = content.article.reinstatement(of: earlier.change) else { continue }
            if try workspace.trial([op], of: note.article).scalars == text { return op }
        }
        return nil
    }

    /// What puts the wording of a suggestion where it stands. Words that are not those it was made on
    /// are replaced whole.
    private func edits(
        accepting suggestion: Entity, as wording: String, at range: Range<Int>, in article: Replica
    ) -> [TextEdit] {
        let words = Graphemes.string(article.scalars[range])
        guard case .target(let target)? = suggestion.register(.target).value,
            target.quote.exact.unicodeScalars.elementsEqual(words.unicodeScalars),
            let proposal = suggestion.text(.proposal)
        else { return [TextEdit(range, wording)] }
        let parts = Proposal(proposal, for: words)
        var edits = parts.edits(to: wording).map { edit in
            var edit = edit
            edit.range =
                edit.range.lowerBound + range.lowerBound..<edit.range.upperBound + range.lowerBound
            return edit
        }
        let isProposed = wording.unicodeScalars.elementsEqual(proposal.unicodeScalars)
        // Acceptances that put in the same count as one, so another wording must not put in the same.
        if !isProposed, edits.flatMap(\.replacement) == parts.inserted, var last = edits.popLast() {
            last.widen(in: article.scalars)
            edits.append(last)
        }
        return edits
    }
}

extension TextEdit {
    /// Has the edit put in a character beside it, too, as it is.
    fileprivate mutating func widen(in text: [Unicode.Scalar]) {
        if range.upperBound < text.count {
            replacement.append(text[range.upperBound])
            range = range.lowerBound..<range.upperBound + 1
        } else if range.lowerBound > 0 {
            replacement.insert(text[range.lowerBound - 1], at: 0)
            range = range.lowerBound - 1..<range.upperBound
        }
    }
}

extension Library {
    /// What rejecting suggestions did.
    public struct Rejection: Sendable {
        /// Those it changed.
        public var rejected: [NoteReference] = []
        /// Those of them that were in the text, with what that reads without them.
        public var takenOut: [(note: NoteReference, text: String)] = []
        /// Those that were accepted and whose words were edited since, and so left alone: with the words
        /// they were accepted in.
        public var changed: [Changed] = []
    }

    /// Decides against suggestions. What was accepted is taken out of the text again.
    ///
    /// - Parameter isCertain: whether to take out those whose words were edited since, too. What was
    ///   edited stays then, between the words that come back.
    public func reject(
        _ notes: [NoteReference], isCertain: Bool = false, why: String?, command: String
    ) throws -> Rejection {
        try perform(command) { workspace in
            var result = Rejection()
            for note in notes {
                let content = try workspace.annotated(note)
                if !isCertain, let changed = changedSinceAcceptance(of: note, in: content) {
                    result.changed.append(changed)
                    continue
                }
                let ops = content.takingOut(suggestion: note.id)
                if !ops.isEmpty {
                    try workspace.commit(ops, to: note.article, message: why)
                    let now = try workspace.annotated(note)
                    let words = now.annotations.entity(note.id).flatMap {
                        SuggestionWords(of: $0, in: now)
                    }
                    result.takenOut.append((note, words?.surroundings ?? ""))
                }
                let register = content.annotations.entity(note.id)?.register(.verdict)
                let isRejected = register?.heads.count == 1 && register?.value == .rejected
                if !isRejected {
                    let write = content.annotations.write(
                        .rejected, to: .verdict, of: note.id, why: why)
                    try workspace.commit([write], to: note.set)
                } else if ops.isEmpty {
                    continue
                }
                result.rejected.append(note)
            }
            return result
        }
    }

    /// What stands where a suggestion was accepted, if that is not what was accepted.
    private func changedSinceAcceptance(
        of note: NoteReference, in content: AnnotatedArticle
    ) -> Changed? {
        guard let entity = content.annotations.entity(note.id),
            case .accepted(let changes) = content.state(ofSuggestion: note.id),
            let change = changes.first.flatMap({ content.article.log.entry(of: $0)?.change })
        else { return nil }
        let wording = change.wording(accepting: entity, in: content.article)
        let now = SuggestionWords(accepting: entity, by: change, in: content)?.text ?? ""
        guard !now.unicodeScalars.elementsEqual(wording.unicodeScalars) else { return nil }
        return Changed(note: note, then: wording, now: now)
    }
}
