import GlossProtocol
import GlossStorage

/// The end of a log, as those who follow it are told; bounded in rows and bytes.
struct RecentRows {
    static let countLimit = 64
    static let byteLimit = 32_768

    private var rows: [(change: CommittedChange, sum: Checksum)] = []
    private var byteCount = 0

    mutating func append(_ row: LogRow) {
        rows.append((CommittedChange(row), Checksum(rawValue: row.sum)))
        byteCount += row.bytes.count
        guard rows.count > 2 * Self.countLimit || byteCount > 2 * Self.byteLimit else { return }
        var dropped = 0
        while rows.count - dropped > Self.countLimit || byteCount > Self.byteLimit,
            dropped < rows.count
        {
            byteCount -= rows[dropped].change.change.bytes.count
            dropped += 1
        }
        rows.removeFirst(dropped)
    }

    /// The rows behind a position, at least one if there is one, and the running checksum at the last
    /// of them; `nil` if they are not all here.
    func rows(
        after position: Int, maxBytes: Int
    ) -> (rows: [CommittedChange], sum: Checksum?)? {
        guard let first = rows.first?.change.at, position + 1 >= first else { return nil }
        var found: [CommittedChange] = []
        var sum: Checksum?
        var bytes = 0
        for row in rows.dropFirst(position + 1 - first) {
            bytes += row.change.change.bytes.count
            guard found.isEmpty || bytes <= maxBytes else { break }
            found.append(row.change)
            sum = row.sum
        }
        return (found, sum)
    }
}

extension CommittedChange {
    /// A row as the store has it.
    init(_ row: LogRow) {
        self.init(
            at: row.position, user: row.user, device: row.deviceLabel, time: row.receivedAt,
            change: RawChange(bytes: row.bytes))
    }
}
