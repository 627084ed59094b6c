import TestSupport
import Testing

@testable import GlossCore

/// Where changes begin, against a plain array of them.
@Suite struct ChangeTableTests {
    private struct Row: Equatable {
        var versions: Range<Int>
        var time: Int
        var message: String?
    }

    private func expect(_ table: borrowing ChangeTable, like twin: [Row], _ note: Comment) {
        table.checkInvariants()
        #expect(table.count == twin.count, note)
        #expect(table.versionCount == twin.last?.versions.upperBound ?? 0, note)
        var mistakes = 0
        for (index, row) in twin.enumerated() {
            let found = Row(
                versions: table.versions(of: index), time: table.time(of: index),
                message: table.message(of: index))
            if found != row { mistakes += 1 }
            for version in row.versions where table.index(of: version) != index { mistakes += 1 }
        }
        #expect(mistakes == 0, note)
    }

    private func append(
        to table: inout ChangeTable, _ twin: inout [Row], using random: inout SeededRandom
    ) {
        let start = twin.last?.versions.upperBound ?? 0
        let isAlike = random.chance(0.7)
        let row = Row(
            versions: start..<start + (isAlike ? 2 : 1 + random.below(3)),
            time: isAlike ? 5 : [5, -1, 1 << 52][random.below(3)],
            message: random.chance(0.15) ? "why \(twin.count)" : nil)
        twin.append(row)
        if row.message == nil, random.chance(0.5) {
            table.append(width: row.versions.count, time: row.time)
        } else {
            table.append(width: row.versions.count, time: row.time, message: row.message)
        }
    }

    @Test("Changes come and go as in a plain array", arguments: 0..<LogSeeds.batchCount)
    func changes(batch: Int) {
        for seed in LogSeeds.seeds(of: batch) {
            var random = SeededRandom(seed: seed)
            var table = ChangeTable()
            var twin: [Row] = []
            for _ in 0..<3 {
                for _ in 0..<random.below(60) { append(to: &table, &twin, using: &random) }
                let before = table.copy()
                let twinBefore = twin
                for _ in 0..<random.below(20) where !twin.isEmpty {
                    table.removeLast()
                    twin.removeLast()
                }
                expect(table, like: twin, "seed \(seed)")
                expect(before, like: twinBefore, "seed \(seed), the copy")
            }
        }
    }

    @Test("Typing takes one row")
    func typing() {
        var table = ChangeTable()
        for _ in 0..<10_000 { table.append(width: 1, time: 0) }
        #expect(table.rowCount == 1 && table.count == 10_000)
        table.append(width: 1, time: 1)
        table.append(width: 1, time: 1, message: "why")
        table.append(width: 1, time: 1, message: "why")
        table.append(width: 1, time: 1)
        #expect(table.rowCount == 5 && table.message(of: 10_002) == "why")
        table.checkInvariants()
    }
}
