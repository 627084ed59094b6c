import GlossCore
import TestSupport
import Testing

/// Cases of `Protocol/vectors/anchors`: targets, edits, and where the targets stand then.
extension MergeVectorCases {
    private static let words = "Walls teach the water to climb. Rivers do not ask."

    /// A case in which a third person annotates ranges, and others edit meanwhile.
    private static func noted(
        _ name: String, _ about: String, _ ranges: [Range<Int>],
        edits: @escaping @Sendable (inout Table) throws -> Void
    ) -> (path: String, make: Make) {
        (
            "anchors/\(name)",
            {
                var table = try Table(3, words)
                for range in ranges { _ = try table.note(2, range, "note") }
                try edits(&table)
                return try Self.table(about, table)
            }
        )
    }

    /// A case in which a third person annotates by targets made by hand, and others edit meanwhile.
    private static func targeted(
        _ name: String, _ about: String,
        _ targets: @escaping @Sendable (borrowing Table) throws -> [Target],
        edits: @escaping @Sendable (inout Table) throws -> Void
    ) -> (path: String, make: Make) {
        (
            "anchors/\(name)",
            {
                var table = try Table(3, words)
                for target in try targets(table) {
                    try table.commit(
                        2, .annotate(NewAnnotation(kind: .note, target: target, body: "note")))
                }
                try edits(&table)
                return try Self.table(about, table)
            }
        )
    }

    static let anchors: [(path: String, make: Make)] = edited + moved + made

    private static let edited = [
        noted(
            "grown", "A range grows by what is typed inside, and not at its edges.", [6..<11]
        ) { table in
            try table.edit(0, 11..<11, "ing")
            try table.edit(0, 6..<6, "re")
            try table.edit(1, 8..<8, " - ")
        },
        noted("deleted", "Of words that are gone the place is left.", [6..<11, 12..<15]) { table in
            try table.edit(0, 5..<16, "")
            try table.edit(1, 8..<8, "…")
        },
        noted("undone", "Words that come back bring the note along.", [6..<11]) { table in
            let deletion = try table.edit(0, 3..<20, "")
            try table.commitToArticle(0, table.people[0].article.inverse(of: [deletion]))
            try table.edit(1, 6..<8, "")
        },
        noted(
            "replaced-twice", "A note follows what replaced its words, and what replaced that.",
            [6..<11, 6..<9, 12..<15]
        ) { table in
            try table.edit(0, 6..<11, "show")
            try table.edit(0, 7..<9, "HO")
            try table.edit(1, 12..<15, "")
        },
        (
            "anchors/carried",
            {
                var table = try Table(3, words)
                let first = try table.edit(0, 6..<11, "show", isTagged: true)
                try table.edit(1, 6..<11, "show", isTagged: true)
                _ = try table.note(0, 6..<10, "of the first")
                _ = try table.note(1, 6..<8, "of the second")
                try table.commitToArticle(0, table.people[0].article.inverse(of: [first]))
                return try Self.table(
                    "When the first of two equal corrections is undone, notes go to the second.",
                    table)
            }
        ),
    ]

    private static let moved = [
        noted(
            "moved-in-part", "A note on words of which some were moved has a range at both places.",
            [6..<21, 12..<15, 16..<18]
        ) { table in
            try table.move(0, 12..<16, to: 0)
            try table.edit(1, 16..<17, "")
        },
        noted(
            "moved-on", "A note follows its words from place to place, until they are deleted.",
            [12..<15, 6..<11]
        ) { table in
            try table.move(0, 12..<16, to: 0)
            try table.move(0, 0..<4, to: 32)
            try table.edit(0, 6..<11, "")
            try table.edit(0, 26..<28, "")
        },
        noted(
            "moved-and-replaced", "What was moved is replaced where it went, all of it.",
            [12..<15]
        ) { table in
            try table.move(0, 12..<16, to: 0)
            try table.edit(0, 0..<3, "this")
            try table.edit(1, 13..<13, "x")
        },
    ]

    private static let made = [
        targeted(
            "several-ranges", "What stands between the words of several ranges is none of them.",
            { table in
                let article = table.people[2].article
                return [
                    article.target(at: [0..<5, 16..<21]), article.target(at: [0..<5, 5..<11]),
                    article.target(at: [0..<5, 16..<21, 32..<38]),
                ]
            }
        ) { table in
            try table.edit(0, 0..<6, "")
            try table.edit(1, 34..<36, "VE")
        },
        targeted(
            "not-here", "Targets that wait for the article, and one of the article as a whole.",
            { table in
                let article = table.people[2].article
                let agent = AgentID(rawValue: 0xff)
                var late = article.target(at: 0..<5)
                late.version = [OpID(agent: agent, seq: 3)]
                var missing = article.target(at: 0..<5)
                missing.ranges[0].end.id = OpID(agent: agent, seq: 0)
                var noCharacter = article.target(at: 0..<5)
                // The deletion below: an operation, but no character.
                noCharacter.ranges[0].start.id = OpID(agent: AgentID(rawValue: 0xa1), seq: 0)
                var whole = article.target(at: 0..<5)
                whole.ranges = []
                return [late, missing, noCharacter, whole]
            }
        ) { table in
            try table.edit(1, 16..<21, "")
        },
        targeted(
            "other-sides", "Anchors on other sides, and an end in front of its start.",
            { table in
                let article = table.people[2].article
                var inner = article.target(at: 6..<11)
                inner.ranges[0].start.side = .after
                inner.ranges[0].end.side = .before
                var reversed = article.target(at: 6..<11)
                reversed.ranges[0] = AnchorRange(
                    start: reversed.ranges[0].end, end: reversed.ranges[0].start)
                return [inner, reversed]
            }
        ) { table in
            try table.edit(0, 7..<8, "ee")
        },
    ]
}
