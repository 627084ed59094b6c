import GlossCore
import TestSupport
import Testing

extension MergeVectorCases {
    private static let text = "Walls hold. In 1953 the dike broke. Rivers do not ask."
    private static let film = Check.Evidence(source: "Film", time: "00:12:30")
    private static let page = Check.Evidence(link: "https://example.org/dike", page: "12")

    static let checks: [(path: String, make: Make)] = [
        (
            "merge/checked-and-rewritten",
            {
                var table = try Table(2, text)
                let year = try table.claim(0, 15..<19)
                let dike = try table.claim(0, 20..<28)
                let rivers = try table.claim(0, 36..<54)
                _ = try table.claim(0, 0..<5)
                try table.meet()
                try table.check(0, year, .confirmed, [film])
                try table.check(0, dike, .wrong, [page], remark: "a sluice")
                try table.edit(1, 15..<19, "1954")
                try table.move(1, 36..<54, to: 0)
                try table.check(1, rivers, .unproven)
                try table.meet()
                let target = table.people[1].article.target(at: 18..<23)
                try table.write(1, .target(target), to: .target, of: dike)
                return try Self.table(
                    "Checks on words that were rewritten, moved whole, and left for others.",
                    table)
            }
        ),
        (
            "conflicts/anchor-checked",
            {
                var table = try Table(2, text)
                let year = try table.claim(0, 15..<19)
                let dike = try table.claim(0, 20..<28)
                try table.meet()
                try table.edit(0, 15..<28, "1954 a sluice")
                try table.check(0, year, .confirmed, [film])
                try table.check(1, dike, .confirmed)
                return try Self.table(
                    "A note on rewritten words that somebody checked is not loose, another is.",
                    table)
            }
        ),
        (
            "conflicts/value-of-checks",
            {
                var table = try Table(3, text)
                let year = try table.claim(0, 15..<19)
                let rivers = try table.claim(0, 36..<42)
                try table.meet()
                try table.check(0, year, .confirmed, [film])
                try table.check(1, year, .wrong, [page], remark: "1954")
                try table.edit(2, 0..<5, "Dams")
                try table.check(2, year, .confirmed, [film])
                try table.check(0, rivers, .confirmed)
                try table.check(2, rivers, .confirmed)
                return try Self.table(
                    "Two verdicts on one claim: one question. Equal checks of other versions: none.",
                    table)
            }
        ),
    ]
}
