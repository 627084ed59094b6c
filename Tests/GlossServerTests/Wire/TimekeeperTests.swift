import Synchronization
import TestSupport
import Testing

@testable import GlossServer

@Suite("One task keeps the time of all", .timeLimit(.minutes(1)))
struct TimekeeperTests {
    /// Somebody with a deadline.
    private final class Guest: Timed {
        let time: Mutex<Int>
        let told = Mailslot<Void>()

        init(_ time: Int) {
            self.time = Mutex(time)
        }

        var deadline: Int { time.withLock { $0 } }

        func timeHasCome() {
            time.withLock { $0 = .max }
            told.put(())
        }
    }

    /// Time passes as it is slept away.
    private final class Night: Sendable {
        let now = Mutex(0)
        let sleeps = Mutex(0)

        var clock: ServerClock {
            ServerClock(
                wall: { 0 }, steady: { self.now.withLock { $0 } },
                sleep: { time in
                    self.now.withLock { $0 += Int(time / .milliseconds(1)) }
                    self.sleeps.withLock { $0 += 1 }
                    await Task.yield()
                })
        }
    }

    @Test("Each is told when its time has come, also if that changes, and nobody is told else")
    func everybody() async {
        let night = Night()
        let keeper = Timekeeper()
        let (early, late, never) = (Guest(2_500), Guest(1_000_000), Guest(.max))
        for guest in [early, late, never] { keeper.add(guest, clock: night.clock) }
        await early.told.take()
        #expect(night.now.withLock { $0 } >= 3_000)
        late.time.withLock { $0 = 10_000 }
        await late.told.take()
        for guest in [early, late, never] { keeper.remove(guest) }
        // With nobody there it sleeps no more; with somebody new it does again.
        var before = -1
        while night.sleeps.withLock({ $0 }) != before {
            before = night.sleeps.withLock { $0 }
            for _ in 0..<100 { await Task.yield() }
        }
        let again = Guest(0)
        keeper.add(again, clock: night.clock)
        await again.told.take()
        keeper.remove(again)
        #expect(never.told.values.isEmpty)
    }
}
