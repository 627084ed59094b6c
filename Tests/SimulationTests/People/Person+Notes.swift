import GlossCore
import TestSupport

@testable import GlossClient

/// What people do with notes.
extension Person {
    mutating func note() throws -> String? {
        let text = try view().articleText
        guard let range = someWords(of: text) else { return nil }
        let (body, tag) = (newWords(), newWord())
        let tags = random.chance(0.4) ? [tag] : []
        let id = try library.annotate(
            article, at: range, of: view().version, body: body, tags: tags, command: "note river")
        written.add(body, as: .body)
        written.add(tags.first, as: .tag)
        return "\(id) on “\(text.string(range))”"
    }

    mutating func noteOnArticle() throws -> String? {
        let body = newWords()
        let id = try library.annotate(article, at: nil, body: body, command: "note river")
        written.add(body, as: .body)
        return "\(id)"
    }

    mutating func suggest() throws -> String? {
        let text = try view().articleText
        // Now and then where another suggestion stands.
        let rival = random.chance(0.4) ? try someNote { $0.decision == .open } : nil
        let place = rival?.placement.ranges.first.flatMap { $0.isEmpty ? nil : text.snapped($0) }
        guard let range = place ?? someWords(of: text) else { return nil }
        let (body, proposal) = (newWords(), random.chance(0.2) ? "" : newWords())
        let id = try library.annotate(
            article, at: range, of: view().version, body: body, proposal: proposal,
            command: "suggest river")
        written.add(body, as: .body)
        written.add(proposal, as: .proposal)
        return "\(id) on “\(text.string(range))”"
    }

    mutating func reply() throws -> String? {
        guard let note = try someNote() else { return nil }
        let body = newWords()
        let id = try library.reply(to: reference(to: note), body: body, command: "reply")
        written.add(body, as: .body)
        return "\(id)"
    }

    mutating func tag() throws -> String? {
        guard let note = try someNote() else { return nil }
        let tag = newWord()
        try library.tag([reference(to: note)], adding: [tag], removing: [], command: "tag")
        written.add(tag, as: .tag)
        return "\(note.id) \(tag)"
    }

    mutating func untag() throws -> String? {
        guard let note = try someNote({ !$0.tags.isEmpty }) else { return nil }
        try library.tag(
            [reference(to: note)], adding: [], removing: [note.tags[0]], command: "untag")
        return "\(note.id) \(note.tags[0])"
    }

    mutating func editBody() throws -> String? {
        guard let note = try someNote() else { return nil }
        let body = newWords()
        let reply = random.chance(0.3) ? note.replies.randomElement(using: &random) : nil
        let id = reply?.id ?? note.id
        let entity = NoteReference(article: article, id: id, isReply: reply != nil)
        return try write(.text(body), to: .body, of: entity, as: .body)
    }

    mutating func editProposal() throws -> String? {
        guard let note = try someNote({ $0.proposal != nil }) else { return nil }
        return try write(
            .text(newWords()), to: .proposal, of: reference(to: note), as: .proposal)
    }

    /// Withdraws, brings back, finishes or reopens a note, or withdraws a reply.
    mutating func set(_ field: Field, to value: Value) throws -> String? {
        guard let note = try someNote({ value != .active || $0.isWithdrawnElsewhere }) else {
            return nil
        }
        let reply =
            field == .life && random.chance(0.3) ? note.replies.randomElement(using: &random) : nil
        let entity = NoteReference(
            article: article, id: reply?.id ?? note.id, isReply: reply != nil)
        return try write(value, to: field, of: entity, as: nil)
    }

    private mutating func write(
        _ value: Value, to field: Field, of note: NoteReference, as use: Written.Use?
    ) throws -> String? {
        let why = newReason()
        let changed = try library.set(field, to: value, of: [note], why: why, command: "set")
        guard !changed.isEmpty else { return nil }
        written.add(why, as: .reason)
        if let use { written.add(value.text, as: use) }
        return "\(note.id) \(value.text ?? "")"
    }

    mutating func attach() throws -> String? {
        let text = try view().articleText
        let isLost = { (note: NoteView) in
            note.placement.state == .collapsed || note.placement.state == .rewritten
        }
        let lost = random.chance(0.5) ? try someNote(isLost) : nil
        guard let note = try lost ?? someNote(), let range = someWords(of: text) else { return nil }
        let why = newReason()
        try library.attach(
            reference(to: note), to: range, of: view().version, why: why, command: "attach")
        written.add(why, as: .reason)
        return "\(note.id) to “\(text.string(range))”"
    }

    mutating func rename() throws -> String? {
        let name = newWord()
        try library.rename(article, to: name)
        written.add(name, as: .name)
        return name
    }
}
