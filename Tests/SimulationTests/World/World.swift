import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage
import TestSupport

@testable import GlossClient
@testable import GlossServer
@testable import GlossTransport

/// A few people with their devices, one server, and everything that can go wrong between them.
///
/// Sessions, rooms, merge and libraries are the real ones; the scheduler, the network, the server's
/// disk and the clocks are values. All of it follows from the plan.
final class World: @unchecked Sendable {  // only ever used on the thread of its simulation
    static let text = "Walls teach the water to climb. Rivers go on, and nobody asks them why."
    static let main = LibraryID(rawValue: 0x11)
    static let other = LibraryID(rawValue: 0x12)
    private static let members: [(name: String, role: Role)] = [
        ("mira", .editor), ("jo", .editor), ("ana", .reviewer), ("mira", .editor), ("bo", .owner),
    ]

    let scheduler: Scheduler
    let disk: ServerDisk
    let serverClock: SimulatedClock
    var random: SeededRandom
    var devices: [Device] = []
    var server: ServerProcess?
    var links: [Link] = []
    var articles: [LibraryID: DocumentID] = [:]
    var tally = FaultTally()
    /// What was found to be wrong.
    private(set) var failure: FaultFailure?
    /// What happened, a line each.
    private(set) var transcript: [String] = []
    /// Jobs after which the server dies, and how.
    var crash: (jobs: Int, isSilent: Bool, pause: Int)?
    var isStarting = false
    /// When access was taken away, by what it was; `.max` while that is under way.
    var lostAccess: [String: Int] = [:]
    var watch = WireWatch()
    /// The connections whose outbox was full once.
    var filled: Set<Int> = []

    init(_ setting: FaultPlan.Setting) {
        var random = SeededRandom(seed: setting.seed)
        scheduler = Scheduler(seed: random.next())
        disk = ServerDisk(lineage: random.next())
        serverClock = SimulatedClock(scheduler)
        self.random = random
        tally.runs = 1
    }

    /// Everybody joins, and an article is there. Nothing goes wrong yet.
    func setUp(_ setting: FaultPlan.Setting) throws {
        disk.onFault = { [unowned self] fault in
            tally.count(FaultKind(fault))
            note("the disk: \(fault.rawValue)")
            if fault == .fsyncLost { server?.mustStop = true }
        }
        disk.onCompaction = { [unowned self] in tally.count(.compacted) }
        scheduler.beforeJob = { [unowned self] in
            checkBounds()
            countDown()
        }
        try startServer()
        try perform { [self] in
            let now = serverClock.wall
            for (id, name) in [(Self.main, "main"), (Self.other, "other")] {
                try await server?.store.addLibrary(
                    LibraryRecord(id: id, name: name, createdAt: now))
            }
        }
        for member in Self.members.prefix(setting.devices) {
            try addDevice(member.name, member.role, to: Self.main)
        }
        if setting.hasStranger { try addDevice("kim", .editor, to: Self.other) }
        for device in devices { try syncToEnd(device) }
        disk.backUp()
    }

    private func addDevice(_ name: String, _ role: Role, to library: LibraryID) throws {
        let clock = SimulatedClock(scheduler)
        let chance = SharedRandom(seed: random.next())
        let scheduler = scheduler
        var environment = ClientEnvironment(now: { clock.wall }, random: { chance.next() })
        environment.steady = { scheduler.now }
        environment.sleep = { try await scheduler.sleep($0) }
        let copy = try Library.inMemory(environment)
        let isFirst = articles[library] == nil
        let device = Device(
            number: devices.count, library: library, role: role,
            person: Person(
                name, role, copy, article: articles[library] ?? DocumentID.article(using: &random),
                seed: random.next()), clock: clock)
        devices.append(device)
        try join(device)
        guard isFirst else { return }
        let article = try copy.addArticle(name: "river", title: "", text: Self.text).id
        articles[library] = article
        device.person = Person(name, role, copy, article: article, seed: random.next())
        try syncToEnd(device)
    }

    /// What `glossd invite` and `gloss join` do.
    func join(_ device: Device) throws {
        let secret = Array("invitation of device \(device.number)".utf8)
        let now = serverClock.wall
        let user = device.person.name
        let isKnown = disk.roles[device.library]?[user] != nil
        let invitation = InvitationRecord(
            secretHash: SHA256.hash(secret).bytes, library: device.library, role: device.role,
            forUser: isKnown ? user : nil, createdAt: now, expiresAt: now + 600_000, usesLeft: 1)
        try perform { [self] in try await server?.store.addInvitation(invitation) }
        let library = device.person.library
        let profile = try library.profile()
        guard let key = try library.read({ try $0.meta(.deviceSecret) }).flatMap(Base64URL.decode)
        else { throw Inequality("a library has a secret") }
        device.process = scheduler.newProcess()
        device.running = .once
        device.connections = 0
        let process = device.process
        let report = try scheduler.perform(as: process) { [self] in
            let driver = SyncDriver(
                library: library, server: Self.address, connection: try await dial(device, process),
                credential: .invitation(
                    InvitationCredential(
                        secret: secret, user: user, label: profile.label, device: profile.device,
                        key: key)), mode: .once, onEvent: { _ in })
            return try await driver.run()
        }
        device.running = .nothing
        guard report != nil else { throw Inequality("joining came to no end") }
    }

    static let address = Profile.Server(host: "desk", port: 7464, fingerprint: [])

    /// Runs something of the server to its end.
    func perform<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) throws {
        guard let server else { return }
        _ = try scheduler.perform(as: server.process, body)
    }

    func note(_ what: String) {
        transcript.append("\(scheduler.now) \(what)")
    }

    func fail(_ oracle: FaultFailure.Oracle, _ message: String) {
        if failure == nil {
            failure = FaultFailure(
                oracle: oracle, message: message, transcript: transcript.suffix(25))
        }
    }

    /// Ends everything that still goes on.
    func tearDown() {
        scheduler.beforeJob = {}
        scheduler.resumeAll()
        for device in devices { stop(device) }
        kill(server)
        server = nil
        for link in links { link.breakNow() }
        scheduler.run(for: 120_000)
        scheduler.run(for: 1_000)
        for link in links { link.dispose() }
        links = []
    }
}

/// What a simulation found to be wrong.
struct FaultFailure: Error, CustomStringConvertible {
    /// What says so.
    enum Oracle: String {
        case durability, visibility, convergence, refusal, limits, privacy, liveness, loss, error
    }

    var oracle: Oracle
    var message: String
    var transcript: [String]

    init(oracle: Oracle, message: String, transcript: some Sequence<String>) {
        self.oracle = oracle
        self.message = message
        self.transcript = Array(transcript)
    }

    var description: String {
        "\(oracle.rawValue): \(message)\n" + transcript.joined(separator: "\n")
    }
}
