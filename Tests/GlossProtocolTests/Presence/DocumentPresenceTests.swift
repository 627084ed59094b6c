import GlossCore
import GlossProtocol
import TestSupport
import Testing

@Suite struct DocumentPresenceTests {
    private static func state(_ number: Int) -> PresenceState {
        PresenceState(at: OpID(agent: Sample.agent, seq: number))
    }

    /// Whether somebody may show.
    private static func show(
        _ state: PresenceState?, of key: UInt64, now: Int, _ presence: inout DocumentPresence
    ) -> Bool { presence.show(state, of: key, now: now) }

    private static func keys(_ news: PresenceNews?) -> [String]? { news?.present.map(\.key) }

    @Test func `Who comes alone is told of at once, who moves often once in a while`() {
        var presence = DocumentPresence(doc: Sample.article)
        let ana = presence.join(user: "ana", device: "laptop") { 1 }
        let bo = presence.join(user: "bo", device: "desk") { 2 }
        #expect(presence.deadline == nil)
        #expect(Self.show(Self.state(0), of: ana, now: 1_000, &presence) == true)
        #expect(presence.deadline == 1_000)
        #expect(Self.keys(presence.takeNews(now: 1_000)) == ["1"])
        var told = 0
        for now in 1_001...2_000 {
            #expect(Self.show(Self.state(now), of: ana, now: now, &presence) == true)
            #expect(Self.show(Self.state(-now + 3_000), of: bo, now: now, &presence) == true)
            guard let news = presence.takeNews(now: now) else { continue }
            told += 1
            #expect(Self.keys(news) == ["1", "2"])
            #expect(news.present.first?.state == Self.state(now))
        }
        #expect(told == 1_000 / WireLimits.presencePause)
    }

    @Test func `Who came and went in between was never there`() {
        var presence = DocumentPresence(doc: Sample.article)
        let ana = presence.join(user: "ana", device: "laptop") { 1 }
        #expect(Self.show(Self.state(1), of: ana, now: 0, &presence) == true)
        _ = presence.takeNews(now: 0)
        for now in 1...50 {
            let guest = presence.join(user: "bo", device: "desk") { UInt64(now) + 1 }
            #expect(Self.show(Self.state(now), of: guest, now: now, &presence) == true)
            #expect(Self.keys(presence.everybody(for: guest)) == ["1"])
            presence.leave(guest, now: now)
        }
        #expect(presence.takeNews(now: 1_000) == nil)
        presence.leave(ana, now: 1_001)
        #expect(
            presence.takeNews(now: 1_001)
                == PresenceNews(doc: Sample.article, present: [], left: ["1"]))
        #expect(presence.isEmpty)
    }

    @Test func `As many show as may, others look on, and one who leaves makes room`() {
        var presence = DocumentPresence(doc: Sample.article)
        let keys = (0...WireLimits.presenceEntries).map { number in
            presence.join(user: "u\(number)", device: "d") { UInt64(number) + 1 }
        }
        for key in keys.dropLast() {
            #expect(Self.show(Self.state(0), of: key, now: 0, &presence) == true)
        }
        #expect(
            Self.show(Self.state(0), of: keys[WireLimits.presenceEntries], now: 0, &presence)
                == false)
        #expect(Self.show(Self.state(1), of: keys[3], now: 0, &presence) == true)
        _ = presence.takeNews(now: 0)
        let everybody = presence.everybody(for: keys[WireLimits.presenceEntries])
        #expect(everybody.present.count == WireLimits.presenceEntries)
        #expect(everybody.own == "\(WireLimits.presenceEntries + 1)")
        #expect(Self.show(nil, of: keys[0], now: 1, &presence) == true)
        #expect(
            Self.show(Self.state(0), of: keys[WireLimits.presenceEntries], now: 1, &presence)
                == true)
        let news = presence.takeNews(now: 1_000)
        #expect(news?.left == ["1"])
        #expect(Self.keys(news) == ["\(WireLimits.presenceEntries + 1)"])
    }

    @Test func `Keys do not tell how many came before, and are not given twice`() {
        var random = SeededRandom(seed: 3)
        var presence = DocumentPresence(doc: Sample.article)
        let keys = (0..<100).map { _ in
            presence.join(user: "u", device: "d") { random.next() }
        }
        #expect(Set(keys).count == 100 && keys != keys.sorted())
        #expect(keys.contains { $0 > UInt64.max / 2 })
        var offers = [keys[0], keys[7], 5].makeIterator()
        #expect(presence.join(user: "u", device: "d") { offers.next() ?? 0 } == 5)
    }

    @Test func `A full document fits into a line`() throws {
        let state = try #require(
            PresenceState(
                bytes: Array(#"{"x":"\#(String(repeating: "y", count: 1_016))"}"#.utf8)))
        #expect(state.bytes.count == WireLimits.presenceState)
        let entries = (0..<WireLimits.presenceEntries).map {
            PresenceNews.Entry(
                key: "\(UInt64.max - UInt64($0))", user: String(repeating: "u", count: 32),
                device: String(repeating: "\"", count: 64), state: state)
        }
        let news = PresenceNews(doc: Sample.article, own: "1", present: entries)
        let line = ServerMessage.pres(news).encode()
        #expect(line.count < WireLimits.line)
        #expect(try ServerMessage.decode(line) == .pres(news))
    }

    @Test(arguments: 0..<UInt64(50))
    func `However news is taken and missed, everybody sees the same in the end`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var presence = DocumentPresence(doc: Sample.article)
        /// Those who are there: what they were told, and whether they missed something.
        var guests: [UInt64: (peers: PresentPeers, missed: Bool)] = [:]
        var states: [UInt64: PresenceState] = [:]
        func tell(_ now: Int, isHeard: () -> Bool) {
            guard let news = presence.takeNews(now: now) else { return }
            for key in guests.keys.sorted() {
                if isHeard(), guests[key]?.missed == false {
                    _ = guests[key]?.peers.take(news)
                } else {
                    guests[key]?.missed = true
                }
            }
        }
        var now = 0
        for _ in 0..<200 {
            now += Int.random(in: 0...40, using: &random)
            let present = guests.keys.sorted()
            switch Int.random(in: 0..<6, using: &random) {
            case 0 where present.count < 8:
                let key = presence.join(user: "u", device: "d") { random.next() }
                var peers = PresentPeers()
                _ = peers.take(presence.everybody(for: key))
                guests[key] = (peers, false)
            case 1:
                guard let key = present.randomElement(using: &random) else { continue }
                presence.leave(key, now: now)
                guests[key] = nil
                states[key] = nil
            case 2:
                guard let key = present.randomElement(using: &random) else { continue }
                _ = guests[key]?.peers.take(presence.everybody(for: key))
                guests[key]?.missed = false
            default:
                guard let key = present.randomElement(using: &random) else { continue }
                let state =
                    Bool.random(using: &random)
                    ? Self.state(Int.random(in: 0..<3, using: &random)) : nil
                #expect(Self.show(state, of: key, now: now, &presence) == true)
                states[key] = state
            }
            tell(now) { Int.random(in: 0..<4, using: &random) > 0 }
        }
        tell(1_000_000) { true }
        for key in guests.keys.sorted() where guests[key]?.missed == true {
            _ = guests[key]?.peers.take(presence.everybody(for: key))
        }
        for (key, guest) in guests {
            let seen = guest.peers.entries.mapValues(\.state)
            var expected = states
            expected[key] = nil
            #expect(seen == Dictionary(uniqueKeysWithValues: expected.map { ("\($0)", $1) }))
        }
    }
}
