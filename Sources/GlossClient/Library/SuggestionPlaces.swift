import GlossCore

/// Which words the open suggestions of some articles are on.
struct SuggestionPlaces {
    private var places: [DocumentID: [(id: OpID, range: Range<Int>)]] = [:]

    init(_ notes: [NoteReference], _ workspace: Workspace) throws {
        for article in Set(notes.map(\.article)) {
            let content = try workspace.annotated(article)
            let index = content.article.textIndex
            places[article] = content.annotations.annotations.compactMap { annotation in
                guard content.isOpen(annotation), annotation.text(.proposal) != nil,
                    let range = content.placement(of: annotation, in: index).ranges.first
                else { return nil }
                return (annotation.id, range)
            }
        }
    }

    private func range(of note: NoteReference) -> Range<Int>? {
        places[note.article]?.first { $0.id == note.id }?.range
    }

    /// Whether two are on some words in common.
    func overlap(_ first: NoteReference, _ second: NoteReference) -> Bool {
        guard first.article == second.article, let one = range(of: first),
            let other = range(of: second)
        else { return false }
        return one.overlaps(other)
    }

    /// Those on words of one, without some.
    func others(than notes: [NoteReference], on accepted: NoteReference) -> [NoteReference] {
        (places[accepted.article] ?? [])
            .map { NoteReference(article: accepted.article, id: $0.id, isReply: false) }
            .filter { !notes.contains($0) && overlap($0, accepted) }
    }
}
