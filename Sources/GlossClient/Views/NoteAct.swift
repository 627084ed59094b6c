public import GlossCore

/// What a change did to a note, suggestion or reply.
public struct NoteAct: Hashable, Sendable {
    /// What happened to it.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// It was made.
        case made
        /// A reply was made.
        case answered
        /// What it says or proposes was written anew.
        case edited
        /// It got a tag.
        case tagged
        /// It lost a tag.
        case untagged
        /// It is dealt with.
        case closed
        /// It was opened again.
        case reopened
        /// It was withdrawn.
        case withdrawn
        /// It was brought back.
        case restored
        /// The suggestion was put into the text.
        case accepted
        /// An acceptance of the suggestion was undone.
        case unaccepted
        /// Somebody decided against the suggestion.
        case rejected
        /// It was put on other words.
        case moved
        /// Somebody gave a verdict on its words, or took one off.
        case checked
        /// A conflict about it was settled.
        case settled
        /// A field that this version does not know was written.
        case written
    }

    /// What happened.
    public let kind: Kind
    /// The note, suggestion or reply.
    public let subject: OpID
    /// Its short name.
    public let shortID: String
    /// The note or suggestion that it is, or replies to.
    public let thread: OpID
    /// The words it stood on when it was made; empty for a reply.
    public let quote: String
    /// What there was before, where something took its place.
    public let before: String?
    /// What there is now: text, tag, words, verdict or answer.
    public let now: String
}

/// Tells what changes did to the notes of one annotation set.
struct NoteActs {
    let annotations: Replica
    let timeline: Timeline
    let shortIDs: ShortIDs

    /// What a change did to notes, each thing once, in the order of its operations.
    func acts(of change: Change, in document: DocumentID) -> [NoteAct] {
        guard document.kind == .article || document == annotations.id else { return [] }
        var acts: [NoteAct] = []
        var seq = change.seq
        for op in change.ops {
            let id = OpID(agent: change.agent, seq: seq)
            let made =
                document.kind == .article ? decisions(by: op) : self.acts(of: op, id: id)
            for act in made where !acts.contains(act) { acts.append(act) }
            seq += op.width
        }
        return acts
    }

    private func acts(of op: Op, id: OpID) -> [NoteAct] {
        let act: NoteAct? =
            switch op {
            case .annotate(let made): act(.made, id, nil, proposed(made))
            case .reply(let reply): act(.answered, id, nil, reply.body)
            case .addTag(let addition): act(.tagged, addition.annotation, nil, "#" + addition.tag)
            case .removeTag(let removal): act(.untagged, removal.annotation, nil, "#" + removal.tag)
            case .write(let write): write.entity.flatMap { self.act(of: write, on: $0) }
            case .resolve, .insert, .delete, .visibility, .unknown: nil
            }
        if case .resolve(let resolution) = op {
            let subjects = resolution.settles.compactMap { subject(of: $0) }
            return Array(Set(subjects)).sorted().compactMap {
                self.act(.settled, $0, nil, resolution.take)
            }
        }
        return act.map { [$0] } ?? []
    }

    /// What a new note says: of a suggestion the words it proposes, and why.
    private func proposed(_ made: NewAnnotation) -> String {
        guard let proposal = made.proposal else { return made.body }
        return made.body.isEmpty ? "→ “\(proposal)”" : "→ “\(proposal)”  \(made.body)"
    }

    private func act(of write: Write, on entity: OpID) -> NoteAct? {
        let register = annotations.entity(entity)?.register(write.field) ?? Register()
        let former = write.replaces.last.flatMap { register.write($0) }?.value
        func act(_ kind: NoteAct.Kind, _ before: String?, _ now: String) -> NoteAct? {
            self.act(kind, entity, before, now)
        }
        switch write.field {
        case .body, .proposal: return act(.edited, former?.text ?? "", write.value.text ?? "")
        case .status: return act(write.value == .done ? .closed : .reopened, nil, "")
        case .life: return act(write.value == .withdrawn ? .withdrawn : .restored, nil, "")
        case .verdict:
            return act(write.value == .rejected ? .rejected : .reopened, nil, write.why ?? "")
        case .target:
            return act(
                .moved, former?.place?.quote.exact ?? "", write.value.place?.quote.exact ?? "")
        case .check:
            return act(
                .checked, former?.check?.verdict.rawValue,
                write.value.check?.verdict.rawValue ?? "unchecked")
        default: return act(.written, nil, write.field.rawValue)
        }
    }

    /// Suggestions whose words an operation on the text put in, took out again or brought back.
    private func decisions(by op: Op) -> [NoteAct] {
        switch op {
        case .insert, .delete:
            return op.acceptedSuggestion.flatMap { act(.accepted, $0, nil, "") }.map { [$0] } ?? []
        case .visibility(let visibility):
            return visibility.marks.compactMap { mark in
                guard
                    let suggestion = operation(mark.span.start, of: timeline.article)?
                        .acceptedSuggestion
                else { return nil }
                let isUndone = !mark.count.isMultiple(of: 2)
                return act(isUndone ? .unaccepted : .accepted, suggestion, nil, "")
            }
        default: return []
        }
    }

    private func act(
        _ kind: NoteAct.Kind, _ subject: OpID, _ before: String?, _ now: String
    ) -> NoteAct? {
        guard let entity = annotations.entity(subject) else { return nil }
        var thread = subject
        var quote = ""
        switch entity.kind {
        case .annotation(let made): quote = made.target.quote.exact
        case .reply(let reply): thread = reply.annotation
        case .resolution: return nil
        }
        return NoteAct(
            kind: kind, subject: subject, shortID: shortIDs.name(of: ShortID(subject)),
            thread: thread, quote: quote, before: before, now: now)
    }

    /// What an operation that a conflict is about was done to.
    private func subject(of id: OpID) -> OpID? {
        if annotations.entity(id) != nil { return id }
        switch operation(id, of: annotations.id) {
        case .write(let write)?: return write.entity
        case .addTag(let addition)?: return addition.annotation
        case .removeTag(let removal)?: return removal.annotation
        default: return operation(id, of: timeline.article)?.acceptedSuggestion
        }
    }

    /// The operation that has a number.
    private func operation(_ id: OpID, of document: DocumentID) -> Op? {
        guard let index = timeline.index(of: id, in: document) else { return nil }
        let change = timeline.entries[index].change
        var seq = change.seq
        for op in change.ops {
            seq += op.width
            if id.seq < seq { return op }
        }
        return nil
    }
}

extension Op {
    /// The suggestion that an operation on the text accepts.
    var acceptedSuggestion: OpID? {
        switch self {
        case .insert(let insertion): insertion.suggestion
        case .delete(let deletion): deletion.suggestion
        default: nil
        }
    }
}
