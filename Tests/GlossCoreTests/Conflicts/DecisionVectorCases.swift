import GlossCore
import TestSupport
import Testing

/// Verdict conflicts, and conflicts that were settled differently.
extension MergeVectorCases {
    private static let text = "Walls teach the water to climb. Rivers do not ask."

    /// Some people who see one suggestion.
    private static func suggestion(_ count: Int) throws -> (table: Table, id: OpID) {
        var table = try Table(count, text)
        let id = try table.suggest(0, 6..<11, "show")
        try table.meet()
        return (table, id)
    }

    /// Two people who see the question of two wordings.
    private static func wordings(_ count: Int) throws -> (table: Table, conflict: Conflict) {
        var (table, id) = try suggestion(count)
        try table.edit(0, 6..<11, "show", accepts: id)
        try table.edit(1, 6..<11, "tell", accepts: id)
        try table.meet()
        return (table, try table.onlyConflict())
    }

    private static func titles() throws -> Table {
        var table = try Table(2, text)
        for (person, title) in ["Dams", "Rivers"].enumerated() {
            let write = table.people[person].article.write(.text(title), to: .title)
            try table.commitToArticle(person, [write])
        }
        try table.meet()
        return table
    }

    static let decisions: [(path: String, make: Make)] = verdicts + resolutions

    private static let verdicts: [(path: String, make: Make)] = [
        (
            "conflicts/verdict-accepted-and-rejected",
            {
                var (table, id) = try suggestion(3)
                try table.edit(1, 6..<11, "show", accepts: id)
                try table.write(0, .rejected, to: .verdict, of: id)
                try table.write(2, .rejected, to: .verdict, of: id)
                return try Self.table("One accepts what two reject: two versions.", table)
            }
        ),
        (
            "conflicts/verdict-wordings",
            {
                var (table, id) = try suggestion(3)
                for (person, word) in ["show", "tell", "show"].enumerated() {
                    try table.edit(person, 6..<11, word, accepts: id)
                }
                return try Self.table(
                    "Accepted in two wordings: no question about the text.", table)
            }
        ),
        (
            "conflicts/verdict-overlapping",
            {
                var table = try Table(3, text)
                let first = try table.suggest(0, 6..<15, "show")
                let second = try table.suggest(1, 12..<21, "a river")
                let third = try table.suggest(2, 32..<38, "Streams")
                try table.meet()
                try table.edit(0, 6..<15, "show", accepts: first)
                try table.edit(1, 12..<21, "a river", accepts: second)
                try table.edit(2, 32..<38, "Streams", accepts: third)
                return try Self.table(
                    "Two suggestions that share words are one choice; a third is none.", table)
            }
        ),
        (
            "conflicts/verdict-equal-suggestions",
            {
                var table = try Table(2, text)
                let ids = try (0..<2).map { try table.suggest($0, 6..<11, "show") }
                try table.meet()
                for person in 0..<2 {
                    try table.edit(person, 6..<11, "show", accepts: ids[person])
                }
                return try Self.table(
                    "Two equal suggestions, each accepted by somebody: the words stand twice.",
                    table)
            }
        ),
        (
            "conflicts/verdict-contested",
            {
                var (table, id) = try suggestion(2)
                try table.write(0, .rejected, to: .verdict, of: id)
                try table.write(1, .open, to: .verdict, of: id)
                try table.edit(1, 6..<11, "show", accepts: id)
                return try Self.table(
                    "A contested verdict is part of the question about it.", table)
            }
        ),
        (
            "conflicts/verdict-settled",
            {
                var (table, conflict) = try wordings(2)
                try table.answer(0, conflict, "B", why: "shorter")
                return try Self.table("An answer takes the other wording out of the text.", table)
            }
        ),
        (
            "conflicts/verdict-late",
            {
                var (table, id) = try suggestion(3)
                try table.edit(2, 6..<11, "let", accepts: id)
                let late = table.people[2]
                table.people[2] = table.people[1]
                try table.edit(0, 6..<11, "show", accepts: id)
                try table.edit(1, 6..<11, "tell", accepts: id)
                try table.meet()
                try table.answer(0, try table.onlyConflict(), "B")
                table.people[2] = late
                return try Self.table("A third wording, unseen by the answer.", table)
            }
        ),
    ]

    private static let resolutions: [(path: String, make: Make)] = [
        (
            "conflicts/resolution-of-value",
            {
                var table = try titles()
                let conflict = try table.onlyConflict()
                for person in 0..<2 { try table.answer(person, conflict, taking: person) }
                return try Self.table("Two answers to one question of two titles.", table)
            }
        ),
        (
            "conflicts/resolution-of-life",
            {
                var table = try Table(2, text)
                let note = try table.note(0, 6..<11, "teach?")
                try table.meet()
                try table.write(0, .withdrawn, to: .life, of: note)
                try table.commit(1, .reply(NewReply(annotation: note, body: "fine")))
                try table.meet()
                let conflict = try table.onlyConflict()
                for person in 0..<2 { try table.answer(person, conflict, taking: person) }
                return try Self.table("Withdrawn by one answer, kept by the other.", table)
            }
        ),
        (
            "conflicts/resolution-of-anchor",
            {
                var table = try Table(2, text)
                let note = try table.note(0, 6..<11, "cut?")
                try table.edit(0, 5..<11, "")
                try table.meet()
                let conflict = try table.onlyConflict()
                for (person, take) in ["done", "loose"].enumerated() {
                    if take == "done" { try table.write(person, .done, to: .status, of: note) }
                    let answer = Resolution(
                        conflict: conflict.id, kind: .anchor, settles: conflict.settles,
                        take: take)
                    try table.commit(person, .resolve(answer))
                }
                return try Self.table("A loose note done with, and left as it is.", table)
            }
        ),
        (
            "conflicts/resolution-of-text",
            {
                var table = try Table(2, text)
                try table.edit(0, 6..<11, "show")
                try table.edit(1, 6..<11, "tell")
                try table.meet()
                let conflict = try table.onlyConflict()
                for person in 0..<2 {
                    try table.settle(
                        person, conflict, editing: 6 + 4 * (1 - person)..<14 - 4 * person)
                }
                return try Self.table(
                    "Two answers that took out one word each: one question, about the answers.",
                    table)
            }
        ),
        (
            "conflicts/resolution-of-verdict",
            {
                var (table, conflict) = try wordings(2)
                try table.answer(0, conflict, "A", why: "as proposed")
                try table.answer(1, conflict, "B")
                return try Self.table("Each wording is taken out by somebody.", table)
            }
        ),
        (
            "conflicts/resolution-settled",
            {
                var (table, conflict) = try wordings(2)
                try table.answer(0, conflict, "A")
                try table.answer(1, conflict, "B")
                try table.meet()
                try table.answer(1, try table.onlyConflict(), "A")
                return try Self.table("An answer to both brings one of them back.", table)
            }
        ),
        (
            "conflicts/resolution-late",
            {
                var (table, conflict) = try wordings(3)
                try table.answer(2, conflict, "base")
                let late = table.people[2]
                table.people[2] = table.people[1]
                try table.answer(0, conflict, "A")
                try table.answer(1, conflict, "B")
                try table.meet()
                try table.answer(1, try table.onlyConflict(), "A")
                table.people[2] = late
                return try Self.table("A third answer, unseen by who settled two.", table)
            }
        ),
    ]
}
