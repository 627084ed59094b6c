import GlossCore

/// What the rows of a block have beside their bytes and hashes, as columns of a few bytes a row.
///
/// A first byte for the form; then who wrote (their number; for each the agent as 8 bytes and the
/// length and UTF-8 of the device's label); then for each row who wrote it, its count, and its time
/// of receipt less the row's before, zigzag. Numbers are LEB128. Positions, sequence numbers and
/// checksums follow from these and from the hashes; user and device from the agent.
struct BlockColumns {
    /// Who wrote a row, and what their device was called at the time.
    struct Writer: Hashable {
        var agent: AgentID
        var label: String
    }

    /// What a row has in the columns.
    struct Entry {
        var writer: Int
        var seq: Int
        var count: Int
        var receivedAt: Int
    }

    private static let form: UInt8 = 1

    private(set) var writers: [Writer] = []
    private(set) var entries: [Entry] = []
    private var indices: [Writer: Int] = [:]
    private var nextSeqs: [AgentID: Int] = [:]

    /// No rows.
    init() {}

    /// Adds a row behind the others; its number must continue its agent's.
    mutating func append(agent: AgentID, label: String, count: Int, receivedAt: Int) {
        let writer = Writer(agent: agent, label: label)
        let index = indices[writer] ?? writers.count
        if index == writers.count {
            indices[writer] = index
            writers.append(writer)
        }
        let seq = nextSeqs[agent] ?? 0
        entries.append(Entry(writer: index, seq: seq, count: count, receivedAt: receivedAt))
        nextSeqs[agent] = seq + count
    }

    /// The columns as bytes.
    var bytes: [UInt8] {
        var bytes = [Self.form]
        Self.append(UInt64(writers.count), to: &bytes)
        for writer in writers {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: writer.agent.rawValue >> UInt64(shift)))
            }
            Self.append(UInt64(writer.label.utf8.count), to: &bytes)
            bytes += writer.label.utf8
        }
        var time = 0
        for entry in entries {
            Self.append(UInt64(entry.writer), to: &bytes)
            Self.append(UInt64(entry.count), to: &bytes)
            let step = Int64(entry.receivedAt &- time)
            Self.append(UInt64(bitPattern: step << 1 ^ step >> 63), to: &bytes)
            time = entry.receivedAt
        }
        return bytes
    }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}

// MARK: Reading

extension BlockColumns {
    /// The columns that some bytes stand for; `nil` if they cannot be those of so many rows.
    init?(_ bytes: [UInt8], count: Int) {
        var rest = bytes[...]
        guard rest.popFirst() == Self.form, let writerCount = Self.number(&rest),
            writerCount <= rest.count
        else { return nil }
        for _ in 0..<writerCount {
            guard rest.count >= 8 else { return nil }
            let agent = AgentID(rawValue: rest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
            rest = rest.dropFirst(8)
            guard let length = Self.number(&rest), length <= rest.count,
                let label = String(validating: rest.prefix(length), as: UTF8.self)
            else { return nil }
            rest = rest.dropFirst(length)
            let writer = Writer(agent: agent, label: label)
            guard indices.updateValue(writers.count, forKey: writer) == nil else { return nil }
            writers.append(writer)
        }
        var time = 0
        for _ in 0..<count {
            guard let writer = Self.number(&rest), writer < writers.count,
                let width = Self.number(&rest), (1...OpID.limit).contains(width),
                let step = Self.word(&rest)
            else { return nil }
            let agent = writers[writer].agent
            let seq = nextSeqs[agent] ?? 0
            guard width <= OpID.limit - seq else { return nil }
            time &+= Int(truncatingIfNeeded: step >> 1) ^ -Int(truncatingIfNeeded: step & 1)
            entries.append(Entry(writer: writer, seq: seq, count: width, receivedAt: time))
            nextSeqs[agent] = seq + width
        }
        guard rest.isEmpty else { return nil }
    }

    private static func number(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        word(&bytes).flatMap { Int(exactly: $0) }
    }

    private static func word(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard let byte = bytes.popFirst() else { return nil }
            if shift == 63, byte > 1 { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }
}
