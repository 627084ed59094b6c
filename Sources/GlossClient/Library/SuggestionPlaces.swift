import GlossCore

/// Which words the open suggestions of some articles are on.
struct SuggestionPlaces {
    private var places: [DocumentID: [(note: NoteReference, range: Range<Int>)]] = [:]

    init(_ notes: [NoteReference], _ workspace: Workspace) throws {
        for article in Set(notes.map(\.article)) {
            for content in try workspace.annotated(article) {
                let index = content.article.textIndex
                let set = content.annotations.id
                places[article, default: []] += content.annotations.annotations.compactMap {
                    guard content.isOpen($0), $0.text(.proposal) != nil,
                        let range = content.placement(of: $0, in: index).ranges.first
                    else { return nil }
                    let note = NoteReference(article: article, set: set, id: $0.id, isReply: false)
                    return (note, range)
                }
            }
        }
    }

    private func range(of note: NoteReference) -> Range<Int>? {
        places[note.article]?.first { $0.note.id == note.id }?.range
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
        (places[accepted.article] ?? []).map(\.note)
            .filter { !notes.contains($0) && overlap($0, accepted) }
    }
}
