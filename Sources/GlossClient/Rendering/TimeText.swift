/// Times as text. All are milliseconds since 1970.
public enum TimeText {
    /// RFC 3339 in UTC, to the millisecond: `2026-03-04T13:02:11.123Z`.
    public static func rfc3339(_ time: Int) -> String {
        let parts = Parts(time, offset: 0)
        let millisecond = pad(parts.millisecond, 3)
        return "\(parts.date)T\(parts.clock):\(pad(parts.second)).\(millisecond)Z"
    }

    /// Date and time where the reader is: `2026-03-04 14:02`.
    ///
    /// - Parameter offset: seconds east of UTC.
    public static func absolute(_ time: Int, offset: Int) -> String {
        let parts = Parts(time, offset: offset)
        return "\(parts.date) \(parts.clock)"
    }

    /// As short as is clear: `now`, `5 min ago`, `14:02` today, `Tue 14:02` this week, `4 Mar`,
    /// and `4 Mar 2025` in another year.
    public static func relative(_ time: Int, now: Int, offset: Int) -> String {
        let parts = Parts(time, offset: offset)
        let today = Parts(now, offset: offset)
        let seconds = (now - time) / 1000
        if now >= time, seconds < 60 { return "now" }
        if now >= time, seconds < 3600 { return "\(seconds / 60) min ago" }
        if parts.day == today.day { return parts.clock }
        let month = Parts.months[parts.month - 1]
        if parts.day < today.day, today.day - parts.day < 7 {
            let weekday = Parts.weekdays[((parts.day % 7) + 7) % 7]
            return "\(weekday) \(parts.clock)"
        }
        return parts.year == today.year
            ? "\(parts.dayOfMonth) \(month)" : "\(parts.dayOfMonth) \(month) \(parts.year)"
    }

    /// A length of time in its largest unit: `40 s`, `5 min`, `3 h`, `2 days`.
    public static func duration(milliseconds: Int) -> String {
        let seconds = max(0, milliseconds) / 1000
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return "\(seconds / 60) min" }
        if seconds < 86_400 { return "\(seconds / 3600) h" }
        let days = seconds / 86_400
        return days == 1 ? "1 day" : "\(days) days"
    }

    fileprivate static func pad(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// A time taken apart.
private struct Parts {
    static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    /// From the weekday of the first of January 1970.
    static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let farthest = 253_402_300_799_999

    let day: Int
    let year: Int
    let month: Int
    let dayOfMonth: Int
    let hour: Int
    let minute: Int
    let second: Int
    let millisecond: Int

    /// Times beyond the year 9999 or before 1970 count as the nearest that is not.
    init(_ time: Int, offset: Int) {
        let local = min(max(time, 0), Parts.farthest) + offset * 1000
        let day = Int((Double(local) / 86_400_000).rounded(.down))
        let rest = local - day * 86_400_000
        self.day = day
        hour = rest / 3_600_000
        minute = rest / 60_000 % 60
        second = rest / 1000 % 60
        millisecond = rest % 1000
        // Days are counted from the first of March of the year 0, so that leap days come last.
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        dayOfMonth = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var date: String {
        "\(TimeText.pad(year, 4))-\(TimeText.pad(month))-\(TimeText.pad(dayOfMonth))"
    }
    var clock: String { "\(TimeText.pad(hour)):\(TimeText.pad(minute))" }
}
