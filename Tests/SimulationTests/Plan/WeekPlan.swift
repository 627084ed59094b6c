import TestSupport

/// When each of some people does something in a week, and when they are connected.
struct WeekPlan {
    /// What happens at a minute.
    struct Event {
        var minute: Int
        var person: Int
        var isSync: Bool
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
                        events.append(Event(minute: at, person: person, isSync: true))
                    }
                }
                var at = minute
                while true {
                    at += 40 + random.below(isConnected ? 160 : 320)
                    if at >= end { break }
                    events.append(Event(minute: at, person: person, isSync: false))
                }
                minute = end
                isConnected.toggle()
            }
        }
        self.events = events.sorted {
            ($0.minute, $0.person, $0.isSync ? 0 : 1) < ($1.minute, $1.person, $1.isSync ? 0 : 1)
        }
    }
}
