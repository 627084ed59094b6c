/// Times as text. All are milliseconds since 1970.
public enum TimeText {
    /// RFC 3339 in UTC, to the millisecond: `2026-03-04T13:02:11.123Z`.
    public static func rfc3339(_ time: Int) -> String {
        let parts = TimeParts(time, offset: 0)
        let millisecond = pad(parts.millisecond, 3)
        return "\(parts.date)T\(parts.clock):\(pad(parts.second)).\(millisecond)Z"
    }

    /// Date and time where the reader is: `2026-03-04 14:02`.
    ///
    /// - Parameter offset: seconds east of UTC.
    public static func absolute(_ time: Int, offset: Int) -> String {
        let parts = TimeParts(time, offset: offset)
        return "\(parts.date) \(parts.clock)"
    }

    /// As short as is clear: `now`, `5 min ago`, `14:02` today, `Tue 14:02` this week, `4 Mar`,
    /// and `4 Mar 2025` in another year.
    public static func relative(_ time: Int, now: Int, offset: Int) -> String {
        let parts = TimeParts(time, offset: offset)
        let today = TimeParts(now, offset: offset)
        let seconds = (now - time) / 1000
        if now >= time, seconds < 60 { return "now" }
        if now >= time, seconds < 3600 { return "\(seconds / 60) min ago" }
        if parts.day == today.day { return parts.clock }
        let month = TimeParts.months[parts.month - 1]
        if parts.day < today.day, today.day - parts.day < 7 {
            let weekday = TimeParts.weekdays[((parts.day % 7) + 7) % 7]
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

    static func pad(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
