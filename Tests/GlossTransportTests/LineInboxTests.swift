import Synchronization
import Testing

@testable import GlossTransport

@Suite(.timeLimit(.minutes(1))) struct LineInboxTests {
    @Test func `reading stops while the consumer is behind and goes on when it has caught up`()
        async
    {
        let inbox = LineInbox(limit: 1000)
        let line = [UInt8](repeating: 65, count: 1000)
        var received = 0
        while inbox.wantsBytes() {
            (line + [10]).withUnsafeBytes { inbox.receive($0) }
            received += 1
        }
        #expect(received == LineInbox.highWater / 1001 + 1)
        var taken = 0
        var resumedAt: [Int] = []
        while taken < received {
            let outcome = await inbox.next { resumedAt.append(taken) }
            #expect(outcome == .success(line))
            taken += 1
        }
        #expect(resumedAt.count == 1)
        #expect((received - (resumedAt.first ?? 0) - 1) * 1001 < LineInbox.lowWater)
        #expect(inbox.wantsBytes())
    }

    @Test func `a line longer than what is kept is read to its end`() async {
        let inbox = LineInbox(limit: 1 << 20)
        let part = [UInt8](repeating: 65, count: LineInbox.highWater)
        part.withUnsafeBytes { inbox.receive($0) }
        #expect(!inbox.wantsBytes())
        let outcome = await inbox.next {
            #expect(inbox.wantsBytes())
            part.withUnsafeBytes { inbox.receive($0) }
            #expect(inbox.wantsBytes())
            ([10] as [UInt8]).withUnsafeBytes { inbox.receive($0) }
        }
        #expect(outcome == .success(part + part))
    }

    @Test func `lines that came before a failure are given out before it`() async {
        let inbox = LineInbox(limit: 10)
        ([65, 10, 66] as [UInt8]).withUnsafeBytes { inbox.receive($0) }
        inbox.finish(.connectionLost(reason: "reset"))
        inbox.finish(nil)
        #expect(await inbox.next {} == .success([65]))
        #expect(await inbox.next {} == .failure(.connectionLost(reason: "reset")))
        #expect(await inbox.next {} == .success(nil))
    }

    @Test func `a line is given to who asked for it, once, now or when it has come`() {
        let inbox = LineInbox(limit: 10)
        let given = Mutex<[LineInbox.Outcome]>([])
        func ask() {
            inbox.next(resume: {}) { outcome in given.withLock { $0.append(outcome) } }
        }
        ([65, 10, 66] as [UInt8]).withUnsafeBytes { inbox.receive($0) }
        ask()
        #expect(given.withLock { $0 } == [.success([65])])
        ask()
        #expect(given.withLock { $0.count } == 1)
        ([10, 67, 10] as [UInt8]).withUnsafeBytes { inbox.receive($0) }
        #expect(given.withLock { $0 } == [.success([65]), .success([66])])
        inbox.finish(nil)
        #expect(given.withLock { $0.count } == 2)
        ask()
        ask()
        #expect(given.withLock { Array($0.dropFirst(2)) } == [.success([67]), .success(nil)])
    }

    @Test func `waits that are cancelled lose no line`() async {
        let inbox = LineInbox(limit: 10)
        var found: [UInt8] = []
        for number in 0..<2000 {
            let waiting = Task { await inbox.next {} }
            async let canceller: Void = waiting.cancel()
            [UInt8(number % 10) + 48, 10].withUnsafeBytes { inbox.receive($0) }
            await canceller
            if case .success(let line?) = await waiting.value { found += line }
        }
        inbox.finish(nil)
        while case .success(let line?) = await inbox.next(resume: {}) { found += line }
        #expect(found == (0..<2000).map { UInt8($0 % 10) + 48 })
    }
}
