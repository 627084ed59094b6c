import GlossCore
import TestSupport

extension FaultPlan {
    /// What goes wrong most in a plan.
    enum Theme: String, CaseIterable {
        case network
        case disk
        case crashes
        case restores
        case losses
        case access
        case copies
        case slowness
        case mixed
    }

    /// The plan of a seed; what goes wrong most in it follows from that, too, if it is not given.
    init(seed: UInt64, theme: Theme? = nil) {
        var random = SeededRandom(seed: seed)
        let usual = Theme.allCases[random.below(Theme.allCases.count)]
        let theme = theme ?? usual
        setting = Setting(
            seed: random.next(), devices: 2 + random.below(4), hasStranger: random.chance(0.3))
        steps = []
        for device in 0..<setting.devices where random.chance(0.7) {
            steps.append(.watch(device: device))
        }
        let length = 12 + random.below(14)
        for _ in 0..<length {
            let device = random.below(setting.devices + 1)
            switch random.below(10) {
            case 0..<5:
                let seed = random.next()
                let isPrivate = random.chance(0.15)
                steps.append(
                    isPrivate
                        ? .keep(device: device, seed: seed) : .act(device: device, seed: seed))
            case 5:
                let isOnce = random.chance(0.5)
                steps.append(isOnce ? .sync(device: device) : .watch(device: device))
            case 6: steps.append(.pass(milliseconds: Self.time(&random)))
            case 7..<9:
                // One such takes many steps.
                if theme == .losses, steps.count > 45 { continue }
                steps += Self.fault(theme, device, among: setting.devices, &random)
            default:
                steps.append(
                    random.chance(0.3)
                        ? .quiet
                        : random.chance(0.5)
                            ? .leave(device: device) : .act(device: device, seed: random.next()))
            }
        }
    }

    /// Milliseconds: most often few.
    private static func time(_ random: inout SeededRandom) -> Int {
        1 << random.below(13)
    }

    private static func fault(
        _ theme: Theme, _ device: Int, among devices: Int, _ random: inout SeededRandom
    ) -> [FaultStep] {
        switch random.chance(0.75) ? theme : Theme.allCases[random.below(Theme.allCases.count)] {
        case .network, .mixed: return [network(device, &random)]
        case .disk:
            // With something to write.
            let fault = DiskFault.allCases[random.below(DiskFault.allCases.count)]
            return [
                .disk(fault: fault), .act(device: device, seed: random.next()),
                .watch(device: device),
            ]
        case .crashes:
            if random.chance(0.25) {
                return [
                    .watch(device: device), .act(device: device, seed: random.next()),
                    .drain(grace: time(&random), milliseconds: time(&random)),
                ]
            }
            let isClient = random.chance(0.5)
            let step: FaultStep =
                isClient
                ? .kill(device: device, jobs: random.below(80))
                : .crash(
                    jobs: random.below(120), isSilent: random.chance(0.3),
                    milliseconds: time(&random))
            return [.act(device: device, seed: random.next()), .watch(device: device), step]
        case .restores:
            let isCopy = random.chance(0.4)
            return [isCopy ? .backUp : .restore(isByHand: random.chance(0.5))]
        case .losses: return loss(among: devices, &random)
        case .access:
            if random.chance(0.2) { return [.watch(device: device), .revoke(device: device)] }
            if random.chance(0.4) { return articleRole(device, &random) }
            let roles: [Role?] = [.reader, .reviewer, .editor, .owner, nil, nil]
            return [
                .role(device: device, role: roles[random.below(roles.count)]?.rawValue),
                .act(device: device, seed: random.next()),
            ]
        case .copies:
            return random.chance(0.3)
                ? [.copy(device: device)]
                : [clock(device, &random)]
        case .slowness:
            return random.chance(0.4)
                ? flood(&random) : [.haltServer(milliseconds: time(&random) * 4)]
        }
    }

    /// Somebody's article is hidden, or they may do more or less with it, for a while.
    private static func articleRole(
        _ device: Int, _ random: inout SeededRandom
    ) -> [FaultStep] {
        let roles = ["none", "none", "default", "reader", "reviewer", "editor"]
        return [
            .watch(device: device),
            .articleRole(device: device, role: roles[random.below(roles.count)]),
            .act(device: device, seed: random.next()),
            .pass(milliseconds: time(&random)),
            .articleRole(device: device, role: roles[random.below(roles.count)]),
        ]
    }

    /// Somebody stops reading while somebody else writes much.
    private static func flood(_ random: inout SeededRandom) -> [FaultStep] {
        let (reader, writer) = random.chance(0.5) ? (0, 1) : (1, 0)
        let isLong = random.chance(0.5)
        return [
            .watch(device: reader), .watch(device: writer), .pass(milliseconds: 600),
            .halt(device: reader, milliseconds: isLong ? 90_000 : 8_000),
            .flood(device: writer, seed: random.next()),
            .pass(milliseconds: isLong ? 70_000 : 9_000),
        ]
    }

    private static func clock(_ device: Int, _ random: inout SeededRandom) -> FaultStep {
        let day = 86_400_000
        let milliseconds = random.below(4 * day) - 2 * day
        return random.chance(0.5)
            ? .setClock(device: device, milliseconds: milliseconds)
            : .setServerClock(milliseconds: milliseconds)
    }

    private static func network(_ device: Int, _ random: inout SeededRandom) -> FaultStep {
        switch random.below(3) {
        case 0:
            let isLong = random.chance(0.15)
            return .hold(device: device, milliseconds: isLong ? 70_000 : time(&random))
        default:
            return .cut(
                device: device, bytes: random.below(1_200), isUp: random.chance(0.5),
                notice: Link.Notice.allCases[random.below(Link.Notice.allCases.count)])
        }
    }
}
