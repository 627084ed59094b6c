import GlossCore
import TestSupport
import Testing

/// What the files in `Protocol/vectors` were made of.
enum MergeVectorCases {
    typealias Make = @Sendable () throws -> MergeCase

    static let all: [(path: String, make: Make)] =
        merges + conflicts + decisions + checks + anchors

    /// A case of changes to an article.
    static func article(
        _ about: String, _ changes: [Change], refusals: [MergeCase.Refusal] = [],
        versions: [[OpID]] = []
    ) throws -> MergeCase {
        let id = DocumentID(high: 1, low: 2)
        let desk = AnnotatedArticle(
            article: try Replica(id: id, changes: changes),
            annotations: Replica(id: id.annotations))
        return try MergeCase(
            about, AnnotationHistory(id: id, people: [desk]), refusals: refusals,
            versions: versions)
    }

    /// A case of what some people did, whether they have met or not.
    static func table(
        _ about: String, _ table: Table, refusals: [MergeCase.Refusal] = []
    ) throws -> MergeCase {
        try MergeCase(
            about, AnnotationHistory(id: table.people[0].article.id, people: table.people),
            refusals: refusals)
    }

    private static let merges: [(path: String, make: Make)] = [
        (
            "merge/same-place",
            {
                var writers = ThreeWriters(sharing: "[]")
                return try article(
                    "Text typed at one place stands in the order of agents, as unsigned numbers.",
                    [
                        writers.shared, writers.third.type("ccc", at: 1),
                        writers.first.type("aaa", at: 1), writers.second.type("bbb", at: 1),
                    ])
            }
        ),
        (
            "merge/backwards",
            {
                var writers = ThreeWriters(sharing: "[]")
                let one = "one".reversed().map { writers.first.type(String($0), at: 1) }
                let two = "two".reversed().map { writers.second.type(String($0), at: 1) }
                return try article(
                    "What is typed backwards does not interleave.", [writers.shared] + one + two)
            }
        ),
        (
            "merge/right-origins",
            {
                var writers = ThreeWriters(sharing: "C")
                let b = writers.first.type("b", at: 0)
                let q = writers.second.type("Q", at: 0)
                writers.third.receive(b)
                let x = writers.third.type("X", at: 1)
                writers.first.receive(q)
                let y = writers.first.type("Y", at: 1)
                return try article(
                    "Behind one left origin, later right origins come first, not lower ids.",
                    [writers.shared, b, q, x, y])
            }
        ),
        (
            "merge/moved-by-two",
            {
                var table = try Table(2, "Walls hold. Rivers do not ask. The end.")
                _ = try table.note(1, 19..<25, "note")
                try table.meet()
                try table.move(0, 12..<31, to: 0)
                try table.move(1, 12..<30, to: 39)
                return try Self.table(
                    "Two move the same text at once: it stands twice, and the note on one of them.",
                    table)
            }
        ),
        (
            "merge/moved-and-corrected",
            {
                var table = try Table(2, "Walls hold. Rivers do not ask. The end.")
                _ = try table.note(1, 19..<25, "note")
                _ = try table.note(1, 12..<30, "note")
                try table.meet()
                try table.move(0, 12..<31, to: 0)
                try table.edit(0, 7..<13, "never")
                try table.edit(1, 12..<18, "Streams")
                return try Self.table(
                    "Notes go with moved text, and to what replaces it, there or where it was.",
                    table)
            }
        ),
        (
            "merge/corrected-alike",
            {
                var table = try Table(3, "Wals tech the water to climb.")
                _ = try table.note(0, 5..<9, "spelling")
                try table.meet()
                try table.edit(0, 5..<9, "teach", isTagged: true)
                try table.edit(1, 5..<9, "teach", isTagged: true)
                try table.edit(1, 2..<2, "l", isTagged: true)
                let third = try table.edit(2, 2..<2, "l", isTagged: true)
                _ = try table.note(1, 6..<11, "better")
                try table.commitToArticle(2, table.people[2].article.inverse(of: [third]))
                return try Self.table(
                    "What several correct alike shows once, as long as one of them stands by it.",
                    table)
            }
        ),
        (
            "merge/noted-after-moving",
            {
                var table = try Table(2, "Walls hold. Rivers do not ask. The end.")
                try table.move(0, 12..<31, to: 0)
                try table.meet()
                // On what stood around the text that was moved away.
                _ = try table.note(1, 25..<34, "note")
                return try Self.table(
                    "What was hidden when a note was made is not what it is about.", table)
            }
        ),
        (
            "merge/ranges-as-one",
            {
                var table = try Table(2, "Walls hold. Rivers do not ask. The end.")
                let article = table.people[1].article
                var target = article.target(at: 0..<5)
                target.ranges += article.target(at: 12..<18).ranges
                target.quote.exact += article.target(at: 12..<18).quote.exact
                try table.commit(
                    1, .annotate(NewAnnotation(kind: .note, target: target, body: "note")))
                try table.edit(0, 3..<15, "ves")
                return try Self.table("Ranges of a note that overlap are one.", table)
            }
        ),
        (
            "merge/unknown-tail",
            {
                var writers = ThreeWriters(sharing: "[]")
                let head = writers.third.type("ab", at: 1)
                let tail = writers.third.type("cd", at: 3)
                writers.second.receive(head)
                let insertion = writers.second.type("X", at: 3)
                return try article(
                    "Typed behind a text whose rest its author did not know.",
                    [writers.shared, head, tail, insertion], versions: [[head.lastID]])
            }
        ),
        (
            "merge/deleted-around",
            {
                var writers = ThreeWriters(sharing: "one two three")
                let deletion = writers.first.erase(3..<7)
                let insertion = writers.second.type("X", at: 5)
                let overlap = writers.third.backspace(5..<9)
                return try article(
                    "Text typed into a range that others delete stays, at its place.",
                    [writers.shared, deletion, insertion, overlap],
                    versions: [[deletion.lastID], [deletion.lastID, insertion.lastID]])
            }
        ),
        (
            "merge/undo-and-redo",
            {
                var writers = ThreeWriters(sharing: "ab")
                let typed = writers.first.type("X", at: 1)
                writers.second.receive(typed)
                let undo = try writers.first.toggle(typed)
                let redo = try writers.first.toggle(typed)
                let undoThere = try writers.second.toggle(typed)
                return try article(
                    "Undo counts merge by maximum: a redo wins over an undo of the same thing.",
                    [writers.shared, typed, undo, redo, undoThere],
                    versions: [[undo.lastID], [undoThere.lastID], [redo.lastID]])
            }
        ),
        (
            "merge/deleted-by-two",
            {
                var writers = ThreeWriters(sharing: "abc")
                let one = writers.first.erase(1..<2)
                let two = writers.second.erase(1..<2)
                writers.first.receive(two)
                let undo = try writers.first.toggle(one)
                return try article(
                    "A character shows when every deletion of it is undone, not before.",
                    [writers.shared, one, two, undo])
            }
        ),
        (
            "merge/accepted-by-two",
            {
                var table = try Table(3, "a cat")
                let id = try table.suggest(0, 2..<5, "dog")
                try table.meet()
                try table.edit(0, 0..<0, "!")
                try table.edit(0, 3..<6, "dog", accepts: id)
                try table.edit(1, 2..<5, "fox", accepts: id)
                let undone = try table.edit(2, 2..<5, "owl", accepts: id)
                try table.commitToArticle(2, table.people[2].article.inverse(of: [undone]))
                return try Self.table(
                    "Of several acceptances that stand the first one shows, by Lamport time.",
                    table)
            }
        ),
        (
            "merge/scalars",
            {
                var table = try Table(2, "e\u{301}🌊x")
                try table.edit(0, 2..<3, "🏔\u{fe0f}")
                try table.edit(1, 1..<2, "")
                return try Self.table("Every Unicode scalar counts one.", table)
            }
        ),
        (
            "merge/tags",
            {
                var table = try Table(2, "Walls teach.")
                let note = try table.note(0, 6..<11, "teach?")
                try table.commit(0, .addTag(TagAddition(annotation: note, tag: "fact")))
                try table.meet()
                let removal = table.people[0].annotations.removal(ofTag: "fact", from: note)
                try table.commit(0, try #require(removal))
                try table.commit(1, .addTag(TagAddition(annotation: note, tag: "fact")))
                return try Self.table(
                    "A tag put on while somebody else took it off stays on.", table)
            }
        ),
        ("merge/refused-in-articles", { try refusedInArticles() }),
        ("merge/refused-in-sets", { try refusedInSets() }),
    ]
}
