/// A plan that was lived through.
struct FaultRun: Sendable {
    var failure: FaultFailure?
    var tally: FaultTally
    /// All that happened, as one number.
    var trace: UInt64
    var transcript: [String]

    /// Lives through a plan, on a thread of its own.
    static func of(_ plan: FaultPlan) async -> FaultRun {
        await SimulationThread.run {
            let world = World(plan.setting)
            return TaskHook.with(world.scheduler) { FaultRun(plan, world) }
        }
    }

    private init(_ plan: FaultPlan, _ world: World) {
        do {
            try world.setUp(plan.setting)
            for step in plan.steps where world.failure == nil { try world.perform(step) }
            if world.failure == nil { try world.end() }
        } catch {
            world.fail(.error, "\(error)")
        }
        failure = world.failure
        tally = world.tally
        trace = world.scheduler.trace
        transcript = world.transcript
        world.tearDown()
    }
}
