import TestSupport
import Testing

@testable import GlossCore

/// Notes go with text that is cut out in one place and put in at another.
@Suite struct MovedTextTests {
    private static let text = "Walls hold. Rivers do not ask. The dike is old."
    private static let mira = AgentID(rawValue: 1)
    private static let jo = AgentID(rawValue: 2)

    private func article() throws -> Replica {
        var article = Replica(id: CodecSeeds.article)
        _ = try article.edit([TextEdit(0..<0, Self.text)], by: Author(agent: Self.mira, time: 1))
        return article
    }

    /// Where words stand in the text as it is.
    private func place(_ words: String, in article: Replica) throws -> Range<Int> {
        let text = Array(article.text.unicodeScalars)
        let words = Array(words.unicodeScalars)
        let start = try #require(
            (0...text.count - words.count).first {
                text[$0..<$0 + words.count].elementsEqual(words)
            })
        return start..<start + words.count
    }

    /// Cuts words out and puts them in front of others, or at the end.
    @discardableResult
    private func move(
        _ words: String, before others: String?, in article: inout Replica, by agent: AgentID
    ) throws -> Change {
        let source = try place(words, in: article)
        let target = try others.map { try place($0, in: article).lowerBound } ?? article.textCount
        var added = TextEdit(target..<target, words)
        added.moves = [TextEdit.Move(part: 0..<source.count, source: source)]
        let edits = [TextEdit(source, ""), added].sorted {
            $0.range.lowerBound < $1.range.lowerBound
        }
        return try #require(
            try article.edit(edits, by: Author(agent: agent, time: 2)))
    }

    private func words(_ target: Target, in article: Replica) -> [String] {
        let text = Array(article.text.unicodeScalars)
        return article.placement(of: target, in: article.textIndex).ranges.map { range in
            var view = String.UnicodeScalarView()
            view.append(contentsOf: text[range])
            return String(view)
        }
    }

    private func state(_ target: Target, in article: Replica) -> Placement.State {
        article.placement(of: target, in: article.textIndex).state
    }

    @Test func `a note goes with its sentence, and comes back when that is undone`() throws {
        var article = try article()
        let target = article.target(at: try place("do not", in: article))
        let change = try move("Rivers do not ask. ", before: "Walls", in: &article, by: Self.mira)
        #expect(article.text == "Rivers do not ask. Walls hold. The dike is old.")
        #expect(state(target, in: article) == .moved)
        #expect(words(target, in: article) == ["do not"])
        #expect(article.placement(of: target, in: article.textIndex).coverage == 1)
        let inverse = article.inverse(of: [change])
        _ = try article.commit(inverse, by: Author(agent: Self.mira, time: 3))
        #expect(article.text == Self.text)
        #expect(state(target, in: article) == .anchored)
        #expect(words(target, in: article) == ["do not"])
    }

    @Test func `a note around words that had gone before does not follow them`() throws {
        var article = try article()
        try move("not ", before: nil, in: &article, by: Self.mira)
        let target = article.target(at: try place("do ask", in: article))
        #expect(state(target, in: article) == .anchored)
        #expect(words(target, in: article) == ["do ask"])
    }

    @Test func `text that is moved on takes its notes along`() throws {
        var article = try article()
        let target = article.target(at: try place("do not", in: article))
        try move("Rivers do not ask. ", before: "Walls", in: &article, by: Self.mira)
        try move("Rivers do not ask. ", before: "The dike", in: &article, by: Self.jo)
        try move("do not ask. ", before: nil, in: &article, by: Self.jo)
        #expect(article.text == "Walls hold. Rivers The dike is old.do not ask. ")
        #expect(state(target, in: article) == .moved)
        #expect(words(target, in: article) == ["do not"])
    }

    @Test func `a note on words of which some were moved stands in both places`() throws {
        var article = try article()
        let target = article.target(at: try place("Rivers do not ask.", in: article))
        try move("do not ask", before: "Walls", in: &article, by: Self.mira)
        #expect(article.text == "do not askWalls hold. Rivers . The dike is old.")
        #expect(state(target, in: article) == .moved)
        #expect(words(target, in: article) == ["do not ask", "Rivers ."])
        #expect(article.placement(of: target, in: article.textIndex).coverage == 1)
    }

    @Test func `words that change places within a note leave it where it is`() throws {
        var article = try article()
        let target = article.target(at: try place("Rivers do not ask.", in: article))
        try move("not ", before: "do", in: &article, by: Self.mira)
        #expect(article.text == "Walls hold. Rivers not do ask. The dike is old.")
        #expect(state(target, in: article) == .anchored)
        #expect(words(target, in: article) == ["Rivers not do ask."])
    }

    @Test func `a note made where words were moved away before is not about them`() throws {
        var article = try article()
        try move("Rivers do not ask. ", before: "Walls", in: &article, by: Self.mira)
        #expect(article.text == "Rivers do not ask. Walls hold. The dike is old.")
        let target = article.target(at: try place("hold. The", in: article))
        #expect(state(target, in: article) == .anchored)
        #expect(words(target, in: article) == ["hold. The"])
    }

    @Test func `what replaces moved words is where they were moved`() throws {
        var article = try article()
        let target = article.target(at: try place("do not", in: article))
        try move("Rivers do not ask. ", before: "Walls", in: &article, by: Self.mira)
        let place = try place("do not", in: article)
        _ = try article.edit([TextEdit(place, "never")], by: Author(agent: Self.jo, time: 4))
        #expect(article.text == "Rivers never ask. Walls hold. The dike is old.")
        #expect(state(target, in: article) == .rewritten)
        #expect(words(target, in: article) == ["never"])
    }

    @Test func `of two who move the same text, the note goes with one, on both sides`() throws {
        let base = try article()
        let target = base.target(at: try place("do not", in: base))
        var mira = base
        var jo = base
        let first = try move("Rivers do not ask. ", before: "Walls", in: &mira, by: Self.mira)
        let second = try move("Rivers do not ask. ", before: nil, in: &jo, by: Self.jo)
        try mira.integrate(second)
        try jo.integrate(first)
        #expect(mira.text == jo.text)
        #expect(words(target, in: mira) == ["do not"])
        #expect(
            mira.placement(of: target, in: mira.textIndex)
                == jo.placement(of: target, in: jo.textIndex))
    }

    @Test func `a move names as many characters as it has, all of them known`() throws {
        var article = try article()
        let left = OpID(agent: Self.mira, seq: 2)
        for (count, isRight) in [(3, true), (2, false), (4, false)] {
            let insertion = Insertion(
                left: left, right: OpID(agent: Self.mira, seq: 3),
                text: Array("all".unicodeScalars),
                from: [OpSpan(start: OpID(agent: Self.mira, seq: 1), count: count)])
            let before = article.text
            do throws(ChangeError) {
                _ = try article.commit([.insert(insertion)], by: Author(agent: Self.jo, time: 5))
                #expect(isRight)
            } catch {
                #expect(!isRight && error.code == .invalidOp)
                #expect(article.text == before)
            }
        }
        let stranger = Insertion(
            left: left, right: nil, text: ["x"],
            from: [OpSpan(start: OpID(agent: AgentID(rawValue: 7), seq: 0), count: 1)])
        #expect(throws: ChangeError.self) {
            try article.commit([.insert(stranger)], by: Author(agent: Self.jo, time: 6))
        }
    }

    @Test func `moves are kept by the history, the snapshot and every change`() throws {
        var article = try article()
        let target = article.target(at: try place("do not", in: article))
        let change = try move("Rivers do not ask. ", before: "Walls", in: &article, by: Self.mira)
        let from = change.ops.compactMap { op -> [OpSpan]? in
            if case .insert(let insertion) = op { insertion.from } else { nil }
        }
        #expect(from == [[OpSpan(start: OpID(agent: Self.mira, seq: 12), count: 19)]])
        let document = article.document.copy()
        let opened = try Document(history: document.encodeHistory())
        let twin = try Replica(opened)
        #expect(twin.placement(of: target, in: twin.textIndex).state == .moved)
        #expect(twin.log.entries.last?.change == change)
        var snapshot = try Document(
            snapshot: document.encodeSnapshot(), history: document.encodeHistory())
        try snapshot.loadLog()
        let third = try Replica(snapshot)
        #expect(words(target, in: third) == ["do not"])
    }

    /// Moves some words that chance chooses, with other words around them or in place of some.
    private func moveSome(
        in article: inout Replica, by agent: AgentID, _ random: inout SeededRandom
    ) throws {
        let count = article.textCount
        let text = Array(article.text.unicodeScalars)
        let start = random.below(count - 8)
        let source = start..<start + 1 + random.below(6)
        var place = random.below(count + 1)
        if source.contains(place) { place = source.upperBound }
        let isBefore = place <= source.lowerBound
        let end = min(isBefore ? source.lowerBound : count, place + random.below(3))
        var words = String.UnicodeScalarView()
        words.append(contentsOf: text[source])
        let before = String(repeating: "<", count: random.below(3))
        let after = String(repeating: ">", count: random.below(3))
        var added = TextEdit(place..<end, before + String(words) + after)
        added.moves = [
            TextEdit.Move(part: before.count..<before.count + source.count, source: source)
        ]
        let cut = TextEdit(source, "")
        _ = try article.edit(
            isBefore ? [added, cut] : [cut, added], by: Author(agent: agent, time: 3))
    }

    @Test(arguments: 0..<20)
    func `whatever two people move comes back from the history`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var desks = [try article()]
        desks.append(
            try Replica(id: CodecSeeds.article, changes: desks[0].log.entries.map(\.change)))
        for _ in 0..<60 {
            let index = random.below(2)
            try moveSome(in: &desks[index], by: index == 0 ? Self.mira : Self.jo, &random)
            guard random.chance(0.3) else { continue }
            for entry in desks[index].log.entries {
                _ = try desks[1 - index].integrate(entry.change)
            }
        }
        for desk in desks {
            let changes = desk.log.entries.map(\.change)
            let opened = try Replica(Document(history: desk.document.copy().encodeHistory()))
            #expect(opened.log.entries.map(\.change) == changes)
            #expect(opened.text == desk.text)
            #expect(changes.count { $0.ops.contains { !$0.isMoveless } } > 20)
        }
    }
}

extension Op {
    /// Whether it moves nothing.
    fileprivate var isMoveless: Bool {
        if case .insert(let insertion) = self { insertion.from.isEmpty } else { true }
    }
}
