import Testing

@testable import GlossClient

@Suite("Times that have been, as people write them")
struct PastTimeTests {
    /// Wednesday, 4 March 2026, 14:02:11.123 in UTC; 15:02 where the reader is.
    private let now = 1_772_632_931_123

    private func time(_ text: String) throws -> String {
        let range = try PastTime(text, now: now, offset: { _ in 3600 }).range
        return TimeText.rfc3339(range.lowerBound) + " " + TimeText.rfc3339(range.upperBound)
    }

    @Test(
        "A time is as long as what is written",
        arguments: [
            ("2026-03-03", "2026-03-02T23:00:00.000Z 2026-03-03T22:59:59.999Z"),
            ("2026-03-03 09:05", "2026-03-03T08:05:00.000Z 2026-03-03T08:05:59.999Z"),
            ("2026-03-03T09:05:07", "2026-03-03T08:05:07.000Z 2026-03-03T08:05:07.999Z"),
            ("2026-03-03T09:05:07.250Z", "2026-03-03T09:05:07.250Z 2026-03-03T09:05:07.250Z"),
            ("2026-03-03T09:05+02:00", "2026-03-03T07:05:00.000Z 2026-03-03T07:05:59.999Z"),
            ("today", "2026-03-03T23:00:00.000Z 2026-03-04T22:59:59.999Z"),
            ("yesterday", "2026-03-02T23:00:00.000Z 2026-03-03T22:59:59.999Z"),
            ("yesterday 14:02", "2026-03-03T13:02:00.000Z 2026-03-03T13:02:59.999Z"),
            ("14:02", "2026-03-04T13:02:00.000Z 2026-03-04T13:02:59.999Z"),
            ("Tue", "2026-03-02T23:00:00.000Z 2026-03-03T22:59:59.999Z"),
            ("tuesday 9:05", "2026-03-03T08:05:00.000Z 2026-03-03T08:05:59.999Z"),
            ("wed", "2026-02-24T23:00:00.000Z 2026-02-25T22:59:59.999Z"),
            ("4 Mar", "2026-03-03T23:00:00.000Z 2026-03-04T22:59:59.999Z"),
            ("28 Feb 2024", "2024-02-27T23:00:00.000Z 2024-02-28T22:59:59.999Z"),
            ("Feb 29, 2024", "2024-02-28T23:00:00.000Z 2024-02-29T22:59:59.999Z"),
            ("5 min ago", "2026-03-04T13:57:11.123Z 2026-03-04T13:57:11.123Z"),
            ("an hour ago", "2026-03-04T13:02:11.123Z 2026-03-04T13:02:11.123Z"),
            ("2d", "2026-03-02T14:02:11.123Z 2026-03-02T14:02:11.123Z"),
            ("3 weeks ago", "2026-02-11T14:02:11.123Z 2026-02-11T14:02:11.123Z"),
        ])
    func spellings(text: String, range: String) throws {
        #expect(try time(text) == range)
    }

    @Test("What is no time, or still to come, is refused")
    func refusals() {
        for text in [
            "", "xkq", "p3", "2026-02-29", "2026-13-01", "25:00", "12:60", "tomorrow", "5", "ago",
            "4 March of 2026", "5 fortnights ago", "2026-03-03T", "yesterday today",
        ] {
            #expect(throws: PastTime.Failure.malformed, "\(text)") { try time(text) }
        }
        for text in ["2026-03-05", "16:30", "5 Dec", "today 23:59"] {
            #expect(throws: PastTime.Failure.future, "\(text)") { try time(text) }
        }
    }

    @Test("What the log prints can be typed")
    func roundTrip() throws {
        for age in [90_000, 7_200_000, 40_000_000, 300_000_000, 4_000_000_000, 40_000_000_000] {
            let time = now - age
            let text = TimeText.relative(time, now: now, offset: 3600)
            let range = try PastTime(text, now: now, offset: { _ in 3600 }).range
            #expect(range.upperBound >= time && range.lowerBound - 60_000 <= time, "\(text)")
        }
    }
}
