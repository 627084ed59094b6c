/// Where changes begin, when they were made and what their authors had to say.
///
/// Consecutive changes of one width and one time, without messages, take one row together, so that
/// typing costs no memory here. Versions count from 0 and every one of them belongs to a change.
struct ChangeTable: ~Copyable {
    /// Consecutive changes that differ only in place.
    struct Row: BitwiseCopyable {
        /// The local version of the first one's first operation.
        var firstVersion: UInt32
        /// The index of the first one.
        var firstIndex: UInt32
        /// How many operations each of them has.
        var width: UInt32
        /// The index of its message, or ``none``. A change with a message has a row of its own.
        var message: UInt32
        /// When they were made.
        var time: Int
    }

    /// Stands for no message.
    static let none = UInt32.max

    private var rows = Slab<Row>()
    private var messages: [String] = []
    /// How many changes there are.
    private(set) var count = 0
    /// How many local versions they take.
    private(set) var versionCount = 0

    /// The width of a change that would join the last row; 0 if none can.
    private var openWidth = 0
    /// The time of a change that would join the last row.
    private var openTime = 0

    /// How many rows there are.
    var rowCount: Int { rows.count }

    /// How many bytes it has taken from the system; of the messages, their text.
    var byteCount: Int {
        messages.reduce(rows.byteCount + messages.capacity * MemoryLayout<String>.stride) {
            $0 + $1.utf8.count
        }
    }

    /// A table of its own with the same content. O(n) in rows.
    borrowing func copy() -> ChangeTable {
        var copy = ChangeTable()
        copy.rows = rows.copy()
        copy.messages = messages
        copy.count = count
        copy.versionCount = versionCount
        copy.openWidth = openWidth
        copy.openTime = openTime
        return copy
    }

    /// Gives the room back that no row takes. O(n) in rows.
    mutating func shrink() { rows.shrink() }

    /// Adds a change without a message. O(1), amortised where it takes a row.
    @inline(__always)
    mutating func append(width: Int, time: Int) {
        assert(width > 0, "a change is not empty")
        if width != openWidth || time != openTime {
            appendRow(width: width, time: time, message: ChangeTable.none)
        }
        count += 1
        versionCount += width
    }

    /// Adds changes of one width and one time, without messages. O(1), amortised as above.
    mutating func append(_ added: Int, ofWidth width: Int, time: Int) {
        append(width: width, time: time)
        count += added - 1
        versionCount += (added - 1) * width
    }

    /// Adds a change. O(1), amortised where it takes a row.
    @inline(__always)
    mutating func append(width: Int, time: Int, message: String?) {
        guard let message else { return append(width: width, time: time) }
        assert(width > 0, "a change is not empty")
        appendRow(width: width, time: time, message: UInt32(messages.count))
        messages.append(message)
        count += 1
        versionCount += width
    }

    @inline(__always)
    private mutating func appendRow(width: Int, time: Int, message: UInt32) {
        rows.append(
            Row(
                firstVersion: UInt32(truncatingIfNeeded: versionCount),
                firstIndex: UInt32(truncatingIfNeeded: count),
                width: UInt32(truncatingIfNeeded: width), message: message, time: time))
        openWidth = message == ChangeTable.none ? width : 0
        openTime = time
    }

    private mutating func openLastRow() {
        openWidth = 0
        if rows.count > 0, rows[rows.count - 1].message == ChangeTable.none {
            openWidth = Int(rows[rows.count - 1].width)
            openTime = rows[rows.count - 1].time
        }
    }

    /// Takes the last change back. O(1).
    mutating func removeLast() {
        precondition(count > 0, "there is a change to take back")
        let row = rows[rows.count - 1]
        count -= 1
        versionCount -= Int(row.width)
        if Int(row.firstIndex) == count {
            rows.truncate(to: rows.count - 1)
            if row.message != ChangeTable.none { messages.removeLast() }
            openLastRow()
        }
    }

    /// The index of the change that holds a local version. O(1) in the last row, else O(log r) in
    /// rows.
    func index(of version: Int) -> Int {
        let row = rows[rowIndex(of: version)]
        let offset = UInt32(truncatingIfNeeded: version) - row.firstVersion
        return Int(row.firstIndex) + Int(row.width == 1 ? offset : offset / row.width)
    }

    /// The row that holds a local version. O(1) for the last row, else O(log r) in rows.
    private func rowIndex(of version: Int) -> Int {
        assert(version >= 0 && version < versionCount, "the version is in the table")
        var low = rows.count - 1
        if Int(rows[low].firstVersion) > version {
            low = 0
            var length = rows.count
            while length > 1 {
                let half = length / 2
                if Int(rows[low + half].firstVersion) <= version { low += half }
                length -= half
            }
        }
        return low
    }

    /// The row that holds a change. O(1) for the last row, else O(log r) in rows.
    private func row(of index: Int) -> Row {
        precondition(index >= 0 && index < count, "the change is in the table")
        var low = rows.count - 1
        if Int(rows[low].firstIndex) > index {
            low = 0
            var length = rows.count
            while length > 1 {
                let half = length / 2
                if Int(rows[low + half].firstIndex) <= index { low += half }
                length -= half
            }
        }
        return rows[low]
    }

    /// The local versions of a change's operations. O(1) in the last row, else O(log r) in rows.
    func versions(of index: Int) -> Range<Int> {
        let row = row(of: index)
        let start = Int(row.firstVersion) + (index - Int(row.firstIndex)) * Int(row.width)
        return start..<start + Int(row.width)
    }

    /// When a change was made. O(1) in the last row, else O(log r) in rows.
    func time(of index: Int) -> Int { row(of: index).time }

    /// What a change's author had to say about it. O(1) in the last row, else O(log r) in rows.
    func message(of index: Int) -> String? {
        let message = row(of: index).message
        return message == ChangeTable.none ? nil : messages[Int(message)]
    }

    /// Goes through the rows: how many changes each has, of which width, time and message. O(r).
    func forEachRow(_ body: (_ count: Int, _ width: Int, _ time: Int, _ message: String?) -> Void) {
        for index in 0..<rows.count {
            let row = rows[index]
            let end = index + 1 < rows.count ? Int(rows[index + 1].firstIndex) : count
            let message = row.message == ChangeTable.none ? nil : messages[Int(row.message)]
            body(end - Int(row.firstIndex), Int(row.width), row.time, message)
        }
    }

    /// Whether a change begins at a local version, or could at the end. O(log r) in rows.
    func isStart(_ version: Int) -> Bool {
        if version == versionCount { return true }
        let row = rows[rowIndex(of: version)]
        return row.width == 1 || (version - Int(row.firstVersion)) % Int(row.width) == 0
    }

    /// Stops the program unless the rows follow each other without gap and as few as can be. O(n).
    func checkInvariants() {
        var version = 0
        var index = 0
        var messageCount = 0
        for place in 0..<rows.count {
            let row = rows[place]
            let end = place + 1 < rows.count ? Int(rows[place + 1].firstIndex) : count
            precondition(Int(row.firstVersion) == version, "a row begins where the last ends")
            precondition(Int(row.firstIndex) == index, "rows count every change")
            precondition(row.width > 0 && end > index, "a row has a change that is not empty")
            if row.message != ChangeTable.none {
                precondition(Int(row.message) == messageCount, "messages come in order")
                precondition(end == index + 1, "a change with a message has its own row")
                messageCount += 1
            } else if place > 0 {
                let before = rows[place - 1]
                let isAlike = before.width == row.width && before.time == row.time
                precondition(
                    !isAlike || before.message != ChangeTable.none, "like changes share a row")
            }
            version += (end - index) * Int(row.width)
            index = end
        }
        precondition(index == count && version == versionCount, "the rows hold all changes")
        precondition(messageCount == messages.count, "every message is a change's")
    }
}
