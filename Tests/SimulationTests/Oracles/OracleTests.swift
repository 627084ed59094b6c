import GlossCore
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
}
