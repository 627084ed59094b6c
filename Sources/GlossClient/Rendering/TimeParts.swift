/// A time taken apart.
struct TimeParts {
    static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    /// From the weekday of the first of January 1970.
    static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let farthest = 253_402_300_799_999

    /// Days since the first of January 1970.
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
        let local = min(max(time, 0), TimeParts.farthest) + offset * 1000
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

    /// The days from the first of January 1970 to a date; `nil` if there is no such date.
    static func day(year: Int, month: Int, dayOfMonth: Int) -> Int? {
        guard (1970...9999).contains(year), (1...12).contains(month), dayOfMonth >= 1 else {
            return nil
        }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + dayOfMonth - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let day = era * 146_097 + dayOfEra - 719_468
        let found = TimeParts(day * 86_400_000, offset: 0)
        return found.month == month && found.dayOfMonth == dayOfMonth ? day : nil
    }

    var date: String {
        "\(TimeText.pad(year, 4))-\(TimeText.pad(month))-\(TimeText.pad(dayOfMonth))"
    }
    var clock: String { "\(TimeText.pad(hour)):\(TimeText.pad(minute))" }
}
