import GlossCore
import TestSupport

/// When each of some people does something in a week, and when they are connected.
struct WeekPlan {
    /// What happens at a minute.
    struct Event {
        var minute: Int
        var person: Int
        var what: What
    }

    /// What happens.
    enum What: Hashable {
        case act
        case sync
        /// The server gives the person another role.
        case role(Role)
    }

    /// In the order of time.
    let events: [Event]

    init(people: Int, days: Int, using random: inout SeededRandom) {
        let minutes = days * 24 * 60
        var events: [Event] = []
        for person in 0..<people {
            var minute = random.below(600)
            var isConnected = random.chance(0.5)
            while minute < minutes {
                // Connected for some hours, away for hours to two days.
                let span = isConnected ? 60 + random.below(480) : 180 + random.below(2_400)
                let end = min(minutes, minute + span)
                if isConnected {
                    for at in stride(from: minute, to: end, by: 120 + random.below(240)) {
                        events.append(Event(minute: at, person: person, what: .sync))
                    }
                }
                var at = minute
                while true {
                    at += 40 + random.below(isConnected ? 160 : 320)
                    if at >= end { break }
                    events.append(Event(minute: at, person: person, what: .act))
                }
                minute = end
                isConnected.toggle()
            }
        }
        if random.chance(0.5) {
            // The second of them is no editor for a while.
            let start = random.below(minutes / 2)
            let end = min(minutes - 1, start + 600 + random.below(2_000))
            events.append(Event(minute: start, person: 1, what: .role(.reviewer)))
            events.append(Event(minute: end, person: 1, what: .role(.editor)))
        }
        let order = events.enumerated().sorted {
            ($0.element.minute, $0.offset) < ($1.element.minute, $1.offset)
        }
        self.events = order.map(\.element)
    }
}
