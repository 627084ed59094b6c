import FoundationEssentials
import GlossCore
import GlossStorage
import TestSupport

@testable import GlossClient

/// A machine with a library on it, and what its user does there.
final class Device: @unchecked Sendable {  // only ever used on the thread of its simulation
    /// What its client does.
    enum Running: Equatable {
        case nothing
        case once
        case watching
    }

    let number: Int
    let library: LibraryID
    /// The role it has at first, and again at the end.
    let role: Role
    var person: Person
    /// How far the machine's clock is off.
    let clock: SimulatedClock
    /// The client that runs, or ran last.
    var process = ProcessID.world
    var running = Running.nothing
    var task: Task<Void, Never>?
    var link: Link?
    /// Until when the network lets nothing through.
    var heldUntil = 0
    /// Until when the server has asked it to stay away.
    var staysAwayUntil = 0
    /// Jobs after which the client dies.
    var diesAfter: Int?
    /// What of others and of its own it could give back, by a receipt, when the server lost something.
    var promises: [Promise] = []
    /// Whether it has had a connection in vain since it was started.
    var connections = 0

    init(number: Int, library: LibraryID, role: Role, person: Person, clock: SimulatedClock) {
        self.number = number
        self.library = library
        self.role = role
        self.person = person
        self.clock = clock
    }

    var id: DeviceID? { try? person.library.profile().device }
}

/// A wall clock that can be wrong.
final class SimulatedClock: @unchecked Sendable {  // used on the thread of its simulation
    private let scheduler: Scheduler
    var offset = 0

    init(_ scheduler: Scheduler) {
        self.scheduler = scheduler
    }

    /// Milliseconds since 1970.
    var wall: Int { TestClock.start + scheduler.now + offset }
}

extension Library {
    /// An empty library in a file, made once: the others are copies of it.
    private static let template: String = {
        let directory =
            FileManager.default.temporaryDirectory.path + "/gloss-\(UUID().uuidString)"
        do {
            try create(
                in: directory, user: "me", label: "laptop",
                environment: ClientEnvironment(now: { 0 })
            ).close()
        } catch { preconditionFailure("\(error)") }
        return directory
    }()

    /// A new library in memory.
    static func inMemory(_ environment: ClientEnvironment) throws -> Library {
        let file = try Library(directory: template, environment: environment)
        defer { try? file.close() }
        let library = try file.rehearsal()
        try library.store.write { writer in
            try writer.setMeta(.deviceID, to: Secret.deviceID(environment).description)
            try writer.setMeta(.deviceSecret, to: Secret.make(environment))
        }
        return library
    }
}
