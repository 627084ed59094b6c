import GlossCore
import GlossProtocol
import Synchronization
import Testing

@testable import GlossServer

/// Who may do what at this moment, while roles are read from the store by several at once.
@Suite("Roles in memory")
struct AccessTests {
    private let access = Access()
    private let listener = Ear()

    init() {
        access.add(listener, user: "ana", device: Sample.device(1))
    }

    @Test("Of two readings the one that was started later counts, whichever ends first")
    func overlapping() {
        let older = access.startReading()
        let newer = access.startReading()
        access.setRoles(roles(.editor), of: "ana", read: older)
        #expect(access.role(of: "ana", in: Sample.library) == .editor)
        access.setRoles(roles(.reader), of: "ana", read: newer)
        #expect(access.role(of: "ana", in: Sample.library) == .reader)
        access.setRoles(roles(.owner), of: "ana", read: older)
        #expect(access.role(of: "ana", in: Sample.library) == .reader)
        #expect(listener.count == 2)
    }

    @Test("A reading from before a user's last connection ended does not count behind a new one")
    func forgotten() {
        let older = access.startReading()
        access.remove(listener)
        access.add(listener, user: "ana", device: Sample.device(1))
        let newer = access.startReading()
        access.setRoles(UserRoles(), of: "ana", read: newer)
        access.setRoles(roles(.owner), of: "ana", read: older)
        #expect(access.role(of: "ana", in: Sample.library) == nil)
    }

    @Test("What did not change is not told")
    func unchanged() {
        for _ in 0..<3 {
            let reading = access.startReading()
            access.setRoles(roles(.editor), of: "ana", read: reading)
        }
        #expect(listener.count == 1)
    }

    private func roles(_ role: Role) -> UserRoles {
        UserRoles(libraries: [Sample.library: role])
    }

    private final class Ear: Access.Listener {
        private let changes = Mutex(0)

        var count: Int { changes.withLock { $0 } }

        func accessChanged() { changes.withLock { $0 += 1 } }

        func documentAppeared(_ appeared: DocumentAppeared) {}
    }
}
