/// A time that has been, as people write it: `2026-03-04 14:02`, `yesterday`, `Tue 14:02`,
/// `4 Mar`, `14:02`, `2 hours ago`, or RFC 3339 as JSON has it.
///
/// It is as long as what was written says: a day, a minute, a moment. Dates and times are those of
/// the reader unless they name a zone.
public struct PastTime: Hashable, Sendable {
    /// Why a text is no such time.
    public enum Failure: Error, Hashable, Sendable {
        /// It is none of the spellings.
        case malformed
        /// It is still to come.
        case future
    }

    /// The spellings, for advice.
    public static let examples = ["yesterday", "\"2 hours ago\"", "\"2026-03-04 14:02\""]

    /// From its first millisecond to its last, since 1970.
    public let range: ClosedRange<Int>

    /// Reads a time.
    ///
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - offset: the reader's seconds east of UTC at a time in milliseconds since 1970.
    public init(_ text: String, now: Int, offset: (Int) -> Int) throws(Failure) {
        let range = withoutActuallyEscaping(offset) { offset in
            PastTimeParser(now: now, offset: offset).range(of: text)
        }
        guard let range else { throw .malformed }
        guard range.lowerBound <= now else { throw .future }
        self.range = range
    }
}

/// Reads times; all local times are milliseconds since 1970 as if there were no zones.
private struct PastTimeParser {
    let now: Int
    let offset: (Int) -> Int

    private static let day = 86_400_000

    func range(of text: String) -> ClosedRange<Int>? {
        var words = text.lowercased().split { $0 == " " || $0 == "," }.map(String.init)
        words.removeAll { ["on", "at", "last"].contains($0) }
        if words == ["now"] { return now...Int.max }
        if let age = PastTimeParser.age(words) {
            guard age <= now else { return nil }
            return now - age...now - age
        }
        if words.count == 1, let cut = words[0].firstIndex(of: "t"), cut > words[0].startIndex,
            words[0][words[0].index(before: cut)].isNumber
        {
            words = [String(words[0][..<cut]), String(words[0][words[0].index(after: cut)...])]
        }
        var clock: ClockTime?
        if let index = words.firstIndex(where: { $0.contains(":") }) {
            guard let time = ClockTime(words.remove(at: index)) else { return nil }
            clock = time
        }
        let today = TimeParts(now, offset: offset(now))
        guard let day = words.isEmpty && clock != nil ? today.day : date(words, today: today) else {
            return nil
        }
        let start = day * PastTimeParser.day + (clock?.milliseconds ?? 0)
        let length = clock?.length ?? PastTimeParser.day
        if let zone = clock?.zone { return start - zone * 1000...start + length - 1 - zone * 1000 }
        let first = universal(start)
        return first...max(first, universal(start + length) - 1)
    }

    /// The time that a reader's clock shows so.
    private func universal(_ local: Int) -> Int {
        let near = local - offset(local) * 1000
        return local - offset(near) * 1000
    }

    /// `2 hours ago`, `an hour ago`, `3d`: how long, in milliseconds.
    private static func age(_ words: [String]) -> Int? {
        var words = words
        let isAgo = words.last == "ago"
        if isAgo { words.removeLast() }
        if words.count == 1, let cut = words[0].firstIndex(where: { !$0.isASCIIDigit }),
            cut > words[0].startIndex
        {
            words = [String(words[0][..<cut]), String(words[0][cut...])]
        } else if !isAgo {
            return nil
        }
        guard words.count == 2 else { return nil }
        let isOne = ["a", "an", "one"].contains(words[0])
        guard let count = isOne ? 1 : number(words[0], digits: 1...6) else { return nil }
        let unit: Int? =
            switch words[1] {
            case "s", "sec", "secs", "second", "seconds": 1_000
            case "m", "min", "mins", "minute", "minutes": 60_000
            case "h", "hr", "hrs", "hour", "hours": 3_600_000
            case "d", "day", "days": day
            case "w", "week", "weeks": 7 * day
            default: nil
            }
        return unit.map { $0 * count }
    }

    /// `today`, `tue`, `2026-03-04`, `4 mar`, `mar 4 2026`: days since 1970.
    private func date(_ words: [String], today: TimeParts) -> Int? {
        if words.count == 1 {
            switch words[0] {
            case "today": return today.day
            case "yesterday": return today.day - 1
            default: break
            }
            if let weekday = PastTimeParser.index(
                of: words[0], in: TimeParts.weekdays,
                full: [
                    "thursday", "friday", "saturday", "sunday", "monday", "tuesday", "wednesday",
                ])
            {
                let days = (today.day - weekday) % 7
                return today.day - (days == 0 ? 7 : days)
            }
            let parts = words[0].split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 3, let year = PastTimeParser.number(parts[0], digits: 4...4),
                let month = PastTimeParser.number(parts[1], digits: 1...2),
                let dayOfMonth = PastTimeParser.number(parts[2], digits: 1...2)
            else { return nil }
            return TimeParts.day(year: year, month: month, dayOfMonth: dayOfMonth)
        }
        guard (2...3).contains(words.count) else { return nil }
        let isMonthFirst = PastTimeParser.number(words[0], digits: 1...2) == nil
        guard let month = PastTimeParser.month(words[isMonthFirst ? 0 : 1]),
            let dayOfMonth = PastTimeParser.number(words[isMonthFirst ? 1 : 0], digits: 1...2)
        else { return nil }
        guard words.count == 3 else {
            return TimeParts.day(year: today.year, month: month, dayOfMonth: dayOfMonth)
        }
        return PastTimeParser.number(words[2], digits: 4...4).flatMap {
            TimeParts.day(year: $0, month: month, dayOfMonth: dayOfMonth)
        }
    }

    private static func month(_ word: String) -> Int? {
        index(
            of: word, in: TimeParts.months,
            full: [
                "january", "february", "march", "april", "may", "june", "july", "august",
                "september",
                "october", "november", "december",
            ]
        ).map { $0 + 1 }
    }

    private static func index(of word: String, in short: [String], full: [String]) -> Int? {
        full.firstIndex(of: word) ?? short.firstIndex { $0.lowercased() == word }
    }

    fileprivate static func number(_ text: some StringProtocol, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.allSatisfy(\.isASCIIDigit) else { return nil }
        return Int(text)
    }
}

/// `14:02`, `14:02:11`, `14:02:11.123`, with `Z` or `+01:00` behind it or nothing.
private struct ClockTime {
    /// Since midnight.
    var milliseconds = 0
    /// How long what was written lasts, in milliseconds.
    var length = 60_000
    /// Seconds east of UTC, if it says so.
    var zone: Int?

    init?(_ text: String) {
        var clock = text[...]
        if clock.hasSuffix("z") {
            zone = 0
            clock = clock.dropLast()
        } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            guard let minutes = ClockTime.minutes(clock[clock.index(after: sign)...]) else {
                return nil
            }
            zone = (clock[sign] == "-" ? -60 : 60) * minutes
            clock = clock[..<sign]
        }
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count),
            let minutes = ClockTime.minutes(parts[0...1].joined(separator: ":"))
        else { return nil }
        milliseconds = minutes * 60_000
        guard parts.count == 3 else { return }
        let seconds = parts[2].split(separator: ".", omittingEmptySubsequences: false)
        guard seconds.count <= 2,
            let second = PastTimeParser.number(seconds[0], digits: 2...2), second < 60
        else { return nil }
        milliseconds += second * 1000
        length = 1000
        guard seconds.count == 2 else { return }
        guard let millisecond = PastTimeParser.number(seconds[1], digits: 3...3) else { return nil }
        milliseconds += millisecond
        length = 1
    }

    private static func minutes(_ text: some StringProtocol) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hour = PastTimeParser.number(parts[0], digits: 1...2),
            let minute = PastTimeParser.number(parts[1], digits: 2...2), hour < 24, minute < 60
        else { return nil }
        return hour * 60 + minute
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
