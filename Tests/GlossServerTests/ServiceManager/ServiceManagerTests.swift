import Testing

@testable import GlossServer

@Suite("Signs of life for the service manager")
struct ServiceManagerTests {
    @Test("They come twice in the time that is expected, by the server's clock")
    func pace() async throws {
        let environment = [
            "NOTIFY_SOCKET": "/nowhere/notify", "WATCHDOG_USEC": "30000000",
        ]
        let manager = try #require(ServiceManager { environment[$0] })
        let (waits, signs) = (Mailslot<Duration>(), Mailslot<Void>())
        let clock = ServerClock(wall: { 0 }, steady: { 0 }) { duration in
            waits.put(duration)
            if waits.values.count == 3 { withUnsafeCurrentTask { $0?.cancel() } }
        }
        await Task { await manager.keepAlive(clock) { signs.put(()) } }.value
        #expect(waits.values == [.seconds(15), .seconds(15), .seconds(15)])
        #expect(signs.values.count == 3)
    }
}
