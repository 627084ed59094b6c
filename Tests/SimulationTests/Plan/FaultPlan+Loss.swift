import GlossCore
import TestSupport

extension FaultPlan {
    /// Several build on one another's work, the server loses that, and before all have come back, one
    /// may not write any more, or goes on as a copy, or goes on without the rest.
    static func loss(among devices: Int, _ random: inout SeededRandom) -> [FaultStep] {
        var all = Array(0..<devices)
        var steps: [FaultStep] = [.backUp]
        if random.chance(0.3) {
            steps.append(.copy(device: random.below(devices)))
            all.append(devices)
        }
        for device in all where random.chance(0.9) { steps.append(.watch(device: device)) }
        steps.append(.pass(milliseconds: 400))
        steps += chain(all, length: 2 + random.below(5), &random)
        // Who leaves has something of their own on top, that nobody has seen.
        if random.chance(0.5) {
            let device = all[random.below(all.count)]
            steps += [.leave(device: device), .build(device: device, seed: random.next())]
        }
        let share = random.chance(0.6) ? 1 : 0.5
        let away = all.filter { _ in random.chance(share) }
        steps += away.map { .leave(device: $0) }
        // It is there again before who is still there has come back.
        steps += [.restore(isByHand: random.chance(0.2)), .pass(milliseconds: 301)]
        for _ in 0..<1 + random.below(3) {
            steps += meanwhile(all[random.below(all.count)], &random)
        }
        for device in away.shuffled(using: &random) {
            steps += [.watch(device: device), .pass(milliseconds: 1 << random.below(11))]
            if random.chance(0.2) { steps += meanwhile(device, &random) }
        }
        if random.chance(0.5) { steps += chain(all, length: 1 + random.below(3), &random) }
        return steps
    }

    /// One after the other does something to what the others wrote, and most often has seen it.
    private static func chain(
        _ devices: [Int], length: Int, _ random: inout SeededRandom
    ) -> [FaultStep] {
        (0..<length).flatMap { _ -> [FaultStep] in
            let device = devices[random.below(devices.count)]
            let isSeen = random.chance(0.8)
            return [
                .build(device: device, seed: random.next()),
                .pass(milliseconds: isSeen ? 150 + random.below(150) : 1),
            ]
        }
    }

    /// What happens before all that was lost is back.
    private static func meanwhile(
        _ device: Int, _ random: inout SeededRandom
    ) -> [FaultStep] {
        let roles: [Role?] = [.reader, .reviewer, .reviewer, .editor, nil]
        let role = roles[random.below(roles.count)]?.rawValue
        switch random.below(9) {
        case 0..<3: return [.role(device: device, role: role)]
        case 3: return [.articleRole(device: device, role: role ?? "none")]
        case 4:
            return [
                .copy(device: device), .build(device: device, seed: random.next()),
                .sync(device: device),
            ]
        case 5: return [.leaveOut(device: device), .pass(milliseconds: 300)]
        case 6: return [.build(device: device, seed: random.next()), .watch(device: device)]
        case 7:
            return [
                .watch(device: device), .kill(device: device, jobs: random.below(60)),
                .pass(milliseconds: 100),
            ]
        default: return [.restore(isByHand: random.chance(0.2))]
        }
    }
}
