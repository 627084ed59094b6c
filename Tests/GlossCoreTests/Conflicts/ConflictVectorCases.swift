import GlossCore
import TestSupport
import Testing

extension MergeVectorCases {
    private static let text = "Walls teach the water to climb. Rivers do not ask."

    private static func titles(_ titles: [String]) throws -> Table {
        var table = try Table(titles.count, text)
        let first = table.people[0].article.write(.text("Walls"), to: .title)
        try table.commitToArticle(0, [first])
        try table.meet()
        for (person, title) in titles.enumerated() {
            let write = table.people[person].article.write(.text(title), to: .title)
            try table.commitToArticle(person, [write])
        }
        return table
    }

    private static func threeEdits() throws -> Table {
        var table = try Table(3, text)
        for (person, word) in ["show", "tell", "ask"].enumerated() {
            try table.edit(person, 6..<11, word)
        }
        return table
    }

    static let conflicts: [(path: String, make: Make)] = [
        (
            "conflicts/value-of-three",
            { try table("Three titles: three versions.", titles(["Dams", "Rivers", "Water"])) }
        ),
        (
            "conflicts/value-equal",
            { try table("Three equal titles: no question.", titles(["Dams", "Dams", "Dams"])) }
        ),
        (
            "conflicts/value-late",
            {
                var table = try titles(["Dams", "Rivers", "Water"])
                let late = table.people[2]
                table.people[2] = table.people[1]
                try table.meet()
                try table.answer(0, try table.onlyConflict(), taking: 1)
                table.people[2] = late
                return try Self.table("A third title, unseen by the answer.", table)
            }
        ),
        (
            "conflicts/withdrawn-and-answered",
            {
                var table = try Table(3, text)
                let note = try table.note(0, 6..<11, "teach?")
                try table.meet()
                try table.write(0, .withdrawn, to: .life, of: note)
                try table.write(1, .text("show?"), to: .body, of: note)
                try table.commit(2, .reply(NewReply(annotation: note, body: "fine")))
                return try Self.table("Withdrawn here, edited and answered there.", table)
            }
        ),
        (
            "conflicts/text-of-three",
            { try table("Three edits of the same words.", threeEdits()) }
        ),
        (
            "conflicts/text-through-a-third",
            {
                var table = try Table(3, text)
                try table.edit(0, 0..<6, "")
                try table.edit(1, 12..<16, "a ")
                try table.edit(2, 5..<13, " lets ")
                return try Self.table("Two edits that touch a third one: one question.", table)
            }
        ),
        (
            "conflicts/text-apart",
            {
                var table = try Table(2, text)
                try table.edit(0, 0..<5, "Dams")
                try table.edit(1, 6..<11, "tell")
                try table.edit(0, 40..<42, "never")
                try table.edit(1, 41..<43, "")
                return try Self.table(
                    "Edits with one untouched character between them do not touch, others do.",
                    table)
            }
        ),
        (
            "conflicts/text-late",
            {
                var table = try threeEdits()
                let late = table.people[2]
                table.people[2] = table.people[1]
                try table.meet()
                try table.answer(0, try table.onlyConflict(), taking: 0)
                table.people[2] = late
                return try Self.table("A third edit, unseen by the resolution.", table)
            }
        ),
        (
            "conflicts/text-answer-taken-back",
            {
                var table = try threeEdits()
                try table.meet()
                let answer = try table.answer(2, try table.onlyConflict(), taking: 0)
                let inverse = table.people[2].article.inverse(of: [answer])
                try table.commitToArticle(2, inverse)
                return try Self.table("A withdrawn resolution settles nothing.", table)
            }
        ),
        (
            "conflicts/anchor",
            {
                var table = try Table(3, text)
                _ = try table.note(2, 6..<11, "cut?")
                _ = try table.note(2, 20..<30, "changed?")
                _ = try table.note(2, 8..<20, "in part?")
                try table.meet()
                try table.edit(0, 5..<11, "")
                try table.edit(1, 5..<11, "")
                try table.edit(0, 10..<24, "stream up")
                return try Self.table(
                    "Notes whose words are gone, replaced, or left in part.", table)
            }
        ),
        (
            "conflicts/anchor-settled",
            {
                var table = try Table(2, text)
                let note = try table.note(0, 6..<11, "cut?")
                try table.edit(0, 5..<11, "")
                try table.meet()
                try table.answer(1, try table.onlyConflict(), taking: 1)
                try table.commit(1, .reply(NewReply(annotation: note, body: "so be it")))
                return try Self.table("A resolution settles the cut that it names.", table)
            }
        ),
        (
            "conflicts/text-typed-alike",
            {
                var table = try Table(2, text)
                try table.edit(0, 6..<11, "show")
                try table.edit(1, 6..<11, "show")
                return try Self.table("Without a tag, equal words stand twice: a question.", table)
            }
        ),
        (
            "conflicts/text-corrected-alike",
            {
                var table = try Table(2, text)
                try table.edit(0, 6..<11, "show", isTagged: true)
                try table.edit(1, 6..<11, "show", isTagged: true)
                return try Self.table("Equal corrections show once, and are no question.", table)
            }
        ),
        (
            "conflicts/note-on-second-copy",
            {
                var table = try Table(2, text)
                let id = try table.suggest(0, 6..<11, "show")
                try table.meet()
                try table.edit(0, 6..<11, "show", accepts: id)
                try table.edit(1, 6..<11, "show", accepts: id)
                _ = try table.note(1, 6..<10, "good")
                return try Self.table(
                    "A note on the hidden copy of an accepted suggestion stands on the other.",
                    table)
            }
        ),
    ]
}
