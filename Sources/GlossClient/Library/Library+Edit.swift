public import GlossCore

extension Library {
    /// What accepting suggestions did.
    public struct Acceptance: Sendable {
        /// Those that are in the text now.
        public var accepted: [NoteReference] = []
        /// Those that were accepted before.
        public var already: [NoteReference] = []
        /// Those whose words are gone, so that there is no place to put theirs.
        public var homeless: [NoteReference] = []
    }

    /// Changes the text of an article.
    ///
    /// - Parameters:
    ///   - edits: ascending, disjoint ranges of the text at `version`.
    ///   - version: the version the edits were made on.
    /// - Returns: whether anything changed. Drafts of the article are gone then.
    public func edit(
        _ article: DocumentID, _ edits: [TextEdit], at version: [OpID], message: String?,
        command: String
    ) throws -> Bool {
        try perform(command) { workspace in
            let present = try workspace.replica(article).frontier
            try workspace.writer.dropDrafts(of: article)
            let size = edits.reduce(0) { $0 + $1.replacement.count }
            guard version == present, size > Library.chunk else {
                return try workspace.edit(
                    edits, of: article, at: version == present ? nil : version, message: message)
                    != nil
            }
            // From the end, so that the ranges before stay what they are.
            for edit in edits.reversed() {
                try workspace.write(edit, into: article, message: message)
            }
            return true
        }
    }

    /// Accepts suggestions: puts their words into the text, as this user's own change.
    ///
    /// One that was accepted and undone before gets the same characters back.
    ///
    /// - Parameter wording: other words than the suggestion's own.
    public func accept(
        _ notes: [NoteReference], wording: String? = nil, message: String?, command: String
    ) throws -> Acceptance {
        try perform(command) { workspace in
            var result = Acceptance()
            for note in notes {
                let content = try workspace.annotated(note.article)
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
                if try accept(
                    note, entity, wording ?? proposal, in: content, workspace, message: message)
                {
                    result.accepted.append(note)
                } else {
                    result.homeless.append(note)
                }
            }
            return result
        }
    }

    private func accept(
        _ note: NoteReference, _ entity: Entity, _ wording: String, in content: AnnotatedArticle,
        _ workspace: Workspace, message: String?
    ) throws -> Bool {
        let own = content.article.undoneAcceptances(of: note.id).filter {
            $0.insertedText == wording
        }
        if let earlier = own.first {
            try workspace.commit(
                [content.article.reinstatement(of: earlier.change)].compactMap { $0 },
                to: note.article, message: message)
        } else {
            let placement = content.placement(of: entity, in: content.article.textIndex)
            guard let range = placement.ranges.first, placement.state != .collapsed else {
                return false
            }
            try workspace.edit(
                [TextEdit(range, wording)], of: note.article, accepts: note.id, message: message)
        }
        if content.annotations.entity(note.id)?.register(.verdict).value == .rejected {
            let open = content.annotations.write(.open, to: .verdict, of: note.id)
            try workspace.commit([open], to: note.article.annotations)
        }
        return true
    }
}

extension Workspace {
    /// Makes an edit of the text as it is in as many changes as its length takes.
    func write(_ edit: TextEdit, into article: DocumentID, message: String? = nil) throws {
        let scalars = edit.replacement
        var range = edit.range
        var start = 0
        repeat {
            let end = min(scalars.count, start + Library.chunk)
            let part = String(String.UnicodeScalarView(scalars[start..<end]))
            try self.edit([TextEdit(range, part)], of: article, message: message)
            let next = range.lowerBound + (end - start)
            range = next..<next
            start = end
        } while start < scalars.count
    }
}
