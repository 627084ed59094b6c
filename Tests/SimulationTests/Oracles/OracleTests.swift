import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage
import Testing

@testable import GlossClient

@Suite("What watches a simulation notices what is wrong")
struct OracleTests {
    /// What is found wrong with two people to whom something happens while all is well otherwise.
    private static func failure(
        _ happening: @escaping @Sendable (World) throws -> Void
    ) async -> FaultFailure? {
        await SimulationThread.run {
            let setting = FaultPlan.Setting(seed: 1, devices: 2, hasStranger: false)
            let world = World(setting)
            return TaskHook.with(world.scheduler) {
                do {
                    try world.setUp(setting)
                    try happening(world)
                    if world.failure == nil { try world.end() }
                } catch {
                    world.fail(.error, "\(error)")
                }
                world.tearDown()
                return world.failure
            }
        }
    }

    @Test("Where nothing is wrong it says nothing")
    func nothing() async {
        let failure = await Self.failure { world in
            try world.perform(.keep(device: 0, seed: 1))
            try world.perform(.act(device: 1, seed: 2))
        }
        #expect(failure == nil)
    }

    @Test("A private note that was never sent, and a library without it")
    func unsentNote() async {
        let failure = await Self.failure { world in
            let device = world.devices[0]
            let before = try device.person.library.rehearsal()
            try world.perform(.keep(device: 0, seed: 1))
            device.person.library = before
        }
        #expect(failure?.oracle == .loss)
    }

    @Test("A private note that another log has")
    func toldNote() async {
        let failure = await Self.failure { world in
            try world.perform(.keep(device: 0, seed: 1))
            let article = world.devices[0].person.article
            _ = try world.devices[1].person.library.annotate(
                article, at: nil, body: "for oneself 1", command: "note river")
        }
        #expect(failure?.oracle == .privacy)
    }

    // MARK: What acks say

    /// Has a device say something and a server answer, beside what they really say, about a change that
    /// is on the server.
    private static func failure(
        said: @escaping @Sendable (NewRow, DocumentID) -> ClientMessage,
        answered: @escaping @Sendable (NewRow, DocumentID) -> ServerMessage
    ) async -> FaultFailure? {
        await failure { world in
            try world.perform(.watch(device: 0))
            try world.perform(.keep(device: 0, seed: 1))
            world.pass(2_000)
            let person = world.devices[0].person
            let set = DocumentID.privateSet(of: person.article, for: person.name)
            guard let row = world.disk.logs[set]?.first, let link = world.devices[0].link else {
                throw Inequality("a private note goes to the server")
            }
            link.client.onWrite(said(row, set).encode() + [UInt8(ascii: "\n")])
            link.server.onWrite(answered(row, set).encode() + [UInt8(ascii: "\n")])
        }
    }

    private static let id = 100_000

    @Test("An ack of a change that was there before, with a time", arguments: [0, 1])
    func earlierTime(lateBy milliseconds: Int) async {
        let failure = await Self.failure { row, set in
            .push(Push(id: Self.id, parts: [PushPart(doc: set, changes: [row.change])]))
        } answered: { row, set in
            let time = row.receivedAt + milliseconds
            let part = AckPart(doc: set, positions: [1], earlierTimes: [1: time])
            return .ack(Ack(id: Self.id, parts: [part], time: row.receivedAt + 5_000))
        }
        #expect(failure?.oracle == (milliseconds == 0 ? nil : .convergence))
    }

    @Test("An ack of a change that was there before, without its time")
    func noEarlierTime() async {
        let failure = await Self.failure { row, set in
            .push(Push(id: Self.id, parts: [PushPart(doc: set, changes: [row.change])]))
        } answered: { row, set in
            let part = AckPart(doc: set, positions: [1])
            return .ack(Ack(id: Self.id, parts: [part], time: row.receivedAt + 5_000))
        }
        #expect(failure?.oracle == .convergence)
    }

    @Test(
        "An ack that leaves out what there is a place for",
        arguments: [ErrorCode.agentFork, .missingDependency, .tooLarge])
    func leftOut(code: ErrorCode) async throws {
        let digest = try #require(SHA256Digest(Array(repeating: 1, count: 32)))
        let failure = await Self.failure { row, set in
            let stretch = SignedStretch(
                doc: set, log: 1, from: 1, chain: digest, at: 1,
                signature: Array(repeating: 1, count: 64))
            let given = GivenRow(
                user: row.user, device: row.deviceLabel, time: row.receivedAt, change: row.change)
            return .give(Give(id: Self.id, stretch: stretch, rows: [given]))
        } answered: { row, set in
            let left = LeftOut(
                change: OpID(agent: row.agent, seq: row.seq), code: code, message: "no place")
            let part = AckPart(doc: set, positions: [], leftOut: [left])
            return .ack(Ack(id: Self.id, parts: [part], time: row.receivedAt))
        }
        #expect(failure?.oracle == .refusal)
    }
}

extension NewRow {
    fileprivate var change: RawChange { RawChange(bytes: bytes) }
}
