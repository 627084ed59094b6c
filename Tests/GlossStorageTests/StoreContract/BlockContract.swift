import GlossCore
import GlossStorage
import Testing

@Suite("The contract of a store: compaction")
struct BlockContract {
    private let article = Fixture.article
    private static let other = AgentID(rawValue: 1)

    /// Ten rows of two agents, two labels and different lengths, times and counts.
    static var rows: [NewRow] {
        var rows: [NewRow] = []
        var nextSeqs = [0, 0]
        for number in 0..<10 {
            let who = number % 3 == 1 ? 1 : 0
            var row = Fixture.row(
                nextSeqs[who], by: who == 1 ? other : Fixture.agent, count: 1 + number % 4,
                bytes: 5 + 40 * number, hash: UInt64(number) << 60 | UInt64(number))
            row.bytes[0] = UInt8(number)
            row.deviceLabel = number > 6 ? "desk" : "laptop"
            row.receivedAt = 1_000 + (number == 4 ? -990 : 7 * number)
            nextSeqs[who] += row.count
            rows.append(row)
        }
        return rows
    }

    private func fill(_ store: any Store) async throws -> [LogRow] {
        _ = try await store.commit([
            Append(document: article, expectedHead: 0, rows: Self.rows)
        ])
        return try await all(store)
    }

    private func all(_ store: any Store) async throws -> [LogRow] {
        try await store.rows(of: article, after: 0, maxBytes: .max, maxRows: .max)
    }

    private func compact(_ store: any Store, to position: Int, from: Int = 0) async throws {
        let packed = MirroredPacking.pack(Self.rows.prefix(position).map(\.bytes))
        try await store.compact(article, to: position, from: from, changes: packed)
    }

    /// Everything that can be read of the article.
    private func readings(_ store: any Store) async throws -> [String] {
        var found: [String] = []
        for position in -1...12 {
            for (bytes, count) in [(Int.max, Int.max), (1, 5), (300, 3), (0, 0), (.max, 4)] {
                let rows = try await store.rows(
                    of: article, after: position, maxBytes: bytes, maxRows: count)
                found.append("\(rows)")
            }
            found.append("\(String(describing: try await store.sum(of: article, at: position)))")
            let marks = try await store.marks(of: article, at: [position, 2, 9])
            found.append("\(marks.map { ($0.position, $0.hash, $0.sum) })")
            let header = try await store.header(of: article, at: position)
            found.append("\(String(describing: header))")
        }
        for agent in [Fixture.agent, Self.other, AgentID(rawValue: 2)] {
            for seq in 0..<20 {
                let row = try await store.row(of: article, holding: OpID(agent: agent, seq: seq))
                found.append("\(String(describing: row))")
            }
        }
        found.append("\(try await store.agents(of: article))")
        found.append("\(String(describing: try await store.document(article)))")
        return found
    }

    @Test("Whoever reads a log sees no difference", arguments: Engine.allCases)
    func reading(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            let before = try await fill(store)
            let readings = try await readings(store)
            var from = 0
            for position in [3, 4, 10] {
                try await compact(store, to: position, from: from)
                from = position
                #expect(try await all(store) == before)
                #expect(try await self.readings(store) == readings)
                let size = try #require(try await store.size(of: article))
                #expect(size.head == 10 && size.blockHead == position)
                #expect(size.tailCount == 10 - position)
                #expect((size.tailBytes == 0) == (position == 10))
                let block = try #require(try await store.block(of: article))
                #expect(block.head == position)
            }
        }
    }

    @Test("A log goes on behind its block", arguments: Engine.allCases)
    func appending(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            let before = try await fill(store)
            try await compact(store, to: 10)
            let next = try await store.agents(of: article).map(\.nextSeq)
            await expect(.exists) {
                _ = try await store.commit([
                    Append(document: article, expectedHead: 10, rows: [Self.rows[0]])
                ])
            }
            await expect(.agentTaken) {
                _ = try await store.commit([
                    Append(
                        document: article, expectedHead: 10,
                        rows: [Fixture.row(next[1], user: "bob")])
                ])
            }
            _ = try await store.commit([
                Append(
                    document: article, expectedHead: 10, rows: [Fixture.row(next[1], hash: 3)])
            ])
            let after = try await all(store)
            #expect(after.dropLast() == before[...])
            #expect(after.last?.position == 11)
            #expect(after.last?.sum == (before.last?.sum ?? 0) + 3)
            let packed = MirroredPacking.pack(after.map(\.bytes))
            try await store.compact(article, to: 11, from: 10, changes: packed)
            #expect(try await all(store) == after)
        }
    }

    @Test(
        "Nothing is replaced by what does not give each row byte for byte",
        arguments: Engine.allCases)
    func refusals(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            let before = try await fill(store)
            let bytes = Self.rows.map(\.bytes)
            func attempt(_ changes: [[UInt8]], to position: Int, from: Int = 0) async throws {
                try await store.compact(
                    article, to: position, from: from, changes: MirroredPacking.pack(changes))
            }
            for index in 0..<5 {
                var other = Array(bytes.prefix(5))
                other[index][3] ^= 1
                await expect(.invalid) { [other] in try await attempt(other, to: 5) }
                #expect(try await store.block(of: article) == nil)
            }
            await expect(.invalid) { try await attempt(Array(bytes.prefix(4)), to: 5) }
            await expect(.invalid) { try await attempt([], to: 0) }
            await expect(.stale) { try await attempt(bytes + [[1]], to: 11) }
            await expect(.stale) { try await attempt(Array(bytes.prefix(5)), to: 5, from: 2) }
            try await compact(store, to: 5)
            await expect(.stale) { try await attempt(bytes, to: 10) }
            await expect(.invalid) { try await attempt(Array(bytes.prefix(3)), to: 3, from: 5) }
            var other = bytes
            other[1][0] ^= 1
            await expect(.invalid) { [other] in try await attempt(other, to: 10, from: 5) }
            await expect(.corrupt) {
                try await store.compact(article, to: 10, from: 5, changes: [0, 9, 9])
            }
            #expect(try await all(store) == before)
            await expect(.notFound) {
                try await store.compact(
                    DocumentID(high: 9, low: 0), to: 1, from: 0,
                    changes: MirroredPacking.pack([[1]]))
            }
            #expect(try await store.size(of: DocumentID(high: 9, low: 0)) == nil)
            #expect(try await store.block(of: DocumentID(high: 9, low: 0)) == nil)
        }
    }
}
